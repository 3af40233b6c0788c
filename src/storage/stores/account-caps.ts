/** How fast all keys of an account together may call. What is null, or has no row, is not capped. */
import type { Db } from "../open.ts";
import { announce } from "./budgets.ts";

export interface AccountCaps {
  rpm: number | null;
  tpm: number | null;
  parallel: number | null;
}

export type AccountCapsStore = ReturnType<typeof createAccountCapsStore>;

export function createAccountCapsStore(db: Db) {
  return {
    async get(userId: string): Promise<AccountCaps> {
      const row = await db
        .selectFrom("account_caps")
        .select(["rpm", "tpm", "parallel"])
        .where("user_id", "=", userId)
        .executeTakeFirst();
      return row ?? { rpm: null, tpm: null, parallel: null };
    },

    /** In force everywhere within a second. */
    async set(userId: string, { rpm, tpm, parallel }: AccountCaps, nowMs: number): Promise<void> {
      const values = { rpm, tpm, parallel, updated_at: nowMs };
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("account_caps")
          .values({ user_id: userId, ...values })
          .onConflict((conflict) => conflict.column("user_id").doUpdateSet(values))
          .execute();
        await announce(transaction, userId, nowMs);
      });
    },
  };
}
