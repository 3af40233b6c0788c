/**
 * Budgets of the instance and of accounts, and how fast an account may call.
 *
 * Invariants: an account bounds itself alone; only the owner of the instance bounds others, and what the owner has set no
 * account can lift; what was set is in force here when it is answered.
 */
import type { AccountBudgets, BudgetedAccount, InstanceBudgets } from "../../contract/schemas/budgets.ts";
import type { AuditActor } from "../../kernel/audit.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { usdString } from "../../kernel/money.ts";
import { DAY_MS, windowStarts } from "../../kernel/windows.ts";
import type { CreditStore } from "../../storage/ledger/credits.ts";
import { type AccountCapsStore, NO_ACCOUNT_CAPS } from "../../storage/stores/account-caps.ts";
import type { AccountPageStore, ListedAccount } from "../../storage/stores/account-list.ts";
import type { BudgetOwner, BudgetStore } from "../../storage/stores/budgets.ts";
import type { PaceStore } from "../../storage/stores/pace.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers } from "../http/handler.ts";
import type { BoundChanges, BudgetAdministration } from "./budget-administration.ts";
import { budgetView, creditView } from "./budget-view.ts";

export interface BudgetHandlerDeps {
  budgets: BudgetStore;
  credits: Pick<CreditStore, "states" | "operatorLoss">;
  pace: PaceStore;
  accounts: AccountPageStore;
  caps: Pick<AccountCapsStore, "of">;
  administration: BudgetAdministration;
  clock: Clock;
  /** Brings what was set into force in this process; others follow within a second. */
  onLimitsChanged(scope: BudgetOwner["scope"]): Promise<void>;
}

type BudgetOperations =
  | "getBudgets"
  | "setBudgets"
  | "getInstanceBudgets"
  | "setInstanceBudgets"
  | "listBudgetedAccounts"
  | "setAccountBudgets";

export function budgetHandlers(deps: BudgetHandlerDeps): Handlers<BudgetOperations> {
  const { accounts, administration } = deps;
  const own = async (userId: string) => (await accountBudgets(deps, [userId])).get(userId) ?? noAccount();
  const change = async (actor: AuditActor, owner: BudgetOwner, changes: BoundChanges) => {
    await administration.change(actor, owner, changes);
    await deps.onLimitsChanged(owner.scope);
  };
  return {
    getBudgets: async ({ account }) => ({ body: await own(account.accountId) }),
    setBudgets: async ({ account, body, visitor }) => {
      const owner: BudgetOwner = { scope: "account", ownerId: account.accountId };
      await change(personActor(account.userId, visitor), owner, { setBy: "self", limits: body });
      return { body: await own(account.accountId) };
    },
    getInstanceBudgets: async () => ({ body: await instanceBudgets(deps) }),
    setInstanceBudgets: async ({ account, body, visitor }) => {
      await change(personActor(account.userId, visitor), INSTANCE, { setBy: "owner", limits: body });
      return { body: await instanceBudgets(deps) };
    },
    listBudgetedAccounts: async ({ query: { q: search, cursor, limit } }) => {
      const page = await accounts.page({ search, cursor, limit });
      return { body: { ...page, accounts: await budgeted(deps, page.accounts) } };
    },
    setAccountBudgets: async ({ account, params, body: { billing, caps, ...limits }, visitor }) => {
      const bounded = await accounts.find(params.id);
      if (bounded === null) return noAccount();
      const owner: BudgetOwner = { scope: "account", ownerId: bounded.id };
      await change(personActor(account.userId, visitor), owner, { setBy: "owner", limits, billing, caps });
      const [shown] = await budgeted(deps, [bounded]);
      return { body: shown ?? noAccount() };
    },
  };
}

const INSTANCE: BudgetOwner = { scope: "instance", ownerId: "" };

function noAccount(): never {
  throw new GapuraError("resource_not_found", { values: { what: "This account" } });
}

async function accountBudgets(deps: BudgetHandlerDeps, userIds: readonly string[]) {
  const nowMs = deps.clock.nowMs();
  const [states, credits, recent, billing, caps] = await Promise.all([
    deps.budgets.states("account", userIds, nowMs),
    deps.credits.states(userIds),
    deps.pace.ofAccounts(userIds, nowMs),
    deps.accounts.billing(userIds),
    deps.caps.of(userIds),
  ]);
  const views = credits.map((credit): [string, AccountBudgets] => {
    const pace = recent.get(credit.userId) ?? null;
    const own = states.filter(({ ownerId }) => ownerId === credit.userId);
    const mode = billing.get(credit.userId) ?? "unmetered";
    return [
      credit.userId,
      {
        budgets: own.map((state) => budgetView(state, pace, nowMs)),
        credit: creditView(credit, { billing: mode, recent: pace, nowMs }),
        caps: caps.get(credit.userId) ?? NO_ACCOUNT_CAPS,
      },
    ];
  });
  return new Map(views);
}

async function budgeted(deps: BudgetHandlerDeps, accounts: readonly ListedAccount[]): Promise<BudgetedAccount[]> {
  const ids = accounts.map(({ id }) => id);
  const { month } = windowStarts(deps.clock.nowMs());
  const [views, spent] = await Promise.all([accountBudgets(deps, ids), deps.pace.monthOf(ids, month)]);
  return accounts.map(({ id, ...account }) => ({
    id,
    ...account,
    monthUsd: usdString(spent.get(id) ?? 0n),
    ...(views.get(id) ?? noAccount()),
  }));
}

async function instanceBudgets({ budgets, credits, pace, clock }: BudgetHandlerDeps): Promise<InstanceBudgets> {
  const nowMs = clock.nowMs();
  const [states, recent, monthLoss, totalLoss] = await Promise.all([
    budgets.states("instance", [""], nowMs),
    pace.ofInstance(nowMs),
    credits.operatorLoss(windowStarts(nowMs).month * DAY_MS),
    credits.operatorLoss(0),
  ]);
  return {
    budgets: states.map((state) => budgetView(state, recent, nowMs)),
    operatorLoss: {
      monthUsd: usdString(monthLoss.nano),
      totalUsd: usdString(totalLoss.nano),
      requests: totalLoss.requests,
    },
  };
}
