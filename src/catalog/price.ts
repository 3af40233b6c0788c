/**
 * Prices and what a request costs. Everything is an exact integer: prices are nano-dollars per million tokens, so that
 * tokens × price is a count of 1e-15 dollars, and the one rounding of a request (up, to the next nano-dollar) is last.
 */
import type { NanoUsd } from "../kernel/money.ts";

export interface PriceRates {
  /** Nano-dollars per million prompt tokens. */
  promptNanoPerMillion: bigint;
  completionNanoPerMillion: bigint;
  /** For prompt tokens that the provider read from its cache; null means they cost as much as others. */
  cachedPromptNanoPerMillion: bigint | null;
}

export interface Price extends PriceRates {
  /** Where the figures come from; recorded with every charge, so that it can be recomputed. */
  version: string;
  /** Rates that replace the ones above for longer prompts, in ascending order of their threshold. */
  tiers: readonly (PriceRates & { abovePromptTokens: number })[];
}

export interface BilledTokens {
  promptTokens: number;
  /** Part of promptTokens. */
  cachedTokens: number;
  /** Reasoning tokens included. */
  completionTokens: number;
}

const MILLION = 1_000_000n;

/** The cost of one request, rounded up once to a whole nano-dollar. */
export function costOf(price: Price, tokens: BilledTokens): NanoUsd {
  const rates = price.tiers.findLast((tier) => tokens.promptTokens > tier.abovePromptTokens) ?? price;
  const cached = BigInt(Math.min(tokens.cachedTokens, tokens.promptTokens));
  const fresh = BigInt(tokens.promptTokens) - cached;
  const total =
    fresh * rates.promptNanoPerMillion +
    cached * (rates.cachedPromptNanoPerMillion ?? rates.promptNanoPerMillion) +
    BigInt(tokens.completionTokens) * rates.completionNanoPerMillion;
  return (total + MILLION - 1n) / MILLION;
}

/** A price per million tokens as OpenRouter's API shows it: dollars per single token, a plain decimal string. */
export function usdPerTokenString(nanoPerMillion: bigint): string {
  const digits = nanoPerMillion.toString().padStart(16, "0");
  const fraction = digits.slice(-15).replace(/0+$/, "");
  const whole = digits.slice(0, -15);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
