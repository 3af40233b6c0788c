/**
 * Prices and what a request costs. Everything is an exact integer: prices are nano-dollars per million tokens, so that
 * tokens × price is a count of 1e-15 dollars, and the one rounding of a request (up, to the next nano-dollar) is last.
 */
import { NANO_PER_USD, type NanoUsd } from "../kernel/money.ts";
import { type PriceCondition, whichHold } from "./price-conditions.ts";

/**
 * Nano-dollars per million tokens. A rate that is null or missing is not zero: such tokens cost as much as the ordinary
 * ones of their side (prompt or completion).
 */
export interface PriceRates {
  promptNanoPerMillion: bigint;
  completionNanoPerMillion: bigint;
  /** For prompt tokens that the provider read from its cache. */
  cachedPromptNanoPerMillion: bigint | null;
  /** For those of them that are sound; without it they cost what others that were read do, and without that, sound. */
  cachedAudioNanoPerMillion?: bigint | null;
  /** For prompt tokens that the provider wrote to its cache (five minutes, or however long it keeps them). */
  cacheWriteNanoPerMillion?: bigint | null;
  /** For those that it keeps for an hour; without it they cost as much as other cache writes. */
  cacheWrite1hNanoPerMillion?: bigint | null;
  audioPromptNanoPerMillion?: bigint | null;
  imagePromptNanoPerMillion?: bigint | null;
  videoPromptNanoPerMillion?: bigint | null;
  reasoningNanoPerMillion?: bigint | null;
  audioCompletionNanoPerMillion?: bigint | null;
  imageCompletionNanoPerMillion?: bigint | null;
}

/** Rates that replace others while a condition holds. What it does not name stays; null means the ordinary rate. */
export interface PriceOverride {
  when: PriceCondition;
  rates: Partial<PriceRates>;
}

export interface Price extends PriceRates {
  /** Where the figures come from; recorded with every charge. */
  version: string;
  /** Of those that hold, the later one counts for each rate. */
  overrides: readonly PriceOverride[];
  /** Nano-dollars for each request, besides its tokens. */
  requestNano?: bigint | null;
  /** Nano-dollars for each web search that the model makes. */
  webSearchNano?: bigint | null;
  /** Nano-dollars for each search in the client's files that the provider makes. */
  fileSearchNano?: bigint | null;
}

/** What of an answer has a price. */
export interface BilledUsage {
  promptTokens: number;
  /** Part of promptTokens, like the four below it; no token is in two of the parts. */
  cachedTokens: number;
  cacheWriteTokens: number;
  audioPromptTokens: number;
  imagePromptTokens: number;
  videoPromptTokens: number;
  /** Part of cachedTokens. */
  cachedAudioTokens: number;
  /** Part of cacheWriteTokens. */
  cacheWrite1hTokens: number;
  completionTokens: number;
  /** Part of completionTokens, like the two below it; no token is in two of the parts. */
  reasoningTokens: number;
  audioCompletionTokens: number;
  imageCompletionTokens: number;
  /** Searches that the provider made for the answer. */
  webSearches: number;
  fileSearches: number;
}

interface Part {
  tokens: number;
  rate: bigint | null | undefined;
}

/** A million dollars: what is more is no price but a mistake. */
export const MOST_RATE_NANO = 1_000_000n * NANO_PER_USD;

const MILLION = 1_000_000n;

export interface Cost {
  costNano: NanoUsd;
  /** What of it is for the prompt, rounded down, so that the answer's part is the rest of it. */
  promptNano: NanoUsd;
}

/** The cost of one request that began at a time (epoch milliseconds), rounded up once to a whole nano-dollar. */
export function costOf(price: Price, usage: BilledUsage, atMs: number): Cost {
  const { prompt, completion } = exactCosts(price, usage, atMs);
  const whole = prompt + completion + eachCost(price, usage) * MILLION;
  return { costNano: (whole + MILLION - 1n) / MILLION, promptNano: prompt / MILLION };
}

