/** How fast accounts, or the whole instance, have spent lately. */
import { sql } from "kysely";
import type { NanoUsd } from "../../kernel/money.ts";
import { DAY_MS, dayOf } from "../../kernel/windows.ts";
import type { Db } from "../open.ts";

/** How many days a pace looks back, today included. */
const LOOK_BACK_DAYS = 7;

export interface RecentSpend {
  nano: NanoUsd;
  /** Since when: the first of the days on which something was spent. */
  sinceMs: number;
}

export type PaceStore = ReturnType<typeof createPaceStore>;

export function createPaceStore(db: Db) {
  const recent = (nowMs: number) =>
    db
      .selectFrom("key_day")
      .select((eb) => [sql<NanoUsd>`cast(sum(cost_nano) as bigint)`.as("sum_nano"), eb.fn.min("day").as("first_day")])
      .where("day", ">", dayOf(nowMs) - LOOK_BACK_DAYS)
      .where("cost_nano", ">", 0n);
  return {
    /** By account; one that has spent nothing is left out. */
    async ofAccounts(userIds: readonly string[], nowMs: number): Promise<Map<string, RecentSpend>> {
      if (userIds.length === 0) return new Map();
      const rows = await recent(nowMs).select("user_id").where("user_id", "in", userIds).groupBy("user_id").execute();
      return new Map(rows.map((row) => [row.user_id, { nano: row.sum_nano, sinceMs: row.first_day * DAY_MS }]));
    },

    async ofInstance(nowMs: number): Promise<RecentSpend | null> {
      const row = await recent(nowMs).executeTakeFirst();
      // A sum of no rows is null.
      return row?.first_day == null ? null : { nano: row.sum_nano, sinceMs: row.first_day * DAY_MS };
    },

    /** What accounts have spent since the first of the month, UTC. */
    async monthOf(userIds: readonly string[], firstDay: number): Promise<Map<string, NanoUsd>> {
      if (userIds.length === 0) return new Map();
      const rows = await db
        .selectFrom("key_day")
        .select(["user_id", sql<NanoUsd>`cast(sum(cost_nano) as bigint)`.as("sum_nano")])
        .where("day", ">=", firstDay)
        .where("user_id", "in", userIds)
        .groupBy("user_id")
        .execute();
      return new Map(rows.map((row) => [row.user_id, row.sum_nano]));
    },
  };
}
