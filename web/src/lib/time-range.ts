/** Ranges of time as the address bar holds them: by a short name, or from one day to another. */

export const RANGES = ["1h", "24h", "7d", "30d", "90d", "1y"] as const;
export type RangeName = (typeof RANGES)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/**
 * How long each is, and the steps that its sums are kept in. A range is whole steps, the running one included, so that
 * single requests, sums and the start page count exactly the same ones.
 */
const RANGE: Record<RangeName, { lengthMs: number; stepMs: number }> = {
  "1h": { lengthMs: HOUR_MS, stepMs: MINUTE_MS },
  "24h": { lengthMs: DAY_MS, stepMs: HOUR_MS },
  "7d": { lengthMs: 7 * DAY_MS, stepMs: HOUR_MS },
  "30d": { lengthMs: 30 * DAY_MS, stepMs: DAY_MS },
  "90d": { lengthMs: 90 * DAY_MS, stepMs: DAY_MS },
  "1y": { lengthMs: 365 * DAY_MS, stepMs: DAY_MS },
};

export interface RangeSearch {
  range?: RangeName | undefined;
  /** Either a time in epoch milliseconds or a day (YYYY-MM-DD, UTC); the last day is included. */
  from?: string | undefined;
  to?: string | undefined;
}

export interface TimeRange {
  from: number;
  to: number;
}

/** From and to count before a name; what does not fit is the last thirty days. */
export function timeRange({ range = "30d", from, to }: RangeSearch, nowMs: number): TimeRange {
  const custom = { from: timeOf(from, 0), to: timeOf(to, DAY_MS) };
  if (custom.from !== null && custom.to !== null && custom.to > custom.from)
    return { from: custom.from, to: custom.to };
  const { lengthMs, stepMs } = RANGE[range];
  const end = (Math.floor(nowMs / stepMs) + 1) * stepMs;
  return { from: end - lengthMs, to: end };
}

/** Whether from and to say what is shown. */
export function isCustom(search: RangeSearch): boolean {
  return timeOf(search.from, 0) !== null && timeOf(search.to, DAY_MS) !== null;
}

/** The UTC day that a time lies in, as a field for days takes it. */
export function dayText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

function timeOf(text: string | undefined, dayAddsMs: number): number | null {
  if (text === undefined) return null;
  if (/^\d{1,16}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const day = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(day) ? null : day + dayAddsMs;
}

export function rangeSearch(search: Record<string, unknown>): RangeSearch {
  const time = (value: unknown) => (typeof value === "string" && timeOf(value, 0) !== null ? value : undefined);
  return {
    range: RANGES.find((name) => name === search.range),
    from: time(search.from),
    to: time(search.to),
  };
}
