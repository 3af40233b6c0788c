import { expect, test } from "bun:test";
import type { Price } from "../../catalog/price.ts";
import { chargeFor } from "./charge.ts";
import { estimateUsage, readUsage } from "./usage.ts";

const price: Price = {
  version: "test:1",
  promptNanoPerMillion: 500_000_000n,
  completionNanoPerMillion: 1_500_000_000n,
  cachedPromptNanoPerMillion: null,
  tiers: [],
};

test("reported tokens are read with their details", () => {
  const usage = readUsage({
    prompt_tokens: 10,
    completion_tokens: 7,
    total_tokens: 17,
    prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 3, audio_tokens: 2 },
    completion_tokens_details: { reasoning_tokens: 3, image_tokens: 1 },
  });
  expect(usage).toMatchObject({
    promptTokens: 10,
    completionTokens: 7,
    cachedTokens: 4,
    cacheWriteTokens: 3,
    cacheWrite1hTokens: 0,
    audioPromptTokens: 2,
    reasoningTokens: 3,
    imageCompletionTokens: 1,
    estimated: false,
  });
});

test("negative, fractional, absurd and missing counts are no usage at all", () => {
  for (const bad of [-1, 1.5, 1e300, "7", null, undefined, 2_000_000_000]) {
    expect(readUsage({ prompt_tokens: 1, completion_tokens: bad as never })).toBeUndefined();
  }
  expect(readUsage(null)).toBeUndefined();
  expect(readUsage([])).toBeUndefined();
});

test("details never exceed what they are part of", () => {
  const usage = readUsage({ prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 900 } });
  expect(usage?.cachedTokens).toBe(5);
});

test("an unknown price is unknown, not zero", () => {
  expect(chargeFor(estimateUsage(40, 40), null, false)).toEqual({ costNano: null, priceVersion: null });
});

test("a charge names the price it was made with", () => {
  expect(chargeFor(estimateUsage(40, 40), price, false)).toEqual({
    costNano: 20_000n,
    priceVersion: "test:1",
    promptNano: 5_000n,
  });
});

test("a provider's own figure is taken only where it is trusted, and rounds up", () => {
  const usage = readUsage({ prompt_tokens: 1, completion_tokens: 1, cost: 0.00000012345678 });
  if (!usage) throw new Error("no usage");
  expect(chargeFor(usage, price, true)).toEqual({ costNano: 124n, priceVersion: "reported" });
  expect(chargeFor(usage, price, false).priceVersion).toBe("test:1");
});
