import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { call } from "../../lib/api.ts";

const PAGE_SIZE = 50;
/** New requests appear by themselves while the first page is all that is shown. */
const LOOK_EVERY_MS = 5_000;

export interface ActivityFilter {
  keyId: string | undefined;
  outcome: "all" | "ok" | "error";
}

export function activityQuery({ keyId, outcome }: ActivityFilter) {
  return infiniteQueryOptions({
    queryKey: ["activity", keyId ?? "", outcome],
    queryFn: ({ pageParam, signal }) =>
      call("listActivity", {
        query: {
          limit: PAGE_SIZE,
          outcome,
          ...(keyId === undefined ? {} : { keyId }),
          ...(pageParam ? { cursor: pageParam } : {}),
        },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : LOOK_EVERY_MS),
  });
}
