/** Keys as alerts name them, and what they have spent day by day. */
import type { NanoUsd } from "../../kernel/money.ts";
import type { Db } from "../open.ts";

export interface AlertKeyRow {
  id: string;
  userId: string;
  name: string;
  label: string;
  isDisabled: boolean;
  limitNano: NanoUsd | null;
  limitReset: string | null;
}

export interface SpentDay {
  day: number;
  spentNano: NanoUsd;
  requests: number;
}

export type AlertKeys = ReturnType<typeof alertKeys>;

export function alertKeys(db: Db) {
  return {
    /** Those that are there, by their ids. */
    async of(ids: readonly string[]): Promise<Map<string, AlertKeyRow>> {
      if (ids.length === 0) return new Map();
      const rows = await db
        .selectFrom("api_key")
        .select(["id", "user_id", "name", "label", "disabled_at", "limit_nano", "limit_reset"])
        .where("id", "in", ids)
        .where("deleted_at", "is", null)
        .execute();
      return new Map(
        rows.map((row) => [
          row.id,
          {
            id: row.id,
            userId: row.user_id,
            name: row.name,
            label: row.label,
            isDisabled: row.disabled_at !== null,
            limitNano: row.limit_nano,
            limitReset: row.limit_reset,
          },
        ]),
      );
    },

    /** What was spent on each day from this one on, oldest first; days without a call are left out. */
    async days(keyId: string, firstDay: number): Promise<SpentDay[]> {
      const rows = await db
        .selectFrom("key_day")
        .select(["day", "cost_nano", "requests"])
        .where("key_id", "=", keyId)
        .where("day", ">=", firstDay)
        .orderBy("day")
        .execute();
      return rows.map(({ day, cost_nano, requests }) => ({ day, spentNano: cost_nano, requests }));
    },
  };
}
