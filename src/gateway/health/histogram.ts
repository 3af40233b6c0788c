/**
 * Percentiles in constant memory: values are counted in buckets of which each is a tenth wider than the one before, so
 * that a percentile is off by at most 5 % of itself, whatever the values are.
 */
import type { Percentiles } from "../router/route.ts";
import { RollingCounts, type WindowShape } from "./rolling-counts.ts";

const GROWTH = 1.1;
/** From one to 1.1¹⁴⁶, about a million; what lies beyond counts as the last. */
export const BUCKETS = 146;
const LOG_GROWTH = Math.log(GROWTH);

/** The greatest error of a percentile, as a part of it. */
export const RELATIVE_ERROR = Math.sqrt(GROWTH) - 1;

export class RollingHistogram {
  readonly #counts: RollingCounts;

  constructor(shape: WindowShape) {
    this.#counts = new RollingCounts(shape, BUCKETS);
  }

  /** Values below one count as one. */
  add(value: number, nowMs: number): void {
    this.#counts.add(bucketOf(value), nowMs);
  }

  /** The values at these shares of the whole (0 to 1, ascending); undefined with fewer than `least` values. */
  quantiles(shares: readonly number[], nowMs: number, least: number): number[] | undefined {
    const counts = Array.from({ length: BUCKETS }, (_, bucket) => this.#counts.sum(bucket, nowMs));
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total < least || total === 0) return undefined;
    const values: number[] = [];
    let seen = 0;
    let bucket = -1;
    for (const share of shares) {
      const rank = Math.max(1, Math.ceil(share * total));
      while (seen < rank) seen += counts[++bucket] ?? 0;
      values.push(middleOf(bucket));
    }
    return values;
  }
}

const AT_MOST = [0.5, 0.75, 0.9, 0.99] as const;
const AT_LEAST = [0.01, 0.1, 0.25, 0.5] as const;

export interface PercentileWish {
  /** With fewer values there are no percentiles. */
  least: number;
  /** What the values are divided by. */
  unit: number;
}

/** What so many of a hundred needed at most: for what is better the smaller it is. */
export function percentilesAtMost(
  histogram: RollingHistogram | undefined,
  nowMs: number,
  { least, unit }: PercentileWish,
): Percentiles | null {
  const found = histogram?.quantiles(AT_MOST, nowMs, least)?.map((value) => value / unit);
  if (found === undefined) return null;
  const [p50 = 0, p75 = 0, p90 = 0, p99 = 0] = found;
  return { p50, p75, p90, p99 };
}

/** What so many of a hundred reached at least: for what is better the greater it is. */
export function percentilesAtLeast(
  histogram: RollingHistogram | undefined,
  nowMs: number,
  { least, unit }: PercentileWish,
): Percentiles | null {
  const found = histogram?.quantiles(AT_LEAST, nowMs, least)?.map((value) => value / unit);
  if (found === undefined) return null;
  const [p99 = 0, p90 = 0, p75 = 0, p50 = 0] = found;
  return { p50, p75, p90, p99 };
}

function bucketOf(value: number): number {
  return value <= 1 ? 0 : Math.min(BUCKETS - 1, Math.floor(Math.log(value) / LOG_GROWTH));
}

/** The middle of a bucket, by ratio. */
function middleOf(bucket: number): number {
  return GROWTH ** (bucket + 0.5);
}
