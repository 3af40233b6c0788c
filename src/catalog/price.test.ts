import { expect, test } from "bun:test";
import { type BilledTokens, costOf, type Price, usdPerTokenString } from "./price.ts";

const price: Price = {
  version: "test:1",
  promptNanoPerMillion: 150_000_000n,
  completionNanoPerMillion: 600_000_000n,
  cachedPromptNanoPerMillion: 75_000_000n,
  tiers: [],
};

const NONE: BilledTokens = {
  promptTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  audioPromptTokens: 0,
  imagePromptTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
  audioCompletionTokens: 0,
  imageCompletionTokens: 0,
};

test("a cost is exact and rounds up once, to the next nano-dollar", () => {
  expect(costOf(price, { ...NONE, promptTokens: 1000, completionTokens: 500 })).toBe(450_000n);
  expect(costOf({ ...price, promptNanoPerMillion: 1n }, { ...NONE, promptTokens: 1 })).toBe(1n);
  expect(costOf(price, { ...NONE, promptTokens: 0 })).toBe(0n);
});

test("cached prompt tokens cost their own price and never more than the prompt has", () => {
  expect(costOf(price, { ...NONE, promptTokens: 1000, cachedTokens: 400 })).toBe(120_000n);
  expect(costOf(price, { ...NONE, promptTokens: 10, cachedTokens: 400 })).toBe(750n);
  const uncached = { ...price, cachedPromptNanoPerMillion: null };
  expect(costOf(uncached, { ...NONE, promptTokens: 1000, cachedTokens: 400 })).toBe(150_000n);
});

test("a prompt above a tier's threshold is charged at that tier's rates", () => {
  const rates = {
    promptNanoPerMillion: 300_000_000n,
    completionNanoPerMillion: 900_000_000n,
    cachedPromptNanoPerMillion: null,
  };
  const tiered = { ...price, tiers: [{ ...rates, abovePromptTokens: 1000 }] };
  expect(costOf(tiered, { ...NONE, promptTokens: 1000 })).toBe(150_000n);
  expect(costOf(tiered, { ...NONE, promptTokens: 1001, completionTokens: 1 })).toBe(301_200n);
});

test("a price per token is printed in full, never in exponent form", () => {
  expect(usdPerTokenString(150_000_000n)).toBe("0.00000015");
  expect(usdPerTokenString(0n)).toBe("0");
  expect(usdPerTokenString(2_500_000_000_000_000n)).toBe("2.5");
});

test("cache writes, audio, images and reasoning cost their own rates, each token once", () => {
  const rich: Price = {
    version: "test:2",
    promptNanoPerMillion: 3_000_000_000n,
    completionNanoPerMillion: 15_000_000_000n,
    cachedPromptNanoPerMillion: 300_000_000n,
    cacheWriteNanoPerMillion: 3_750_000_000n,
    cacheWrite1hNanoPerMillion: 6_000_000_000n,
    audioPromptNanoPerMillion: 40_000_000_000n,
    imagePromptNanoPerMillion: 8_000_000_000n,
    reasoningNanoPerMillion: 20_000_000_000n,
    audioCompletionNanoPerMillion: 80_000_000_000n,
    imageCompletionNanoPerMillion: 30_000_000_000n,
    tiers: [],
  };
  const tokens = {
    promptTokens: 1000,
    cachedTokens: 400,
    cacheWriteTokens: 300,
    cacheWrite1hTokens: 100,
    audioPromptTokens: 50,
    imagePromptTokens: 20,
    completionTokens: 100,
    reasoningTokens: 40,
    audioCompletionTokens: 10,
    imageCompletionTokens: 5,
  };
  // 400×300 + 100×6000 + 200×3750 + 50×40000 + 20×8000 + 230×3000, and 40×20000 + 10×80000 + 5×30000 + 45×15000.
  expect(costOf(rich, tokens)).toBe(4_320_000n + 2_425_000n);
});

test("a special rate that is missing means the ordinary one, and hour-long writes cost no less than short ones", () => {
  const parts = { ...NONE, promptTokens: 100, cacheWriteTokens: 60, cacheWrite1hTokens: 60, audioPromptTokens: 40 };
  expect(costOf(price, parts)).toBe(costOf(price, { ...NONE, promptTokens: 100 }));
  expect(costOf({ ...price, cacheWriteNanoPerMillion: 1_000_000_000n }, parts)).toBe(66_000n);
  const answer = { ...NONE, completionTokens: 100, reasoningTokens: 90, audioCompletionTokens: 10 };
  expect(costOf(price, answer)).toBe(60_000n);
});

test("parts that claim more than the whole are never charged beyond it", () => {
  const wrong = { ...NONE, promptTokens: 10, cachedTokens: 8, cacheWriteTokens: 8, cacheWrite1hTokens: 99 };
  const dear = { ...price, cacheWriteNanoPerMillion: 1_000_000_000n };
  expect(costOf(dear, wrong)).toBe(8n * 75n + 2n * 1000n);
});

test("a price per request is charged once, tokens or none", () => {
  const priced = { ...price, requestNano: 5_000_000n };
  expect(costOf(priced, NONE)).toBe(5_000_000n);
  expect(costOf(priced, { ...NONE, promptTokens: 1000 })).toBe(5_150_000n);
});
