import { expect, test } from "bun:test";
import { costOf, type Price, usdPerTokenString } from "./price.ts";

const price: Price = {
  version: "test:1",
  promptNanoPerMillion: 150_000_000n,
  completionNanoPerMillion: 600_000_000n,
  cachedPromptNanoPerMillion: 75_000_000n,
  tiers: [],
};

test("a cost is exact and rounds up once, to the next nano-dollar", () => {
  expect(costOf(price, { promptTokens: 1000, cachedTokens: 0, completionTokens: 500 })).toBe(450_000n);
  expect(
    costOf({ ...price, promptNanoPerMillion: 1n }, { promptTokens: 1, cachedTokens: 0, completionTokens: 0 }),
  ).toBe(1n);
  expect(costOf(price, { promptTokens: 0, cachedTokens: 0, completionTokens: 0 })).toBe(0n);
});

test("cached prompt tokens cost their own price and never more than the prompt has", () => {
  expect(costOf(price, { promptTokens: 1000, cachedTokens: 400, completionTokens: 0 })).toBe(120_000n);
  expect(costOf(price, { promptTokens: 10, cachedTokens: 400, completionTokens: 0 })).toBe(750n);
  const uncached = { ...price, cachedPromptNanoPerMillion: null };
  expect(costOf(uncached, { promptTokens: 1000, cachedTokens: 400, completionTokens: 0 })).toBe(150_000n);
});

test("a prompt above a tier's threshold is charged at that tier's rates", () => {
  const rates = {
    promptNanoPerMillion: 300_000_000n,
    completionNanoPerMillion: 900_000_000n,
    cachedPromptNanoPerMillion: null,
  };
  const tiered = { ...price, tiers: [{ ...rates, abovePromptTokens: 1000 }] };
  expect(costOf(tiered, { promptTokens: 1000, cachedTokens: 0, completionTokens: 0 })).toBe(150_000n);
  expect(costOf(tiered, { promptTokens: 1001, cachedTokens: 0, completionTokens: 1 })).toBe(301_200n);
});

test("a price per token is printed in full, never in exponent form", () => {
  expect(usdPerTokenString(150_000_000n)).toBe("0.00000015");
  expect(usdPerTokenString(0n)).toBe("0");
  expect(usdPerTokenString(2_500_000_000_000_000n)).toBe("2.5");
});
