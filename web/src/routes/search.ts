/** What the pages take from the address bar. Anything that does not fit is dropped, never an error. */

import type { StatementEntry } from "../../../src/contract/schemas/credits.ts";
import { ALERT_KINDS, type AlertKind } from "../../../src/kernel/alerts/facts.ts";
import { AUDIT_ACTIONS, type AuditAction } from "../../../src/kernel/audit.ts";
import { KEY_RISKS, type KeyRisk } from "../../../src/kernel/key-risk.ts";
import { METRICS, type Metric } from "../features/usage/usage-search.ts";

type Search = Record<string, unknown>;

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function oneOf<Known extends string>(known: readonly Known[], value: unknown): Known | undefined {
  return known.find((candidate) => candidate === value);
}

/** Names of columns with commas between them. */
function names(value: unknown): string | undefined {
  return typeof value === "string" && /^[A-Za-z,]{1,200}$/.test(value) ? value : undefined;
}

export function tokenSearch({ token }: Search): { token?: string | undefined } {
  return { token: text(token) };
}

export function emailSearch({ email }: Search): { email?: string | undefined } {
  return { email: text(email) };
}

export function mailSearch({ id }: Search): { id?: string | undefined } {
  return { id: text(id) };
}

export function signUpSearch({ invitation, email }: Search): {
  invitation?: string | undefined;
  email?: string | undefined;
} {
  return { invitation: text(invitation), email: text(email) };
}

export function loginSearch({ email, next, notice }: Search): {
  email?: string | undefined;
  next?: string | undefined;
  notice?: "expired" | "ready" | "reset" | undefined;
} {
  return { email: text(email), next: text(next), notice: oneOf(["expired", "ready", "reset"], notice) };
}

const AUTHORIZATION = [
  "callback_url",
  "code_challenge",
  "code_challenge_method",
  "key_label",
  "limit",
  "usage_limit_type",
  "expires_at",
] as const;

/** What an app asks for, as it wrote it: the server judges it, nothing is dropped before. */
export function authorizationSearch(search: Search): Partial<Record<(typeof AUTHORIZATION)[number], string>> {
  return Object.fromEntries(AUTHORIZATION.flatMap((name) => (text(search[name]) ? [[name, text(search[name])]] : [])));
}

export function keysSearch({ q, sort, state, member, trend, columns, create }: Search): {
  q?: string | undefined;
  sort?: (typeof KEY_ORDERS)[number] | undefined;
  state?: (typeof KEY_STATES)[number] | undefined;
  columns?: string | undefined;
  member?: string | undefined;
  trend?: "requests" | undefined;
  create?: true | undefined;
} {
  const isCreating = create === "true" || create === true;
  return {
    q: text(q),
    sort: oneOf(KEY_ORDERS, sort),
    state: oneOf(KEY_STATES, state),
    columns: names(columns),
    member: text(member),
    trend: oneOf(["requests"], trend),
    create: isCreating ? true : undefined,
  };
}

/** What the small lines in the list of keys are about; spend is the usual one. */
export const KEY_TREND_METRICS = ["spend", "requests"] as const;
export type KeyTrendMetric = (typeof KEY_TREND_METRICS)[number];

/** Which figure the chart of one key shows. */
export function keySearch({ metric }: Search): { metric?: Metric | undefined } {
  return { metric: oneOf(METRICS, metric) };
}

/** How keys can stand; the same as in the contract, which the browser does not load. */
export const KEY_STATES = ["active", "disabled", "expired", "frozen"] as const;

/** The orders of the key list but the usual one, newest first. */
export const KEY_ORDERS = ["name", "spent", "limit", "used"] as const;

export const ALERT_STATES = ["open", "closed", "all"] as const;
export type AlertState = (typeof ALERT_STATES)[number];
export const ALERT_TABS = ["alerts", "sending"] as const;
export type AlertTab = (typeof ALERT_TABS)[number];

export function alertsSearch({ tab, state, kind, key, alert }: Search): {
  tab?: AlertTab | undefined;
  state?: AlertState | undefined;
  kind?: AlertKind | undefined;
  key?: string | undefined;
  alert?: string | undefined;
} {
  return {
    tab: oneOf(ALERT_TABS, tab),
    state: oneOf(ALERT_STATES, state),
    kind: oneOf(ALERT_KINDS, kind),
    key: text(key),
    alert: text(alert),
  };
}

export const ADMINISTRATION_TABS = ["users", "system", "mail", "configuration", "backup", "about"] as const;
export type AdministrationTab = (typeof ADMINISTRATION_TABS)[number];
/** Whom the list of users shows; the same as in the contract, which the browser does not load. */
export const PERSON_STATES = ["all", "active", "suspended", "unverified"] as const;
export type PersonState = (typeof PERSON_STATES)[number];

export function administrationSearch({ tab, q, state, columns }: Search): {
  tab?: AdministrationTab | undefined;
  columns?: string | undefined;
  q?: string | undefined;
  state?: PersonState | undefined;
} {
  return {
    tab: oneOf(ADMINISTRATION_TABS, tab),
    q: text(q),
    state: oneOf(PERSON_STATES, state),
    columns: names(columns),
  };
}

export const ROUTING_TABS = ["try", "defaults", "presets"] as const;
export type RoutingTab = (typeof ROUTING_TABS)[number];

/** `prices`: the provider whose prices are shown. */
export function providersSearch({ prices }: Search): { prices?: string | undefined } {
  return { prices: text(prices) };
}

export function routingSearch({ tab, model }: Search): { tab?: RoutingTab | undefined; model?: string | undefined } {
  return { tab: oneOf(ROUTING_TABS, tab), model: text(model) };
}

export function statementSearch({ kind, from, to, account }: Search): {
  kind?: EntryKind | undefined;
  from?: string | undefined;
  to?: string | undefined;
  account?: string | undefined;
} {
  return { kind: oneOf(ENTRY_KINDS, kind), from: day(from), to: day(to), account: text(account) };
}

/** What a statement can be narrowed down to; the same as in the contract, which the browser does not load. */
export const ENTRY_KINDS = [
  "top_up",
  "grant",
  "refund",
  "charge",
  "correction",
] as const satisfies StatementEntry["kind"][];
export type EntryKind = (typeof ENTRY_KINDS)[number];

function day(value: unknown): string | undefined {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}

export function securitySearch({ risk }: Search): { risk?: KeyRisk | undefined } {
  return { risk: oneOf(KEY_RISKS, risk) };
}

export function auditSearch({ who, action, target, from, to, columns }: Search): {
  columns?: string | undefined;
  who?: string | undefined;
  action?: AuditAction | undefined;
  target?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
} {
  return {
    ...{ who: text(who), action: oneOf(AUDIT_ACTIONS, action), target: text(target) },
    ...{ from: day(from), to: day(to), columns: names(columns) },
  };
}

export function accountsSearch({ q }: Search): { q?: string | undefined } {
  return { q: text(q) };
}
