/** What the pages about use share of their addresses: the range, and what it is narrowed down to. */
import { type RangeSearch, rangeSearch } from "../../lib/time-range.ts";

export const DIMENSIONS = ["account", "model", "provider", "key", "app", "member"] as const;
export type Dimension = (typeof DIMENSIONS)[number];
export const METRICS = ["spend", "requests", "tokens", "errors"] as const;
export type Metric = (typeof METRICS)[number];

export interface FilterSearch extends RangeSearch {
  /** Of all accounts: for whoever owns the instance. */
  scope?: "all" | undefined;
  account?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  key?: string | undefined;
  app?: string | undefined;
  /** The person who made the key. */
  member?: string | undefined;
}

export interface UsageSearch extends FilterSearch {
  metric?: Metric | undefined;
  by?: Dimension | "none" | undefined;
}

type Search = Record<string, unknown>;

/** An empty text is a filter too: what never reached a model, or came without an app. */
export function filterSearch(search: Search): FilterSearch {
  const filters = DIMENSIONS.map(
    (name) => [name, typeof search[name] === "string" ? search[name] : undefined] as const,
  );
  return { ...rangeSearch(search), scope: search.scope === "all" ? "all" : undefined, ...Object.fromEntries(filters) };
}

export function usageSearch(search: Search): UsageSearch {
  return {
    ...filterSearch(search),
    metric: METRICS.find((name) => name === search.metric),
    by: search.by === "none" ? "none" : DIMENSIONS.find((name) => name === search.by),
  };
}
