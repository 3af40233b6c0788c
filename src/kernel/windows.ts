/** Windows of spending, in whole UTC days: a day, a week from Monday, a month from its first, or all time. */
export const DAY_MS = 86_400_000;

export const LIMIT_RESETS = ["daily", "weekly", "monthly"] as const;
/** How often a spending limit begins anew. */
export type LimitReset = (typeof LIMIT_RESETS)[number];

/** The reset under this name, or null for none. */
export function limitResetOf(name: string | null): LimitReset | null {
  return LIMIT_RESETS.find((known) => known === name) ?? null;
}

/** The first day (since 1970-01-01 UTC) of the running day, week (from Monday) and month. */
export function windowStarts(nowMs: number): { today: number; week: number; month: number } {
  const today = dayOf(nowMs);
  const date = new Date(nowMs);
  // 1970-01-01 was a Thursday, so day 4 was the first Monday.
  const week = today - ((((today - 4) % 7) + 7) % 7);
  return { today, week, month: today - (date.getUTCDate() - 1) };
}

export interface SpendWindow {
  /** Its first day since 1970-01-01 UTC; null for all time. */
  firstDay: number | null;
  /** When the next one begins, epoch milliseconds; null for never. */
  endsAtMs: number | null;
}

/** The window that is running now for a limit with this reset. */
export function windowOf(reset: LimitReset | null, nowMs: number): SpendWindow {
  if (reset === null) return { firstDay: null, endsAtMs: null };
  const { today, week, month } = windowStarts(nowMs);
  switch (reset) {
    case "daily":
      return { firstDay: today, endsAtMs: (today + 1) * DAY_MS };
    case "weekly":
      return { firstDay: week, endsAtMs: (week + 7) * DAY_MS };
    case "monthly": {
      const date = new Date(nowMs);
      return { firstDay: month, endsAtMs: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) };
    }
  }
}

/** The day since 1970-01-01 UTC that a time falls into. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}
