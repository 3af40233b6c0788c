/** What the Logs page takes from its address: everything that decides what is shown. */
import { type FilterSearch, filterSearch } from "../usage/usage-search.ts";

/** What a row can show, in this order. The time is always there. */
export const LOG_COLUMNS = [
  "outcome",
  "key",
  "model",
  "provider",
  "app",
  "tokens",
  "cost",
  "firstToken",
  "latency",
  "id",
] as const;
export type LogColumn = (typeof LOG_COLUMNS)[number];
const USUAL_COLUMNS: readonly LogColumn[] = ["outcome", "key", "model", "tokens", "cost", "latency"];

export interface LogsSearch extends FilterSearch {
  outcome?: "ok" | "error" | undefined;
  /** HTTP status. */
  status?: string | undefined;
  /** Dollars that a request cost at least. */
  cost?: string | undefined;
  /** How an id begins. */
  id?: string | undefined;
  /** Names of columns with commas between them. */
  columns?: string | undefined;
  live?: true | undefined;
  /** The one whose details are open. */
  request?: string | undefined;
}

type Search = Record<string, unknown>;

export function logsSearch(search: Search): LogsSearch {
  const fitting = (name: string, pattern: RegExp) => {
    const value = search[name];
    return typeof value === "string" && pattern.test(value) ? value : undefined;
  };
  const { outcome, live } = search;
  return {
    ...filterSearch(search),
    outcome: outcome === "ok" || outcome === "error" ? outcome : undefined,
    status: fitting("status", /^[1-5]\d\d$/),
    cost: fitting("cost", /^\d{1,9}(\.\d{1,9})?$/),
    id: fitting("id", /^[\w-]{1,64}$/),
    columns: fitting("columns", /^[\w,]+$/),
    live: live === "true" || live === true ? true : undefined,
    request: fitting("request", /^.{1,64}$/),
  };
}

/** Of all accounts the account takes the place of the key. */
function usualColumns({ scope }: LogsSearch): readonly LogColumn[] {
  return scope === "all" ? USUAL_COLUMNS.filter((name) => name !== "key") : USUAL_COLUMNS;
}

export function columnsOf(search: LogsSearch): LogColumn[] {
  const named = search.columns?.split(",");
  return LOG_COLUMNS.filter((name) => (named ?? usualColumns(search)).includes(name));
}

/** How columns stand in the address; undefined for the usual ones. */
export function columnsText(columns: readonly LogColumn[], search: LogsSearch): string | undefined {
  const text = LOG_COLUMNS.filter((name) => columns.includes(name)).join(",");
  return text === usualColumns(search).join(",") ? undefined : text || "none";
}

/** Without what narrows the list down. */
export function withoutFilters({ columns, range, scope }: LogsSearch): LogsSearch {
  return { columns, range, scope };
}

/** What narrows the list down; undefined for each thing that does not. */
export function filtersOf({ outcome, status, cost, id, ...search }: LogsSearch) {
  const { account, model, provider, key, app, member } = search;
  return [account, model, provider, key, app, member, outcome, status, cost, id];
}

export function hasFilters(search: LogsSearch): boolean {
  return filtersOf(search).some((value) => value !== undefined);
}
