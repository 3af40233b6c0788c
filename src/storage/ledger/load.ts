/** Reads what a batch of commands works on, and locks it. */

import { asChecked } from "../../kernel/json.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import type { SpendLimit, SpendScope } from "../../kernel/spend-limit.ts";
import { limitResetOf } from "../../kernel/windows.ts";
import type { BalanceRow, KeyTerms, LeaseRow, LimitRow, ProcessRow, ReservationRow } from "./books.ts";
import { type Conversation, type Dialect, query, rowsParameter } from "./conversation.ts";
import { inOrder } from "./limits.ts";

function idsParameter(ids: Iterable<string>): string {
  return rowsParameter([...new Set(ids)].map((id) => ({ id })));
}

/** `select … where key in (…) order by key`, locked in this order. */
function* lockedRows<Row>(
  dialect: Dialect,
  { table, key, ids }: { table: string; key: string; ids: readonly string[] },
): Conversation<Row[]> {
  if (ids.length === 0) return [];
  const chosen = `select id from ${dialect.rows({ id: "text" })}`;
  const sql = `select * from ${table} where ${key} in (${chosen}) order by ${key}${dialect.lock(table)}`;
  return yield* query<Row>(sql, idsParameter(ids));
}

export function* loadLimits(dialect: Dialect, ids: readonly string[]): Conversation<[string, LimitRow][]> {
  const rows = yield* lockedRows<LimitRow>(dialect, { table: "spend_limit", key: "id", ids });
  return rows.map((row) => [row.id, row]);
}

export function* loadProcesses(dialect: Dialect, ids: readonly string[]): Conversation<[string, ProcessRow][]> {
  const rows = yield* lockedRows<ProcessRow>(dialect, { table: "ledger_process", key: "id", ids });
  return rows.map((row) => [row.id, row]);
}

export function* loadBalances(dialect: Dialect, ids: readonly string[]): Conversation<[string, BalanceRow][]> {
  const rows = yield* lockedRows<BalanceRow>(dialect, { table: "balance", key: "account_id", ids });
  return rows.map((row) => [row.account_id, row]);
}

type WithLimitText<Row extends { limitIds: readonly string[] }> = Omit<Row, "limitIds"> & { limits: string };

export function* loadLeases(dialect: Dialect, ids: readonly string[]): Conversation<[string, LeaseRow][]> {
  const rows = yield* lockedRows<WithLimitText<LeaseRow>>(dialect, { table: "lease", key: "id", ids });
  return rows.map(({ limits, ...row }) => [row.id, { ...row, limitIds: limitIdsFrom(limits) }]);
}

export function* loadReservations(dialect: Dialect, ids: readonly string[]): Conversation<[string, ReservationRow][]> {
  const rows = yield* lockedRows<WithLimitText<ReservationRow>>(dialect, {
    table: "reservation",
    key: "request_id",
    ids,
  });
  return rows.map(({ limits, ...row }) => [row.request_id, { ...row, limitIds: limitIdsFrom(limits) }]);
}

export function limitIdsFrom(text: string): string[] {
  return asChecked<string[]>(JSON.parse(text));
}

/** What decides the limits of a key's own: its row, how its owner pays, and what was paid in. */
export interface KeyTermsRow {
  id: string;
  user_id: string;
  limit_nano: NanoUsd | null;
  limit_reset: string | null;
  mode: string | null;
  credit_nano: NanoUsd | null;
}

export interface BudgetRow {
  scope: string;
  owner_id: string;
  reset: string;
  limit_nano: NanoUsd;
}

const KEY_TERMS = (dialect: Dialect) => `
  select k.id, k.user_id, k.limit_nano, k.limit_reset, b.mode, c.lim_nano as credit_nano
  from api_key k
  left join billing b on b.user_id = k.user_id
  left join spend_limit c on c.id = 'credit/' || k.user_id || '/total/-1'
  where k.id in (select id from ${dialect.rows({ id: "text" })})`;
const BUDGETS = (dialect: Dialect) => `
  select scope, owner_id, reset, min(limit_nano) as limit_nano from budget
  where scope = 'instance' or (scope = 'account' and owner_id in (select id from ${dialect.rows({ id: "text" })}))
  group by scope, owner_id, reset order by scope, owner_id, reset`;

/** What the database says of these keys. Keys that do not exist are left out. */
export function* loadTerms(dialect: Dialect, keyIds: readonly string[]): Conversation<Map<string, KeyTerms>> {
  if (keyIds.length === 0) return new Map();
  const keys = yield* query<KeyTermsRow>(KEY_TERMS(dialect), idsParameter(keyIds));
  const budgets = yield* query<BudgetRow>(BUDGETS(dialect), idsParameter(keys.map((key) => key.user_id)));
  return new Map(keys.map((key) => [key.id, { keyId: key.id, userId: key.user_id, limits: limitsOf(key, budgets) }]));
}

/** All limits that a key is held to, of the budgets that are given, in the order of SPEND_SCOPES. */
export function limitsOf(key: KeyTermsRow, budgets: readonly BudgetRow[]): SpendLimit[] {
  const bounds = budgets
    .filter(({ scope, owner_id }) => scope === "instance" || owner_id === key.user_id)
    .map(budgetLimit);
  return inOrder([...bounds, ...ownLimits(key)]);
}

function budgetLimit({ scope, owner_id, reset, limit_nano }: BudgetRow): SpendLimit {
  return {
    scope: scope === "instance" ? "instance" : "account",
    ownerId: owner_id,
    reset: limitResetOf(reset),
    nano: limit_nano,
  };
}

function ownLimits({ id, user_id, limit_nano, limit_reset, mode, credit_nano }: KeyTermsRow): SpendLimit[] {
  const limits: SpendLimit[] = [];
  const add = (scope: SpendScope, more: Omit<SpendLimit, "scope">) => limits.push({ scope, ...more });
  if (mode === "prepaid") add("credit", { ownerId: user_id, reset: null, nano: credit_nano ?? 0n });
  if (limit_nano !== null) add("key", { ownerId: id, reset: limitResetOf(limit_reset), nano: limit_nano });
  return limits;
}
