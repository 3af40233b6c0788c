/** What was used: single requests from their rows, everything longer from the sums per key and day. */

import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { NanoUsd } from "../../kernel/money.ts";
import type { Db } from "../open.ts";
import type { UsageTable } from "../schema.ts";
import { usagePage } from "./usage-page.ts";

export interface UsageEntry extends Selectable<UsageTable> {
  key_name: string | null;
}

export interface DaySum {
  day: number;
  requests: number;
  errors: number;
  prompt_tokens: number;
  completion_tokens: number;
  cost_nano: NanoUsd;
}

export type UsageStore = ReturnType<typeof createUsageStore>;

export function createUsageStore(db: Db) {
  return { ...requests(db), ...sums(db) };
}

function requests(db: Db) {
  return {
    /** One request of an account, or of any where that is null; through a key that one person made, where one is named. */
    async find(userId: string | null, id: string, maker: string | null = null): Promise<UsageEntry | null> {
      let query = db
        .selectFrom("usage")
        .leftJoin("api_key", "api_key.id", "usage.key_id")
        .selectAll("usage")
        .select("api_key.name as key_name")
        .where("usage.id", "=", id);
      if (userId !== null) query = query.where("usage.user_id", "=", userId);
      if (maker !== null) query = query.where("api_key.created_by", "=", maker);
      return (await query.executeTakeFirst()) ?? null;
    },

    page: (userId: string | null, options: Parameters<typeof usagePage>[2]) => usagePage(db, userId, options),
  };
}

function sums(db: Db) {
  return {
    /** Sums per UTC day over all of a person's keys, days without requests left out. */
    days(userId: string, firstDay: number): Promise<DaySum[]> {
      return db
        .selectFrom("key_day")
        .select([
          "day",
          sql<number>`cast(sum(requests) as bigint)`.as("requests"),
          sql<number>`cast(sum(errors) as bigint)`.as("errors"),
          sql<number>`cast(sum(prompt_tokens) as bigint)`.as("prompt_tokens"),
          sql<number>`cast(sum(completion_tokens) as bigint)`.as("completion_tokens"),
          sql<NanoUsd>`cast(sum(cost_nano) as bigint)`.as("cost_nano"),
        ])
        .where("user_id", "=", userId)
        .where("day", ">=", firstDay)
        .groupBy("day")
        .orderBy("day")
        .execute();
    },

    /** What a key has spent since a day (counted from 1970-01-01 UTC), or in all. */
    async spentByKey(keyId: string, firstDay: number | null): Promise<NanoUsd> {
      let days = db.selectFrom("key_day").select(totalCost).where("key_id", "=", keyId);
      if (firstDay !== null) days = days.where("day", ">=", firstDay);
      return (await days.executeTakeFirstOrThrow()).total_nano;
    },

    /** What all keys of a person have spent in all, deleted ones included. */
    async spentByPerson(userId: string): Promise<NanoUsd> {
      const all = db.selectFrom("key_day").select(totalCost).where("user_id", "=", userId);
      return (await all.executeTakeFirstOrThrow()).total_nano;
    },
  };
}

const totalCost = sql<NanoUsd>`cast(coalesce(sum(cost_nano), 0) as bigint)`.as("total_nano");
