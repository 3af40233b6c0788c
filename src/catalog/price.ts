/**
 * Prices and what a request costs. Everything is an exact integer: prices are nano-dollars per million tokens, so that
 * tokens × price is a count of 1e-15 dollars, and the one rounding of a request (up, to the next nano-dollar) is last.
 */
import type { NanoUsd } from "../kernel/money.ts";

/**
 * Nano-dollars per million tokens. A rate that is null or missing is not zero: such tokens cost as much as the ordinary
 * ones of their side (prompt or completion).
 */
export interface PriceRates {
  promptNanoPerMillion: bigint;
  completionNanoPerMillion: bigint;
  /** For prompt tokens that the provider read from its cache. */
  cachedPromptNanoPerMillion: bigint | null;
  /** For prompt tokens that the provider wrote to its cache (five minutes, or however long it keeps them). */
  cacheWriteNanoPerMillion?: bigint | null;
  /** For those that it keeps for an hour; without it they cost as much as other cache writes. */
  cacheWrite1hNanoPerMillion?: bigint | null;
  audioPromptNanoPerMillion?: bigint | null;
  imagePromptNanoPerMillion?: bigint | null;
  reasoningNanoPerMillion?: bigint | null;
  audioCompletionNanoPerMillion?: bigint | null;
  imageCompletionNanoPerMillion?: bigint | null;
}

export interface Price extends PriceRates {
  /** Where the figures come from; recorded with every charge, so that it can be recomputed. */
  version: string;
  /** Rates that replace the ones above for longer prompts, in ascending order of their threshold. */
  tiers: readonly (PriceRates & { abovePromptTokens: number })[];
  /** Nano-dollars for each request, besides its tokens. */
  requestNano?: bigint | null;
  /** Nano-dollars for each web search that the model makes. */
  webSearchNano?: bigint | null;
}

export interface BilledTokens {
  promptTokens: number;
  /** Part of promptTokens, like the three below it; no token is in two of the parts. */
  cachedTokens: number;
  cacheWriteTokens: number;
  /** Part of cacheWriteTokens. */
  cacheWrite1hTokens: number;
  audioPromptTokens: number;
  imagePromptTokens: number;
  completionTokens: number;
  /** Part of completionTokens, like the two below it; no token is in two of the parts. */
  reasoningTokens: number;
  audioCompletionTokens: number;
  imageCompletionTokens: number;
}

interface Part {
  tokens: number;
  rate: bigint | null | undefined;
}

const MILLION = 1_000_000n;

/** The cost of one request, rounded up once to a whole nano-dollar. */
export function costOf(price: Price, tokens: BilledTokens): NanoUsd {
  const { prompt, completion } = exactCosts(price, tokens);
  return (prompt + completion + (price.requestNano ?? 0n) * MILLION + MILLION - 1n) / MILLION;
}

/** What of a cost is for the prompt, rounded down, so that the completion's part is the rest of it. */
export function promptCostOf(price: Price, tokens: BilledTokens): NanoUsd {
  return exactCosts(price, tokens).prompt / MILLION;
}

/** Both sides in 1e-15 dollars. */
function exactCosts(price: Price, tokens: BilledTokens): { prompt: bigint; completion: bigint } {
  const rates = price.tiers.findLast((tier) => tokens.promptTokens > tier.abovePromptTokens) ?? price;
  const longWrites = Math.min(tokens.cacheWrite1hTokens, tokens.cacheWriteTokens);
  const promptParts: Part[] = [
    { tokens: tokens.cachedTokens, rate: rates.cachedPromptNanoPerMillion },
    { tokens: longWrites, rate: rates.cacheWrite1hNanoPerMillion ?? rates.cacheWriteNanoPerMillion },
    { tokens: tokens.cacheWriteTokens - longWrites, rate: rates.cacheWriteNanoPerMillion },
    { tokens: tokens.audioPromptTokens, rate: rates.audioPromptNanoPerMillion },
    { tokens: tokens.imagePromptTokens, rate: rates.imagePromptNanoPerMillion },
  ];
  const completionParts: Part[] = [
    { tokens: tokens.reasoningTokens, rate: rates.reasoningNanoPerMillion },
    { tokens: tokens.audioCompletionTokens, rate: rates.audioCompletionNanoPerMillion },
    { tokens: tokens.imageCompletionTokens, rate: rates.imageCompletionNanoPerMillion },
  ];
  return {
    prompt: sideCost(tokens.promptTokens, rates.promptNanoPerMillion, promptParts),
    completion: sideCost(tokens.completionTokens, rates.completionNanoPerMillion, completionParts),
  };
}

/** Each part at its own rate and the rest at the ordinary one. The parts together never exceed the whole. */
function sideCost(wholeTokens: number, ordinaryRate: bigint, parts: readonly Part[]): bigint {
  let restTokens = wholeTokens;
  let cost = 0n;
  for (const part of parts) {
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
