/**
 * The charge of a usage record, made again from nothing but the record and the figures behind its price version. What a
 * record has no column for, and a price may ask, stands in its `billedParts`.
 */
import type { BilledUsage, Price } from "../../catalog/price.ts";
import { recordedCost } from "../../catalog/recorded-cost.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import type { UsageRecord } from "../ports.ts";
import { isCharged } from "./settlement.ts";

/** What has a price in some models and is nothing in most answers. */
const PARTS = [
  ...(["cacheWrite1hTokens", "audioPromptTokens", "imagePromptTokens", "videoPromptTokens"] as const),
  ...(["cachedAudioTokens", "audioCompletionTokens", "webSearches", "fileSearches"] as const),
];
export type BilledParts = Partial<Record<(typeof PARTS)[number], number>>;

/** Those of the parts that are something; null where none is. */
export function billedPartsOf(usage: BilledUsage): BilledParts | null {
  let parts: BilledParts | null = null;
  for (const name of PARTS) {
    if (usage[name] === 0) continue;
    parts ??= {};
    parts[name] = usage[name];
  }
  return parts;
}

type Recorded = Pick<
  UsageRecord,
  | "createdAt"
  | "promptTokens"
  | "cachedTokens"
  | "cacheWriteTokens"
  | "completionTokens"
  | "reasoningTokens"
  | "imageCompletionTokens"
  | "billedParts"
  | "priceVersion"
  | "upstreamCostNano"
  | "settledAs"
>;

/**
 * What the answer cost, to the nano-dollar: what was charged and what was lost together. Null where nobody knew a price.
 * `price` is the one of the record's version, undefined where that is none.
 */
export function recompute(record: Recorded, price: Price | undefined): NanoUsd | null {
  if (!isCharged(record.settledAs)) return 0n;
  const { createdAt: atMs, priceVersion, upstreamCostNano: reportedNano } = record;
  return recordedCost({ usage: usageOfRecord(record), atMs, priceVersion, reportedNano }, price);
}

function usageOfRecord(record: Recorded): BilledUsage {
  const { promptTokens, cachedTokens, cacheWriteTokens, completionTokens, reasoningTokens, imageCompletionTokens } =
    record;
  return {
    ...{ cacheWrite1hTokens: 0, audioPromptTokens: 0, imagePromptTokens: 0, videoPromptTokens: 0 },
    ...{ cachedAudioTokens: 0, audioCompletionTokens: 0, webSearches: 0, fileSearches: 0 },
    ...record.billedParts,
    ...{ promptTokens, cachedTokens, cacheWriteTokens, completionTokens, reasoningTokens, imageCompletionTokens },
  };
}
