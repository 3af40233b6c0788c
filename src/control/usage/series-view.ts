/** Turns sums into what a chart draws: every step of the range, the largest parts, and the rest together. Pure. */
import type { UsageFigures, UsageSeries } from "../../contract/schemas/usage-series.ts";
import { usdString } from "../../kernel/money.ts";
import type { SumCounts } from "../../storage/rollups/columns.ts";
import { type FirstTokenCounts, firstTokenPercentile } from "../../storage/rollups/first-token.ts";
import { KEEP_HOURS_DAYS } from "../../storage/rollups/retention.ts";
import { STEP_MS, type Step, type UsagePoint } from "../../storage/stores/usage-series.ts";

/** So many parts have a colour of their own. */
export const MOST_PARTS = 7;
const MINUTES_UP_TO_MS = 2 * STEP_MS.hour;
const HOURS_UP_TO_MS = 8 * STEP_MS.day;
/** Of all accounts: they have as many sums for each hour as accounts, models and keys were in use. */
const INSTANCE_HOURS_UP_TO_MS = 2 * STEP_MS.day;

export type Metric = "spend" | "requests" | "tokens" | "errors";

export interface Range {
  fromMs: number;
  toMs: number;
  step: Step;
}

/** The range in whole steps, in steps that can be told apart and whose sums are still there. */
export function rangeOf({ from, to }: { from: number; to: number }, nowMs: number, isOfAll = false): Range {
  const hasHours = from >= nowMs - (KEEP_HOURS_DAYS - 1) * STEP_MS.day;
  const fine = to - from <= MINUTES_UP_TO_MS ? "minute" : "hour";
  const step = hasHours && to - from <= (isOfAll ? INSTANCE_HOURS_UP_TO_MS : HOURS_UP_TO_MS) ? fine : "day";
  const size = STEP_MS[step];
  return { step, fromMs: Math.floor(from / size) * size, toMs: Math.ceil(to / size) * size };
}

/** The range of the same length that ends where this one begins. */
export function rangeBefore({ fromMs, toMs, step }: Range): Range {
  return { step, fromMs: fromMs - (toMs - fromMs), toMs: fromMs };
}

export function timesOf({ fromMs, toMs, step }: Range): number[] {
  const size = STEP_MS[step];
  return Array.from({ length: Math.max(0, Math.round((toMs - fromMs) / size)) }, (_, index) => fromMs + index * size);
}

interface Part {
  part: string | null;
  values: bigint[];
  total: bigint;
}

export function seriesOf(
  points: readonly UsagePoint[],
  { range, metric, nameOf }: { range: Range; metric: Metric; nameOf(part: string): string },
): Pick<UsageSeries, "times" | "series"> {
  const times = timesOf(range);
  const parts = new Map<string | null, Part>();
  for (const point of points) {
    const part = parts.get(point.part) ?? { part: point.part, values: times.map(() => 0n), total: 0n };
    const index = Math.round((point.at - range.fromMs) / STEP_MS[range.step]);
    const value = metricOf(point, metric);
    part.values[index] = (part.values[index] ?? 0n) + value;
    part.total += value;
    parts.set(point.part, part);
  }
  const rest = parts.get(null);
  const sorted = [...parts.values()]
    .filter(({ part }) => part !== null)
    .sort((a, b) => (a.total === b.total ? 0 : a.total < b.total ? 1 : -1))
    .concat(rest ?? []);
  const shown =
    sorted.length <= MOST_PARTS + 1 ? sorted : [...sorted.slice(0, MOST_PARTS), together(sorted.slice(MOST_PARTS))];
  const text = (value: bigint) => (metric === "spend" ? usdString(value) : value.toString());
  return {
    times,
    series: shown.map(({ part, values, total }) => ({
      part,
      name: part === null ? "" : nameOf(part),
      values: values.map(text),
      total: text(total),
    })),
  };
}

function together(parts: readonly Part[]): Part {
  const [first] = parts;
  const values = (first?.values ?? []).map((_, index) =>
    parts.reduce((sum, part) => sum + (part.values[index] ?? 0n), 0n),
  );
  return { part: null, values, total: parts.reduce((sum, { total }) => sum + total, 0n) };
}

function metricOf(point: SumCounts, metric: Metric): bigint {
  switch (metric) {
    case "spend":
      return point.cost_nano;
    case "requests":
      return BigInt(point.requests);
    case "errors":
      return BigInt(point.errors);
    case "tokens":
      return BigInt(point.prompt_tokens + point.completion_tokens);
  }
}

export function figuresOf(total: SumCounts & FirstTokenCounts): UsageFigures {
  return {
    requests: total.requests,
    errors: total.errors,
    unpriced: total.unpriced,
    promptTokens: total.prompt_tokens,
    completionTokens: total.completion_tokens,
    cachedTokens: total.cached_tokens,
    spentUsd: usdString(total.cost_nano),
    firstTokenP50Ms: firstTokenPercentile(total, 0.5),
    firstTokenP95Ms: firstTokenPercentile(total, 0.95),
  };
}
