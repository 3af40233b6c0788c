import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { addressOf, call } from "../../lib/api.ts";
import type { EntryKind } from "../../routes/search.ts";

const PAGE_SIZE = 50;

export interface StatementFilter {
  kind?: EntryKind | undefined;
  /** The first and the last day, UTC, both included. */
  from?: string | undefined;
  to?: string | undefined;
  /** Somebody else's, for the owner of the instance. */
  account?: string | undefined;
}

/** Newest first. */
export function statementQuery({ account, ...filter }: StatementFilter) {
  return infiniteQueryOptions({
    // Under "money": what moves credit makes it be read again.
    queryKey: ["money", "statement", account ?? "", filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) };
      return account === undefined
        ? call("getStatement", { query, signal })
        : call("getAccountStatement", { params: { id: account }, query, signal });
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** Where the same selection can be had as a table for a spreadsheet. */
export function exportAddress({ account, ...query }: StatementFilter): string {
  return account === undefined
    ? addressOf("exportStatement", { query })
    : addressOf("exportAccountStatement", { params: { id: account }, query });
}
