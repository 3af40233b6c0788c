/** Reading and changing the instance itself. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { call } from "../../lib/api.ts";
import type { PersonState } from "../../routes/search.ts";

const PEOPLE_PER_PAGE = 50;
const LOOK_EVERY_MS = 10_000;
/** A copy of a large database, and a mail server that does not answer, take their time. */
const BACKUP_LIMIT_MS = 30 * 60_000;
const MAIL_LIMIT_MS = 90_000;

export function peopleQuery(q: string | undefined, state: PersonState) {
  return infiniteQueryOptions({
    queryKey: ["people", q, state],
    queryFn: ({ pageParam, signal }) =>
      call("listPeople", {
        query: { q, state, limit: PEOPLE_PER_PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useSetSuspended() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, isSuspended }: { id: string; isSuspended: boolean }) =>
      call(isSuspended ? "suspendPerson" : "readmitPerson", { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["people"] }),
  });
}

export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: ({ signal }) => call("getSystem", { signal }),
  refetchInterval: LOOK_EVERY_MS,
  staleTime: 0,
});

export const configurationQuery = queryOptions({
  queryKey: ["configuration"],
  queryFn: ({ signal }) => call("getConfiguration", { signal }),
});

export const mailStateQuery = queryOptions({
  queryKey: ["mail-state"],
  queryFn: ({ signal }) => call("getMailState", { signal }),
  staleTime: 0,
});

export function useTestMail() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call("testMail", { timeoutMs: MAIL_LIMIT_MS }),
    onSettled: () => queries.invalidateQueries(mailStateQuery),
  });
}

export function useMakeCopy() {
  return useMutation({ mutationFn: () => call("createBackup", { timeoutMs: BACKUP_LIMIT_MS }) });
}
