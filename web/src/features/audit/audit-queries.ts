import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AuditAction } from "../../../../src/kernel/audit.ts";
import { addressOf, call } from "../../lib/api.ts";

const PAGE_SIZE = 50;

export interface AuditFilter {
  who?: string | undefined;
  action?: AuditAction | undefined;
  target?: string | undefined;
  /** The first and the last day, UTC, both included. */
  from?: string | undefined;
  to?: string | undefined;
}

/** Newest first. */
export function auditQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam, signal }) =>
      call("listAudit", {
        query: { ...filter, limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

/** Where the same selection can be had as a table for a spreadsheet. */
export function exportAddress(query: AuditFilter): string {
  return addressOf("exportAudit", { query });
}

/** Asked for only when somebody presses the button: it reads the whole log. */
export const verdictQuery = queryOptions({
  queryKey: ["audit-verdict"],
  queryFn: ({ signal }) => call("verifyAudit", { signal, timeoutMs: 300_000 }),
  enabled: false,
  retry: false,
});
