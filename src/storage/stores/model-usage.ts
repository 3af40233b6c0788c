/** How much each model was used, over everybody. */
import { sql } from "kysely";
import type { Db } from "../open.ts";
import { readMark } from "../rollups/marks.ts";

/** Tokens of prompts and completions by model id, since `firstDay` (days since 1970-01-01 UTC). */
export async function tokensByModel(db: Db, firstDay: number): Promise<Map<string, number>> {
  const tokens = sql<number>`cast(sum(prompt_tokens + completion_tokens) as bigint)`.as("tokens");
  const closed = (await readMark(db, "usage_days_closed")) ?? -1;
  const firstHour = Math.max(firstDay, closed + 1) * 24;
  const days = db.selectFrom("usage_day").select(["model", tokens]).where("day", ">=", firstDay);
  const hours = db.selectFrom("usage_hour").select(["model", tokens]).where("hour", ">=", firstHour);
  const sums = new Map<string, number>();
  for (const row of [
    ...(await days.where("day", "<=", closed).groupBy("model").execute()),
    ...(await hours.groupBy("model").execute()),
  ]) {
    if (row.model !== "") sums.set(row.model, (sums.get(row.model) ?? 0) + row.tokens);
  }
  return sums;
}
