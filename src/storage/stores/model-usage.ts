/** How much each model was used, over everybody. */
import { sql } from "kysely";
import type { Db } from "../open.ts";

/** Tokens of prompts and completions by model id, since `firstDay` (days since 1970-01-01 UTC). */
export async function tokensByModel(db: Db, firstDay: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom("activity_day")
    .select(["model", sql<number>`cast(sum(prompt_tokens + completion_tokens) as bigint)`.as("tokens")])
    .where("day", ">=", firstDay)
    .groupBy("model")
    .execute();
  return new Map(rows.map(({ model, tokens }) => [model, Number(tokens)]));
}
