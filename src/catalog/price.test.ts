import { expect, test } from "bun:test";
import { randomFrom } from "../../test/support/fuzz/random.ts";
import { type BilledUsage, costOf as exactCostOf, type Price, usdPerTokenString } from "./price.ts";

const price: Price = {
  version: "test:1",
  promptNanoPerMillion: 150_000_000n,
  completionNanoPerMillion: 600_000_000n,
  cachedPromptNanoPerMillion: 75_000_000n,
  overrides: [],
};

const NOON = Date.UTC(2026, 10, 25, 12);
const costOf = (charged: Price, usage: BilledUsage, atMs = NOON) => exactCostOf(charged, usage, atMs).costNano;

const NONE: BilledUsage = {
  promptTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  audioPromptTokens: 0,
  imagePromptTokens: 0,
  videoPromptTokens: 0,
  cachedAudioTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
  audioCompletionTokens: 0,
  imageCompletionTokens: 0,
  webSearches: 0,
  fileSearches: 0,
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

test("a prompt above a threshold is charged at the rates for long prompts", () => {
  const rates = {
    promptNanoPerMillion: 300_000_000n,
    completionNanoPerMillion: 900_000_000n,
    cachedPromptNanoPerMillion: null,
  };
  const tiered = { ...price, overrides: [{ when: { abovePromptTokens: 1000 }, rates }] };
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
    overrides: [],
  };
  const tokens = {
    ...NONE,
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

test("sound that was read from the cache has a rate of its own, within what was read", () => {
  const heard = { ...price, cachedAudioNanoPerMillion: 10_000_000n };
  const usage = { ...NONE, promptTokens: 1000, cachedTokens: 400, cachedAudioTokens: 300 };
  expect(costOf(heard, usage)).toBe(300n * 10n + 100n * 75n + 600n * 150n);
  expect(costOf(price, usage)).toBe(400n * 75n + 600n * 150n);
});

test("searches are paid by the piece", () => {
  const searching = { ...price, webSearchNano: 10_000_000n, fileSearchNano: 2_500_000n };
  expect(costOf(searching, { ...NONE, webSearches: 3, fileSearches: 2 })).toBe(35_000_000n);
});

test("a rate replaces another while all its conditions hold, the later one counts, and the rest stays", () => {
  const night = { hours: { startMinute: 22 * 60, endMinute: 6 * 60 } };
  const conditional = {
    ...price,
    overrides: [
      { when: { abovePromptTokens: 1000 }, rates: { promptNanoPerMillion: 300_000_000n } },
      { when: night, rates: { promptNanoPerMillion: 50_000_000n } },
      { when: { ...night, days: [0] }, rates: { completionNanoPerMillion: 1_000_000n } },
      { when: { fromMs: Date.UTC(2027, 0, 1) }, rates: { promptNanoPerMillion: 1_000_000n } },
    ],
  };
  const at = (day: number, hours: number, minutes = 0) => Date.UTC(2026, 10, day, hours, minutes);
  const promptAt = (atMs: number, tokens = 1000) => costOf(conditional, { ...NONE, promptTokens: tokens }, atMs);
  expect(promptAt(at(25, 12))).toBe(150_000n);
  expect(promptAt(at(25, 12), 1001)).toBe(300_300n);
  expect(promptAt(at(25, 21, 59))).toBe(150_000n);
  expect(promptAt(at(25, 22))).toBe(50_000n);
  expect(promptAt(at(26, 5, 59), 2000)).toBe(100_000n);
  expect(promptAt(at(26, 6))).toBe(150_000n);
  expect(promptAt(Date.UTC(2027, 0, 1))).toBe(1_000n);
  const answer = { ...NONE, completionTokens: 1000 };
  expect(costOf(conditional, answer, at(28, 23))).toBe(600_000n);
  // The 29th is a Sunday.
  expect(costOf(conditional, answer, at(29, 23))).toBe(1_000n);
});

test("a million random charges together are within one nano-dollar each of the exact sum, never below it", () => {
  const random = randomFrom(20_261_126);
  const rates = { promptNanoPerMillion: 149_999_999n, completionNanoPerMillion: 600_000_001n };
  const special = { cachedPromptNanoPerMillion: 74_999_993n, reasoningNanoPerMillion: 1_234_567_891n };
  const uneven: Price = { ...price, ...rates, ...special };
  let charged = 0n;
  let exact = 0n;
  for (let request = 0; request < 1_000_000; request++) {
    const promptTokens = random.whole(20_000);
    const cachedTokens = random.whole(promptTokens + 1);
    const completionTokens = random.whole(2_000);
    const reasoningTokens = random.whole(completionTokens + 1);
    const usage = { ...NONE, promptTokens, cachedTokens, completionTokens, reasoningTokens };
    charged += costOf(uneven, usage);
    // In 1e-15 dollars, which doubles hold exactly here.
    const sum =
      (promptTokens - cachedTokens) * 149_999_999 +
      cachedTokens * 74_999_993 +
      (completionTokens - reasoningTokens) * 600_000_001 +
      reasoningTokens * 1_234_567_891;
    exact += BigInt(sum);
  }
  const excess = charged * 1_000_000n - exact;
  expect(excess).toBeGreaterThanOrEqual(0n);
  expect(excess).toBeLessThan(1_000_000n * 1_000_000n);
}, 60_000);
