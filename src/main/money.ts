/** Everything about money that people and programs see and do, put together for the composition root. */
import type { Config } from "../config/schema.ts";
import { createBudgetAdministration } from "../control/budgets/budget-administration.ts";
import { budgetHandlers } from "../control/budgets/budget-handlers.ts";
import { creditHandlers } from "../control/credits/credit-handlers.ts";
import type { AccountCredits } from "../control/keys/key-api-handlers.ts";
import type { OnKeyChanged } from "../control/keys/key-changes.ts";
import { noticeHandlers } from "../control/notices/notice-handlers.ts";
import { reconciliationHandlers } from "../control/reconciliation/reconciliation-handlers.ts";
import { statementHandlers } from "../control/statement/statement-handlers.ts";
import { type LimitNoticeDeps, pruneNotices, type Recipient, tellOfLimits } from "../jobs/limit-notices.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Mailer } from "../mail/mailer.ts";
import { createCreditStore } from "../storage/ledger/credits.ts";
import { createStatementStore } from "../storage/ledger/statement.ts";
import type { Storage } from "../storage/open.ts";
import { createAccountCapsStore } from "../storage/stores/account-caps.ts";
import { createAccountPageStore } from "../storage/stores/account-list.ts";
import { createAccountStore } from "../storage/stores/accounts.ts";
import { answeredRows } from "../storage/stores/answered-usage.ts";
import type { AuditStore } from "../storage/stores/audit.ts";
import { boundLimits } from "../storage/stores/bound-limits.ts";
import { type BudgetOwner, createBudgetStore } from "../storage/stores/budgets.ts";
import type { KeyStore } from "../storage/stores/keys.ts";
import { createLimitNoticeStore } from "../storage/stores/limit-notices.ts";
import { createPaceStore } from "../storage/stores/pace.ts";

interface MoneyDeps {
  storage: Storage;
  audit: AuditStore;
  clock: Clock;
  /** Brings what was set into force in this process; others follow within a second. */
  onLimitsChanged(scope: BudgetOwner["scope"]): Promise<void>;
}

export function moneyHandlers({ storage, audit, clock, onLimitsChanged }: MoneyDeps) {
  const { db } = storage;
  const credits = createCreditStore(storage);
  const budgets = createBudgetStore(db);
  const accounts = createAccountPageStore(db);
  const onCreditChanged = () => onLimitsChanged("account");
  return {
    ...budgetHandlers({
      budgets,
      credits,
      pace: createPaceStore(db),
      accounts,
      caps: createAccountCapsStore(db),
      administration: createBudgetAdministration({ audit, clock }),
      clock,
      onLimitsChanged,
    }),
    ...creditHandlers({ credits, budgets, accounts, audit, clock, onCreditChanged }),
    ...statementHandlers({ statement: createStatementStore(db), accounts }),
    ...noticeHandlers({ notices: createLimitNoticeStore(db), bounds: (ids) => boundLimits(db, ids), clock }),
    ...reconciliationHandlers({ of: (provider, fromMs, toMs) => answeredRows(db, { provider, fromMs, toMs }) }),
  };
}

/** What an account pays from, for whoever asks for its credits. */
export function accountCredits(storage: Storage): AccountCredits {
  const credits = createCreditStore(storage);
  const budgets = createBudgetStore(storage.db);
  return {
    of: async (userId) => {
      if ((await budgets.billing(userId)) !== "prepaid") return null;
      const [state] = await credits.states([userId]);
      return state ?? null;
    },
  };
}

/** Brings limits that were set into force here, at once: of the instance, and of the keys that they bind. */
export function limitsInForce(parts: {
  /** Reads again what was set for the whole instance. */
  refreshInstance(): Promise<void>;
  keys: Pick<KeyStore, "changedSince">;
  onKeyChanged: OnKeyChanged;
  clock: Clock;
}): MoneyDeps["onLimitsChanged"] {
  const { refreshInstance, keys, onKeyChanged, clock } = parts;
  return async (scope) => {
    if (scope === "instance") await refreshInstance();
    for (const change of await keys.changedSince(clock.nowMs())) onKeyChanged(change);
  };
}

/** Tells people of limits that are nearly used, and forgets what was told long ago. */
export function limitNoticesFor(
  storage: Storage,
  { config, clock, ...told }: { config: Config; clock: Clock } & Pick<LimitNoticeDeps, "alsoTell"> & { mailer: Mailer },
): { tell(): Promise<void>; prune(): Promise<void> } {
  const accounts = createAccountStore(storage.db, storage.engine);
  const deps: LimitNoticeDeps = {
    notices: createLimitNoticeStore(storage.db),
    bounds: (ids) => boundLimits(storage.db, ids),
    owners: async () => {
      const id = await accounts.ownerId();
      return id === null ? [] : [id];
    },
    people: async (ids) => {
      const found = await Promise.all(
        [...new Set(ids)].map(async (id) => ({ id, contact: await accounts.contact(id) })),
      );
      return found.flatMap(({ id, contact }): Recipient[] =>
        contact && !contact.suspended ? [{ ...contact, id }] : [],
      );
    },
    ...told,
    baseUrl: config.baseUrl,
    display: config.display,
    clock,
  };
  return { tell: () => tellOfLimits(deps), prune: () => pruneNotices(deps) };
}
