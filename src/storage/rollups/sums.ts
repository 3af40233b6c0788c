/** The sums of an account, or of all, as one table, whether a day has been closed or is still kept by the hour. */
import { sql } from "kysely";
import type { Db } from "../open.ts";
import { rowsOf } from "./accounts.ts";
import { ADDED_COLUMNS, PLACE_COLUMNS } from "./columns.ts";

export const COLUMNS = ["user_id", ...PLACE_COLUMNS, "provider", ...ADDED_COLUMNS] as const;

export interface DaysAsked {
  /** Null for all accounts. */
  userId: string | null;
  /** Days since 1970-01-01 UTC, both included. */
  firstDay: number;
  lastDay: number;
  /** The last closed day: see `marks.ts`. */
  closed: number | null;
}

/** Rows with `day`; several for the same day and place, which have to be added up. */
export function sumsOf(db: Db, { userId, firstDay, lastDay, closed }: DaysAsked) {
  const lastClosed = Math.min(lastDay, closed ?? -1);
  const firstOpen = Math.max(firstDay, (closed ?? -1) + 1);
  const days = db
    .selectFrom("usage_day")
    .select(["day", ...COLUMNS])
    .where(rowsOf(db, "usage_day", userId))
    .where("day", ">=", firstDay)
    .where("day", "<=", lastClosed);
  const hours = db
    .selectFrom("usage_hour")
    .select([sql<number>`hour / 24`.as("day"), ...COLUMNS])
    .where(rowsOf(db, "usage_hour", userId))
    .where("hour", ">=", firstOpen * 24)
    .where("hour", "<", (lastDay + 1) * 24);
  if (lastClosed < firstDay) return hours;
  return firstOpen > lastDay ? days : days.unionAll(hours);
}
