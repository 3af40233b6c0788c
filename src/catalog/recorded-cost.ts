/** What a recorded answer cost, made again from the record and the figures behind its price version. */
import type { NanoUsd } from "../kernel/money.ts";
import { type BilledUsage, costOf, type Price } from "./price.ts";

/** The version of a charge that is the provider's own figure. */
export const REPORTED = "reported";

export interface RecordedCost {
  usage: BilledUsage;
  /** When the request began, epoch milliseconds. */
  atMs: number;
  priceVersion: string | null;
  /** What the provider said that it charged. */
  reportedNano: NanoUsd | null;
}

/** Null where nobody knew a price. `price` is the one of the version, undefined where that is none. */
export function recordedCost(recorded: RecordedCost, price: Price | undefined): NanoUsd | null {
  const { usage, atMs, priceVersion, reportedNano } = recorded;
  if (priceVersion === null) return null;
  if (priceVersion === REPORTED) return reportedNano;
  return price === undefined ? null : costOf(price, usage, atMs).costNano;
}