/** The rates for a prompt of this length at a time, epoch milliseconds. */
export function ratesAt(price: Price, promptTokens: number, atMs: number): PriceRates {
  if (price.overrides.length === 0) return price;
  const rates: PriceRates = { ...price };
  for (const override of whichHold(price.overrides, promptTokens, atMs)) Object.assign(rates, override.rates);
  return rates;
}

/** Every set of rates that a prompt of up to so many tokens can have at a time. */
export function ratesUpTo(price: Price, mostTokens: number, atMs: number): PriceRates[] {
  const thresholds = price.overrides.flatMap(({ when }) => when.abovePromptTokens ?? []);
  const lengths = [0, ...thresholds.filter((above) => above < mostTokens).map((above) => above + 1)];
  return lengths.map((length) => ratesAt(price, length, atMs));
}

/** What is paid by the piece. */
function eachCost(price: Price, usage: BilledUsage): NanoUsd {
  return (
    (price.requestNano ?? 0n) +
    BigInt(usage.webSearches) * (price.webSearchNano ?? 0n) +
    BigInt(usage.fileSearches) * (price.fileSearchNano ?? 0n)
  );
}

/** Both sides in 1e-15 dollars. */
function exactCosts(price: Price, usage: BilledUsage, atMs: number): { prompt: bigint; completion: bigint } {
  const rates = ratesAt(price, usage.promptTokens, atMs);
  return {
    prompt: promptCost(rates, usage),
    completion: sideCost(usage.completionTokens, rates.completionNanoPerMillion, [
      { tokens: usage.reasoningTokens, rate: rates.reasoningNanoPerMillion },
      { tokens: usage.audioCompletionTokens, rate: rates.audioCompletionNanoPerMillion },
      { tokens: usage.imageCompletionTokens, rate: rates.imageCompletionNanoPerMillion },
    ]),
  };
}

function promptCost(rates: PriceRates, usage: BilledUsage): bigint {
  const cachedAudio = Math.min(usage.cachedAudioTokens, usage.cachedTokens);
  const longWrites = Math.min(usage.cacheWrite1hTokens, usage.cacheWriteTokens);
  const cachedRate = rates.cachedPromptNanoPerMillion;
  const cachedAudioRate = rates.cachedAudioNanoPerMillion ?? cachedRate ?? rates.audioPromptNanoPerMillion;
  return sideCost(usage.promptTokens, rates.promptNanoPerMillion, [
    { tokens: cachedAudio, rate: cachedAudioRate },
    { tokens: usage.cachedTokens - cachedAudio, rate: cachedRate },
    { tokens: longWrites, rate: rates.cacheWrite1hNanoPerMillion ?? rates.cacheWriteNanoPerMillion },
    { tokens: usage.cacheWriteTokens - longWrites, rate: rates.cacheWriteNanoPerMillion },
    { tokens: usage.audioPromptTokens, rate: rates.audioPromptNanoPerMillion },
    { tokens: usage.imagePromptTokens, rate: rates.imagePromptNanoPerMillion },
    { tokens: usage.videoPromptTokens, rate: rates.videoPromptNanoPerMillion },
  ]);
}

/** Each part at its own rate and the rest at the ordinary one. The parts together never exceed the whole. */
function sideCost(wholeTokens: number, ordinaryRate: bigint, parts: readonly Part[]): bigint {
  let restTokens = wholeTokens;
  let cost = 0n;
  for (const part of parts) {
    if (part.tokens === 0) continue;
    const tokens = Math.min(part.tokens, restTokens);
    restTokens -= tokens;
    cost += BigInt(tokens) * (part.rate ?? ordinaryRate);
  }
  return cost + BigInt(restTokens) * ordinaryRate;
}

/** A price per million tokens as OpenRouter's API shows it: dollars per single token, a plain decimal string. */
export function usdPerTokenString(nanoPerMillion: bigint): string {
  const digits = nanoPerMillion.toString().padStart(16, "0");
  const fraction = digits.slice(-15).replace(/0+$/, "");
  const whole = digits.slice(0, -15);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
