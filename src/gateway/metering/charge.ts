import { costOf, type Price } from "../../catalog/price.ts";
import { priceRecordOf } from "../../catalog/price-record.ts";
import { REPORTED } from "../../catalog/recorded-cost.ts";
import { NANO_PER_USD, type NanoUsd, parseUsd } from "../../kernel/money.ts";
import type { TokenUsage } from "../canonical/usage.ts";

export interface Charge {
  /** Null when no price is known. */
  costNano: NanoUsd | null;
  /** Which price it was made with, null with an unknown price. */
  priceVersion: string | null;
  /** What of it is for the prompt; absent where the provider's own figure was taken. */
  promptNano?: NanoUsd;
}

export interface ChargedBy {
  price: Price | null;
  /** Whether the provider's word is taken for what it charged. */
  trustReported: boolean;
  /** When the request began, epoch milliseconds. */
  atMs: number;
}

/**
 * What an answer costs: the provider's own figure where its word is taken, else price × usage, else unknown. Never zero
 * for want of a price.
 */
export function chargeFor(usage: TokenUsage, { price, trustReported, atMs }: ChargedBy): Charge {
  if (trustReported && usage.reportedCostUsd !== null) {
    return { costNano: reportedNano(usage.reportedCostUsd), priceVersion: REPORTED };
  }
  if (price === null) return { costNano: null, priceVersion: null };
  return { priceVersion: priceRecordOf(price).version, ...costOf(price, usage, atMs) };
}

/** What the provider says that it charged, whether or not its word is taken for the bill. */
export function upstreamCost(usage: TokenUsage): NanoUsd | null {
  return usage.reportedCostUsd === null ? null : reportedNano(usage.reportedCostUsd);
}

/**
 * What the provider's cache saved of a charge, less what writing to it cost. Null where the charge was not made from
 * `price`, so that there is nothing to compare with.
 */
export function cacheDiscount(
  usage: TokenUsage,
  charge: Charge,
  { price, atMs }: Pick<ChargedBy, "price" | "atMs">,
): NanoUsd | null {
  const { costNano, priceVersion } = charge;
  if (price === null || costNano === null || priceVersion === null || priceVersion === REPORTED) return null;
  if (usage.cachedTokens === 0 && usage.cacheWriteTokens === 0) return null;
  const uncached = { ...usage, cachedTokens: 0, cachedAudioTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0 };
  return costOf(price, uncached, atMs).costNano - costNano;
}

/** Rounds up: a report finer than a nano-dollar must not become zero. */
function reportedNano(usd: number): NanoUsd {
  return parseUsd(String(usd)) ?? BigInt(Math.ceil(usd * Number(NANO_PER_USD)));
}
