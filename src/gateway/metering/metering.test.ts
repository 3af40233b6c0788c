import { expect, test } from "bun:test";
import type { Price } from "../../catalog/price.ts";
import { priceRecordOf } from "../../catalog/price-record.ts";
import { cacheDiscount, chargeFor, upstreamCost } from "./charge.ts";
import { estimateUsage, readUsage } from "./usage.ts";

const price: Price = {
  version: "test:1",
  promptNanoPerMillion: 500_000_000n,
  completionNanoPerMillion: 1_500_000_000n,
  cachedPromptNanoPerMillion: null,
  overrides: [],
};
const BY = { price, trustReported: false, atMs: Date.UTC(2026, 10, 25) };

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
  expect(chargeFor(estimateUsage(40, 40), { ...BY, price: null })).toEqual({ costNano: null, priceVersion: null });
});

test("a charge names the price it was made with", () => {
  expect(chargeFor(estimateUsage(40, 40), BY)).toEqual({
    costNano: 20_000n,
    priceVersion: priceRecordOf(price).version,
    promptNano: 5_000n,
  });
});

test("a provider's own figure is taken only where it is trusted, and rounds up", () => {
  const usage = readUsage({ prompt_tokens: 1, completion_tokens: 1, cost: 0.00000012345678 });
  if (!usage) throw new Error("no usage");
  expect(chargeFor(usage, { ...BY, trustReported: true })).toEqual({ costNano: 124n, priceVersion: "reported" });
  expect(chargeFor(usage, BY).priceVersion).toStartWith("test:1#");
});

test("what the cache saved is the price without it less the charge, and a loss where writing cost more", () => {
  const cheap = { ...price, cachedPromptNanoPerMillion: 100_000_000n, cacheWriteNanoPerMillion: 700_000_000n };
  const usage = (cached: number, written: number) => ({
    ...estimateUsage(0, 0),
    promptTokens: 10_000,
    cachedTokens: cached,
    cacheWriteTokens: written,
  });
  const by = { ...BY, price: cheap };
  const saved = (cached: number, written: number) =>
    cacheDiscount(usage(cached, written), chargeFor(usage(cached, written), by), by);
  expect(saved(10_000, 0)).toBe(4_000_000n);
  expect(saved(0, 10_000)).toBe(-2_000_000n);
  expect(saved(0, 0)).toBeNull();
  expect(cacheDiscount(usage(1, 0), { costNano: 5n, priceVersion: "reported" }, by)).toBeNull();
  expect(cacheDiscount(usage(1, 0), { costNano: null, priceVersion: null }, { ...BY, price: null })).toBeNull();
});

test("what a provider says that it charged is noted, whoever's word is taken for the bill", () => {
  expect(upstreamCost({ ...estimateUsage(1, 1), reportedCostUsd: 0.000000001 })).toBe(1n);
  expect(upstreamCost(estimateUsage(1, 1))).toBeNull();
});
