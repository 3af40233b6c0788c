import { sql } from "kysely";
import type { Db } from "../open.ts";
import type { UsageRow } from "../schema.ts";
import { ACTIVITY_COUNTS, ACTIVITY_KEY, sumByActivity } from "./activity-sums.ts";
import { sumByKeyDay } from "./rows.ts";

/** Writes a batch of usage rows and their sums to PostgreSQL in one transaction; harmless when repeated. */
export async function writePostgresRows(db: Db, rows: UsageRow[]): Promise<void> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  await db.transaction().execute(async (transaction) => {
    const inserted = await transaction
      .insertInto("usage")
      .values([...byId.values()])
      .onConflict((conflict) => conflict.column("id").doNothing())
      .returning("id")
      .execute();
    const ids = new Set(inserted.map((row) => row.id));
    const fresh = [...byId.values()].filter((row) => ids.has(row.id));
    await addKeyDays(transaction, fresh);
    await addActivity(transaction, fresh);
  });
}

async function addKeyDays(transaction: Db, rows: readonly UsageRow[]): Promise<void> {
  const sums = sumByKeyDay(rows);
  if (sums.length === 0) return;
  await transaction
    .insertInto("key_day")
    .values(
      sums.map((sum) => ({
        key_id: sum.keyId,
        day: sum.day,
        user_id: sum.userId,
        requests: sum.requests,
        errors: sum.errors,
        prompt_tokens: sum.promptTokens,
        completion_tokens: sum.completionTokens,
        cost_nano: sum.costNano,
        last_used_at: sum.lastUsedAt,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["key_id", "day"]).doUpdateSet((eb) => ({
        requests: sql`key_day.requests + ${eb.ref("excluded.requests")}`,
        errors: sql`key_day.errors + ${eb.ref("excluded.errors")}`,
        prompt_tokens: sql`key_day.prompt_tokens + ${eb.ref("excluded.prompt_tokens")}`,
        completion_tokens: sql`key_day.completion_tokens + ${eb.ref("excluded.completion_tokens")}`,
        cost_nano: sql`key_day.cost_nano + ${eb.ref("excluded.cost_nano")}`,
        last_used_at: sql`greatest(key_day.last_used_at, ${eb.ref("excluded.last_used_at")})`,
      })),
    )
    .execute();
}

async function addActivity(transaction: Db, rows: readonly UsageRow[]): Promise<void> {
  const sums = sumByActivity(rows);
  if (sums.length === 0) return;
  await transaction
    .insertInto("activity_day")
    .values(sums)
    .onConflict((conflict) =>
      conflict
        .columns([...ACTIVITY_KEY])
        .doUpdateSet((eb) =>
          Object.fromEntries(
            ACTIVITY_COUNTS.map((name) => [
              name,
              sql`${sql.ref(`activity_day.${name}`)} + ${eb.ref(`excluded.${name}`)}`,
            ]),
          ),
        ),
    )
    .execute();
}
