/**
 * The one way in which people change what bounds spending and speed: budgets, how an account pays, and its caps. For the
 * dashboard and the command line.
 *
 * Invariants: a change and its entry in the audit log are durable together or not at all; the entry holds what was
 * different before and after, and there is none where nothing was.
 */
import { type AuditActor, changedFacts } from "../../kernel/audit.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { type NanoUsd, usdString } from "../../kernel/money.ts";
import type { LimitReset } from "../../kernel/windows.ts";
import type { Db } from "../../storage/open.ts";
import { type AccountCaps, createAccountCapsStore, NO_ACCOUNT_CAPS } from "../../storage/stores/account-caps.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { type BillingMode, type BudgetOwner, createBudgetStore } from "../../storage/stores/budgets.ts";

export const BUDGET_RESETS = { total: null, daily: "daily", weekly: "weekly", monthly: "monthly" } as const;

/** What is left out, or undefined, stays as it is; null takes it away. */
export type BudgetAmounts = { [Name in keyof typeof BUDGET_RESETS]?: NanoUsd | null | undefined };

export interface BoundChanges {
  /** Who sets the amounts: of the owner of the instance and the account itself the lesser holds. */
  setBy: "owner" | "self";
  limits?: BudgetAmounts;
  /** These two are of accounts alone. */
  billing?: BillingMode | undefined;
  caps?: { [Cap in keyof AccountCaps]?: number | null | undefined } | undefined;
}

export type BudgetAdministration = ReturnType<typeof createBudgetAdministration>;

export function createBudgetAdministration({ audit, clock }: { audit: AuditStore; clock: Clock }) {
  return {
    change: (actor: AuditActor, owner: BudgetOwner, changes: BoundChanges): Promise<void> =>
      audit.together(async (db, record) => {
        const before = await factsOf(db, owner);
        await apply(db, owner, { ...changes, nowMs: clock.nowMs() });
        const facts = changedFacts(before, await factsOf(db, owner));
        if (Object.keys(facts.after).length === 0) return;
        const target = { kind: owner.scope, id: owner.ownerId === "" ? null : owner.ownerId };
        await record({ actor, action: "budget.change", target, ...facts });
      }),
  };
}

async function apply(
  db: Db,
  owner: BudgetOwner,
  { setBy, limits = {}, billing, caps, nowMs }: BoundChanges & { nowMs: number },
): Promise<void> {
  const budgets = createBudgetStore(db);
  if (billing !== undefined) await budgets.setBilling(owner.ownerId, billing, nowMs);
  for (const [reset, nano] of named(limits)) await budgets.set(owner, { reset, nano, setBy }, nowMs);
  if (caps !== undefined) {
    const store = createAccountCapsStore(db);
    const { rpm, tpm, parallel } = (await store.of([owner.ownerId])).get(owner.ownerId) ?? NO_ACCOUNT_CAPS;
    const kept = <Cap>(asked: Cap | undefined, now: Cap) => (asked === undefined ? now : asked);
    const all = { rpm: kept(caps.rpm, rpm), tpm: kept(caps.tpm, tpm), parallel: kept(caps.parallel, parallel) };
    await store.set(owner.ownerId, all, nowMs);
  }
}

/** The amounts that are named, each with its way of beginning anew. */
function named(limits: BudgetAmounts): [LimitReset | null, NanoUsd | null][] {
  const { total, daily, weekly, monthly } = limits;
  return Object.entries({ total, daily, weekly, monthly }).flatMap(([name, nano]) => {
    const reset = Object.entries(BUDGET_RESETS).find(([known]) => known === name)?.[1] ?? null;
    return nano === undefined ? [] : [[reset, nano]];
  });
}

/** What the audit log says of somebody's bounds, such as `owner.daily: "5"`. */
async function factsOf(db: Db, { scope, ownerId }: BudgetOwner): Promise<JsonObject> {
  const budgets = createBudgetStore(db);
  const set = (await budgets.settings(scope, [ownerId])).flatMap(({ reset, ownerNano, selfNano }) => {
    const amounts = { owner: ownerNano, self: selfNano };
    return Object.entries(amounts).flatMap(([by, nano]): [string, string][] =>
      nano === null ? [] : [[`${by}.${reset ?? "total"}`, usdString(nano)]],
    );
  });
  const facts = Object.fromEntries(set);
  if (scope === "instance") return facts;
  const caps = (await createAccountCapsStore(db).of([ownerId])).get(ownerId) ?? NO_ACCOUNT_CAPS;
  return { ...facts, billing: await budgets.billing(ownerId), ...caps };
}
