/** What keys were used for, from the sums per key and day, and what is held for them at this moment. */
import { type SqlBool, sql } from "kysely";
import type { NanoUsd } from "../../kernel/money.ts";
import { limitResetOf, windowStarts } from "../../kernel/windows.ts";
import { placeOf } from "../ledger/limits.ts";
import type { Db } from "../open.ts";
import type { ApiKeyRecord } from "../schema.ts";
import { type FormerSecret, formerSecrets } from "./key-secrets.ts";

/** What one key has spent, in all and in the running windows. */
export interface KeySpend {
  spent_nano: NanoUsd;
  today_nano: NanoUsd;
  /** Since Monday, UTC. */
  week_nano: NanoUsd;
  /** Since the first of the month, UTC. */
  month_nano: NanoUsd;
}

/** A key with what it was used for. */
export interface KeyWithUsage extends ApiKeyRecord, KeySpend {
  last_used_at: number | null;
  requests: number;
  /** What is set aside of its limit for calls that are running. */
  held_nano: NanoUsd;
  /** The secret before the current one, while it still works. */
  former: FormerSecret | null;
}

/** A key that was never used. */
export const UNUSED = {
  last_used_at: null,
  requests: 0,
  spent_nano: 0n,
  today_nano: 0n,
  week_nano: 0n,
  month_nano: 0n,
  held_nano: 0n,
  former: null,
} as const;

/** Sums of `key_day` for each key. */
export function keySums(db: Db, nowMs: number) {
  const { today, week, month } = windowStarts(nowMs);
  const since = (day: number) => sql<NanoUsd>`cast(sum(case when day >= ${day} then cost_nano else 0 end) as bigint)`;
  return db
    .selectFrom("key_day")
    .select((eb) => [
      "key_id",
      eb.fn.max<number>("last_used_at").as("last_used_at"),
      sql<number>`cast(sum(requests) as bigint)`.as("requests"),
      sql<NanoUsd>`cast(sum(cost_nano) as bigint)`.as("spent_nano"),
      since(today).as("today_nano"),
      since(week).as("week_nano"),
      since(month).as("month_nano"),
    ])
    .groupBy("key_id");
}

export async function withUsage(db: Db, rows: readonly ApiKeyRecord[], nowMs: number): Promise<KeyWithUsage[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const sums = await keySums(db, nowMs).where("key_id", "in", ids).execute();
  const byKey = new Map(sums.map((sum) => [sum.key_id, sum]));
  const held = await heldByKey(db, rows, nowMs);
  const former = await formerSecrets(db, ids, nowMs);
  return rows.map((row) => {
    const { key_id: _, ...sum } = byKey.get(row.id) ?? { key_id: row.id, ...UNUSED };
    return { ...row, ...sum, held_nano: held.get(row.id) ?? 0n, former: former.get(row.id) ?? null };
  });
}

/** What stands in the running windows of the keys' limits. A key without a limit holds nothing. */
async function heldByKey(db: Db, rows: readonly ApiKeyRecord[], nowMs: number): Promise<Map<string, NanoUsd>> {
  const places = rows
    .filter((row) => row.limit_nano !== null)
    .map((row) => placeOf({ scope: "key", ownerId: row.id, reset: limitResetOf(row.limit_reset) }, nowMs).id);
  if (places.length === 0) return new Map();
  const found = await db
    .selectFrom("spend_limit")
    .select(["owner_id", "pending_nano"])
    .where("id", "in", places)
    .execute();
  return new Map(found.map((row) => [row.owner_id, row.pending_nano]));
}

/** The ids of the keys of an account, or of all, that a person made, deleted ones included: for `in`. */
export function keysMadeBy(userId: string | null, maker: string) {
  const account = userId === null ? sql`` : sql` and user_id = ${userId}`;
  return sql<string>`select id from api_key where created_by = ${maker}${account}`;
}

/** Part of a text, whatever its case; `%` and `_` mean themselves. */
export function contains(column: string, part: string) {
  const pattern = `%${part.replace(/[\\%_]/g, "\\$&")}%`;
  return sql<SqlBool>`lower(${sql.ref(column)}) like lower(${pattern}) escape '\\'`;
}
