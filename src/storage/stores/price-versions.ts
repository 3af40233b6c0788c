/** The figures behind the versions of prices that charges record. A version is written once and never changes. */
import type { Db } from "../open.ts";

export interface PriceVersionStore {
  /** Keeps the figures of a version; of one that is there already nothing changes. */
  keep(version: string, rates: string, nowMs: number): Promise<void>;
  /** The figures of a version, or null. */
  find(version: string): Promise<string | null>;
}

export function createPriceVersionStore(db: Db): PriceVersionStore {
  return {
    keep: async (version, rates, nowMs) => {
      await db
        .insertInto("price_version")
        .values({ version, rates, first_used_at: nowMs })
        .onConflict((conflict) => conflict.column("version").doNothing())
        .execute();
    },
    find: async (version) => {
      const row = await db
        .selectFrom("price_version")
        .select("rates")
        .where("version", "=", version)
        .executeTakeFirst();
      return row?.rates ?? null;
    },
  };
}
