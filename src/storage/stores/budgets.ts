/**
 * What people have set about money: budgets of the instance and of accounts, and how an account pays; and how far each
 * is used. The owner of the instance and an account may both bound the account: the lesser of the two holds.
 */
import { sql } from "kysely";
import { lesserOf, type NanoUsd } from "../../kernel/money.ts";
import type { SpendLimit } from "../../kernel/spend-limit.ts";
import { type LimitReset, limitResetOf, windowStarts } from "../../kernel/windows.ts";
import { placeOf, resetName } from "../ledger/limits.ts";
import type { Db } from "../open.ts";
import { inTransaction } from "../transaction.ts";

/** Whose budget: an account's, or the instance's with an empty id. */
export interface BudgetOwner {
  scope: "instance" | "account";
  ownerId: string;
}

export type BillingMode = "unmetered" | "prepaid";

export interface BudgetChange {
  reset: LimitReset | null;
  /** Null takes it away. */
  nano: NanoUsd | null;
  setBy: "owner" | "self";
}

export interface BudgetSetting extends BudgetOwner {
  reset: LimitReset | null;
  /** What holds: the lesser of the two. */
  limitNano: NanoUsd;
  ownerNano: NanoUsd | null;
  selfNano: NanoUsd | null;
}

export interface BudgetState extends BudgetSetting {
  /** What was charged in the running window. */
  spentNano: NanoUsd;
  /** What is set aside for running calls. */
  heldNano: NanoUsd;
}

export type BudgetStore = ReturnType<typeof createBudgetStore>;

export function createBudgetStore(db: Db) {
  return {
    /** Budgets of owners of one kind, each with how far it is used, in the order of `ownerIds` and of the windows. */
    states: (scope: BudgetOwner["scope"], ownerIds: readonly string[], nowMs: number) =>
      budgetStates(db, { scope, ownerIds }, nowMs),

    /** The same without how far they are used. */
    settings: (scope: BudgetOwner["scope"], ownerIds: readonly string[]): Promise<BudgetSetting[]> =>
      settingsOf(db, { scope, ownerIds }),

    /** Sets a budget, or takes it away with null. In force everywhere within a second; running calls go on. */
    set: (owner: BudgetOwner, change: BudgetChange, nowMs: number) => setBudget(db, { ...owner, ...change }, nowMs),

    async billing(userId: string): Promise<BillingMode> {
      const row = await db.selectFrom("billing").select("mode").where("user_id", "=", userId).executeTakeFirst();
      return row?.mode === "prepaid" ? "prepaid" : "unmetered";
    },

    /** From now on every call is paid from the credit, or no more. What was spent before stays as it is. */
    async setBilling(userId: string, mode: BillingMode, nowMs: number): Promise<void> {
      await inTransaction(db, async (transaction) => {
        const values = { mode, updated_at: nowMs };
        await transaction
          .insertInto("billing")
          .values({ user_id: userId, ...values })
          .onConflict((conflict) => conflict.column("user_id").doUpdateSet(values))
          .execute();
        await announce(transaction, userId, nowMs);
      });
    },

    /** What holds for the whole instance. */
    async instanceLimits(): Promise<SpendLimit[]> {
      const rows = await settingsOf(db, { scope: "instance", ownerIds: [""] });
      return rows.map(({ reset, limitNano }) => ({ scope: "instance", ownerId: "", reset, nano: limitNano }));
    },
  };
}

async function setBudget(db: Db, budget: BudgetOwner & BudgetChange, nowMs: number): Promise<void> {
  const { scope, ownerId, setBy, nano } = budget;
  const reset = resetName(budget.reset);
  await inTransaction(db, async (transaction) => {
    if (nano === null) {
      await transaction
        .deleteFrom("budget")
        .where("scope", "=", scope)
        .where("owner_id", "=", ownerId)
        .where("reset", "=", reset)
        .where("set_by", "=", setBy)
        .execute();
    } else {
      const values = { limit_nano: nano, updated_at: nowMs };
      await transaction
        .insertInto("budget")
        .values({ scope, owner_id: ownerId, reset, set_by: setBy, ...values })
        .onConflict((conflict) => conflict.columns(["scope", "owner_id", "reset", "set_by"]).doUpdateSet(values))
        .execute();
    }
    if (scope === "account") await announce(transaction, ownerId, nowMs);
  });
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

interface Owners {
  scope: BudgetOwner["scope"];
  ownerIds: readonly string[];
}

const ORDER: readonly (LimitReset | null)[] = [null, "daily", "weekly", "monthly"];

async function settingsOf(db: Db, { scope, ownerIds }: Owners): Promise<BudgetSetting[]> {
  if (ownerIds.length === 0) return [];
  const rows = await db
    .selectFrom("budget")
    .selectAll()
    .where("scope", "=", scope)
    .where("owner_id", "in", [...ownerIds])
    .execute();
  return ownerIds.flatMap((ownerId) =>
    ORDER.flatMap((reset) => {
      const own = rows.filter((row) => row.owner_id === ownerId && limitResetOf(row.reset) === reset);
      const by = (name: string) => own.find(({ set_by }) => set_by === name)?.limit_nano ?? null;
      const [first, ...others] = own.map(({ limit_nano }) => limit_nano);
      if (first === undefined) return [];
      const limitNano = others.reduce(lesserOf, first);
      return [{ scope, ownerId, reset, limitNano, ownerNano: by("owner"), selfNano: by("self") }];
    }),
  );
}

async function budgetStates(db: Db, owners: Owners, nowMs: number): Promise<BudgetState[]> {
  const settings = await settingsOf(db, owners);
  if (settings.length === 0) return [];
  const spent = await spentBy(db, owners, nowMs);
  const held = await heldBy(
    db,
    settings.map((setting) => placeOf(setting, nowMs).id),
  );
  return settings.map((setting) => ({
    ...setting,
    spentNano: spent.get(setting.ownerId)?.[setting.reset ?? "total"] ?? 0n,
    heldNano: held.get(placeOf(setting, nowMs).id) ?? 0n,
  }));
}

type Spent = Record<LimitReset | "total", NanoUsd>;

async function spentBy(db: Db, { scope, ownerIds }: Owners, nowMs: number): Promise<Map<string, Spent>> {
  const { today, week, month } = windowStarts(nowMs);
  const owner = scope === "instance" ? sql<string>`''` : sql<string>`user_id`;
  const since = (day: number) => sql<NanoUsd>`cast(sum(case when day >= ${day} then cost_nano else 0 end) as bigint)`;
  let sums = db
    .selectFrom("key_day")
    .select([
      owner.as("owner_id"),
      sql<NanoUsd>`cast(sum(cost_nano) as bigint)`.as("total_nano"),
      since(today).as("daily_nano"),
      since(week).as("weekly_nano"),
      since(month).as("monthly_nano"),
    ]);
  if (scope === "account") sums = sums.where("user_id", "in", [...ownerIds]).groupBy("user_id");
  return new Map(
    (await sums.execute()).map((row) => [
      row.owner_id,
      // A sum of no rows is null.
      {
        total: row.total_nano ?? 0n,
        daily: row.daily_nano ?? 0n,
        weekly: row.weekly_nano ?? 0n,
        monthly: row.monthly_nano ?? 0n,
      },
    ]),
  );
}

async function heldBy(db: Db, ids: readonly string[]): Promise<Map<string, NanoUsd>> {
  const rows = await db
    .selectFrom("spend_limit")
    .select(["id", "pending_nano"])
    .where("id", "in", [...ids])
    .execute();
  return new Map(rows.map(({ id, pending_nano }) => [id, pending_nano]));
}
