/** What keys were used for day by day, from the sums per key and day: one question for as many keys as a page shows. */
import type { NanoUsd } from "../../kernel/money.ts";
import type { Db } from "../open.ts";

export interface KeyDayPoint {
  key_id: string;
  /** Days since 1970-01-01 UTC. */
  day: number;
  requests: number;
  cost_nano: NanoUsd;
}

export interface TrendQuestion {
  userId: string;
  ids: readonly string[];
  /** Only keys that this person made. */
  madeBy: string | null;
  /** Days since 1970-01-01 UTC, both included. */
  firstDay: number;
  lastDay: number;
}

/** A row for each key and day with use. Keys that are not the account's, or not the person's, have none. */
export async function keyTrend(db: Db, asked: TrendQuestion): Promise<KeyDayPoint[]> {
  if (asked.ids.length === 0) return [];
  let points = db
    .selectFrom("key_day")
    .innerJoin("api_key", "api_key.id", "key_day.key_id")
    .select(["key_day.key_id", "key_day.day", "key_day.requests", "key_day.cost_nano"])
    .where("key_day.key_id", "in", asked.ids)
    .where("key_day.day", ">=", asked.firstDay)
    .where("key_day.day", "<=", asked.lastDay)
    .where("api_key.user_id", "=", asked.userId)
    .where("api_key.deleted_at", "is", null);
  if (asked.madeBy !== null) points = points.where("api_key.created_by", "=", asked.madeBy);
  return points.execute();
}
