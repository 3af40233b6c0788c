import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { call } from "../../lib/api.ts";
import { isCustom, timeRange } from "../../lib/time-range.ts";
import { filterOf } from "../usage/use-dimensions.ts";
import type { LogsSearch } from "./logs-search.ts";

const PAGE_SIZE = 50;
/** New requests appear by themselves while the first page is all that is shown. */
const LOOK_EVERY_MS = 5_000;

/** A range that ends now is asked for without its end, so that what happens next is in it. */
export function logParams(search: LogsSearch, nowMs: number) {
  const { outcome, status, cost, id } = search;
  const { key, ...filter } = filterOf(search);
  const { from, to } = timeRange(search, nowMs);
  const wanted = {
    keyId: key,
    ...filter,
    outcome,
    status: status === undefined ? undefined : Number(status),
    minCostUsd: cost,
    id,
    from,
    to: isCustom(search) ? to : undefined,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

export function logsQuery(search: LogsSearch) {
  const { columns: _, request: __, live, ...asked } = search;
  return infiniteQueryOptions({
    queryKey: ["logs", asked],
    queryFn: ({ pageParam, signal }) =>
      call<"listActivity" | "listInstanceActivity">(search.scope === "all" ? "listInstanceActivity" : "listActivity", {
        query: { limit: PAGE_SIZE, ...logParams(search, Date.now()), ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (live || (state.data && state.data.pages.length > 1) ? false : LOOK_EVERY_MS),
  });
}
