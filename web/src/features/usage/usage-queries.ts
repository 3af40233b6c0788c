import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/api.ts";
import type { TimeRange } from "../../lib/time-range.ts";
import type { Dimension, FilterSearch, Metric } from "./usage-search.ts";

const LOOK_EVERY_MS = 30_000;

export interface SeriesAsked extends TimeRange {
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
    queryKey: ["usage", "series", seriesParams(asked)],
    queryFn: ({ signal }) => call("getUsageSeries", { query: seriesParams(asked), signal }),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_EVERY_MS,
  });
}

export function choicesQuery({ from, to }: TimeRange) {
  return queryOptions({
    queryKey: ["usage", "choices", from, to],
    queryFn: ({ signal }) => call("getUsageChoices", { query: { from, to }, signal }),
    placeholderData: keepPreviousData,
  });
}
