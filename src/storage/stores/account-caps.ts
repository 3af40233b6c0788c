/** How fast all keys of an account together may call. What is null, or has no row, is not capped. */
import type { Db } from "../open.ts";
import { inTransaction } from "../transaction.ts";
import { announce } from "./budgets.ts";

export interface AccountCaps {
  rpm: number | null;
  tpm: number | null;
  parallel: number | null;
}

export const NO_ACCOUNT_CAPS: AccountCaps = { rpm: null, tpm: null, parallel: null };

export type AccountCapsStore = ReturnType<typeof createAccountCapsStore>;

export function createAccountCapsStore(db: Db) {
  return {
    /** The caps of these accounts; those without any are left out. */
    async of(userIds: readonly string[]): Promise<Map<string, AccountCaps>> {
      if (userIds.length === 0) return new Map();
      const rows = await db
        .selectFrom("account_caps")
        .select(["user_id", "rpm", "tpm", "parallel"])
        .where("user_id", "in", userIds)
        .execute();
      return new Map(rows.map(({ user_id, ...caps }) => [user_id, caps]));
    },

    /** In force everywhere within a second. */
    async set(userId: string, { rpm, tpm, parallel }: AccountCaps, nowMs: number): Promise<void> {
      const values = { rpm, tpm, parallel, updated_at: nowMs };
      await inTransaction(db, async (transaction) => {
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
