/** The times in the life of a key, and what an instance allows of them. Pure. */
import { DAY_MS } from "./windows.ts";

/** The longest that a former secret goes on working beside the new one. */
export const MOST_OVERLAP_SECONDS = 7 * 86_400;

/** A key that nobody has used for this long is idle. */
export const IDLE_AFTER_DAYS = 90;

/** How many days before its end the owner of a key is reminded, the earliest first. */
export const REMINDER_DAYS = [7, 1] as const;
export type ReminderDays = (typeof REMINDER_DAYS)[number];

/** What the owner of the instance demands of every key. */
export interface KeyPolicy {
  /** How long a secret may live; null for no bound. */
  maxLifetimeDays: number | null;
}

export const NO_POLICY: KeyPolicy = { maxLifetimeDays: null };
export const MOST_LIFETIME_DAYS = 3_650;

/**
 * The latest time at which a key may end whose secret was made then: the end of that UTC day, because people name days.
 * Null for no bound.
 */
export function latestEnd({ maxLifetimeDays }: KeyPolicy, secretMadeAtMs: number): number | null {
  if (maxLifetimeDays === null) return null;
  const dayAfter = Math.floor(secretMadeAtMs / DAY_MS) + maxLifetimeDays + 1;
  return dayAfter * DAY_MS - 1;
}

export function endsInTime(policy: KeyPolicy, secretMadeAtMs: number, expiresAtMs: number | null): boolean {
  const latest = latestEnd(policy, secretMadeAtMs);
  return latest === null || (expiresAtMs !== null && expiresAtMs <= latest);
}

/** Which reminder is due for a key that ends then; null for none. One that lives no longer than that needs none. */
export function reminderDue(
  { expiresAtMs, createdAtMs }: { expiresAtMs: number; createdAtMs: number },
  nowMs: number,
): ReminderDays | null {
  if (expiresAtMs <= nowMs) return null;
  const due = REMINDER_DAYS.filter((days) => expiresAtMs - nowMs <= days * DAY_MS).at(-1);
  return due !== undefined && expiresAtMs - createdAtMs > due * DAY_MS ? due : null;
}
