import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { UsageChoices } from "../../../../src/contract/schemas/usage-series.ts";
import { call } from "../../lib/api.ts";
import { unlessLive } from "../../lib/live.ts";
import type { TimeRange } from "../../lib/time-range.ts";
import type { Dimension, FilterSearch, Metric } from "./usage-search.ts";

const LOOK_EVERY_MS = 30_000;

export interface SeriesAsked extends TimeRange {
  scope?: "all" | undefined;
  filter: Pick<FilterSearch, Dimension>;
  by: Dimension | undefined;
  metric: Metric;
}

/** What of a question goes into an address. */
export function seriesParams({ from, to, filter, by, metric }: SeriesAsked) {
  const chosen = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  return { from, to, metric, ...chosen, ...(by === undefined ? {} : { by }) };
}

export function seriesQuery(asked: SeriesAsked) {
  return queryOptions({
    queryKey: ["usage", "series", asked.scope, seriesParams(asked)],
    queryFn: ({ signal }) =>
      call(asked.scope === "all" ? "getInstanceUsage" : "getUsageSeries", { query: seriesParams(asked), signal }),
    placeholderData: keepPreviousData,
    // Of the other accounts nothing is heard.
    refetchInterval: asked.scope === "all" ? LOOK_EVERY_MS : unlessLive(LOOK_EVERY_MS),
  });
}

/** What there is to narrow down by; what a scope does not know is left out. */
type Choices = Partial<Record<Dimension, UsageChoices["model"]>>;

export function choicesQuery({ from, to }: TimeRange, { scope, account }: Pick<FilterSearch, "scope" | "account">) {
  return queryOptions({
    queryKey: ["usage", "choices", scope, account, from, to],
    queryFn: ({ signal }): Promise<Choices> =>
      scope === "all"
        ? call("getInstanceUsageChoices", {
            query: { from, to, ...(account === undefined ? {} : { account }) },
            signal,
          })
        : call("getUsageChoices", { query: { from, to }, signal }),
    placeholderData: keepPreviousData,
  });
}
