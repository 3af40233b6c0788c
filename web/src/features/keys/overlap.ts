/** How long the secret before goes on working, as people choose it. */
import { MOST_OVERLAP_SECONDS } from "../../../../src/kernel/key-life.ts";

export const OVERLAPS = ["now", "hour", "day", "week", "custom"] as const;
export type Overlap = (typeof OVERLAPS)[number];

export const MOST_OVERLAP_MS = MOST_OVERLAP_SECONDS * 1000;

const SECONDS = { now: 0, hour: 3_600, day: 86_400, week: MOST_OVERLAP_SECONDS } as const;

/** Whole seconds; null for a time of one's own that is missing, past or too far away. `until` is local, as a field has it. */
export function overlapSecondsOf(overlap: Overlap, until: string, nowMs: number): number | null {
  if (overlap !== "custom") return SECONDS[overlap];
  const seconds = Math.ceil((new Date(until).getTime() - nowMs) / 1000);
  return seconds > 0 && seconds <= MOST_OVERLAP_SECONDS ? seconds : null;
}

/** A time as a field for local times holds it, to the minute. */
export function localMinute(timeMs: number): string {
  const offsetMs = new Date(timeMs).getTimezoneOffset() * 60_000;
  return new Date(timeMs - offsetMs).toISOString().slice(0, 16);
}
