/** What people have set about money: budgets of the instance and of accounts, and how an account pays. */
import type { NanoUsd } from "../../kernel/money.ts";
import type { SpendLimit } from "../../kernel/spend-limit.ts";
import type { LimitReset } from "../../kernel/windows.ts";
import { resetName } from "../ledger/limits.ts";
import { budgetLimit } from "../ledger/load.ts";
import type { Db } from "../open.ts";

/** Whose budget: an account's, or the instance's with an empty id. */
export interface BudgetOwner {
  scope: "instance" | "account";
  ownerId: string;
}

export type BillingMode = "unmetered" | "prepaid";

export type BudgetStore = ReturnType<typeof createBudgetStore>;

export function createBudgetStore(db: Db) {
  return {
    /** The budgets of an owner: at most one for each way of beginning anew. */
    async list({ scope, ownerId }: BudgetOwner): Promise<SpendLimit[]> {
      const rows = db.selectFrom("budget").selectAll().where("scope", "=", scope).where("owner_id", "=", ownerId);
      return (await rows.orderBy("reset").execute()).map(budgetLimit);
    },

    /** Sets a budget, or takes it away with null. In force everywhere within a second; running calls go on. */
    async set(
      { scope, ownerId }: BudgetOwner,
      budget: { reset: LimitReset | null; nano: NanoUsd | null },
      nowMs: number,
    ) {
      const reset = resetName(budget.reset);
      await db.transaction().execute(async (transaction) => {
        if (budget.nano === null) {
          await transaction
            .deleteFrom("budget")
            .where("scope", "=", scope)
            .where("owner_id", "=", ownerId)
            .where("reset", "=", reset)
            .execute();
        } else {
          const values = { limit_nano: budget.nano, updated_at: nowMs };
          await transaction
            .insertInto("budget")
            .values({ scope, owner_id: ownerId, reset, ...values })
            .onConflict((conflict) => conflict.columns(["scope", "owner_id", "reset"]).doUpdateSet(values))
            .execute();
        }
        if (scope === "account") await announce(transaction, ownerId, nowMs);
      });
    },

    async billing(userId: string): Promise<BillingMode> {
      const row = await db.selectFrom("billing").select("mode").where("user_id", "=", userId).executeTakeFirst();
      return row?.mode === "prepaid" ? "prepaid" : "unmetered";
    },

    async setBilling(userId: string, mode: BillingMode, nowMs: number): Promise<void> {
      await db.transaction().execute(async (transaction) => {
        const values = { mode, updated_at: nowMs };
        await transaction
          .insertInto("billing")
          .values({ user_id: userId, ...values })
          .onConflict((conflict) => conflict.column("user_id").doUpdateSet(values))
          .execute();
        await announce(transaction, userId, nowMs);
      });
    },
  };
}

/** The limits of an account's keys have changed: copies of the keys in memory are old now. */
export async function announce(db: Db, userId: string, nowMs: number): Promise<void> {
  await db
    .updateTable("api_key")
    .set((eb) => ({ updated_at: nowMs, version: eb("version", "+", 1) }))
    .where("user_id", "=", userId)
    .where("deleted_at", "is", null)
    .execute();
}
