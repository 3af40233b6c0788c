/** Reading and changing the own API keys. Every change makes the lists and figures that show keys read again. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { KeySort, KeyStateFilter } from "../../../../src/contract/schemas/keys.ts";
import { call } from "../../lib/api.ts";
import { unlessLive } from "../../lib/live.ts";

const PAGE_SIZE = 50;
const POLL_MS = 1_500;
const lookAgainMs = unlessLive(30_000);

/** What a list of keys is narrowed down to, and its order. */
export interface KeyListAsked {
  q?: string | undefined;
  sort?: KeySort | undefined;
  state?: KeyStateFilter | undefined;
  member?: string | undefined;
}

export function keyListQuery({ q = "", sort = "newest", state, member }: KeyListAsked) {
  return infiniteQueryOptions({
    queryKey: ["keys", "list", q, sort, state, member],
    queryFn: ({ pageParam, signal }) =>
      call("listKeys", {
        query: { q, sort, state, member, limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    // Further down every page would be asked for again.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : lookAgainMs()),
  });
}

/** The last thirty days of the keys of one page. */
export function keyTrendsQuery(ids: readonly string[]) {
  return queryOptions({
    queryKey: ["keys", "trends", ids],
    queryFn: ({ signal }) => call("getKeyTrends", { query: { ids: ids.join(",") }, signal }),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
}

export function keyQuery(id: string) {
  return queryOptions({
    queryKey: ["keys", "one", id],
    queryFn: ({ signal }) => call("getKey", { params: { id }, signal }),
  });
}

/** One key, read again and again until it has been used. */
export function firstRequestQuery(id: string) {
  return queryOptions({
    queryKey: ["keys", "first-request", id],
    queryFn: ({ signal }) => call("getKey", { params: { id }, signal }),
    refetchInterval: (query) => ((query.state.data?.requests ?? 0) > 0 ? false : POLL_MS),
    // The program that sends the first request usually is in another window.
    refetchIntervalInBackground: true,
    staleTime: 0,
  });
}

function readKeysAgain(queries: QueryClient): Promise<unknown> {
  return Promise.all([
    queries.invalidateQueries({ queryKey: ["keys"] }),
    queries.invalidateQueries({ queryKey: ["overview"] }),
  ]);
}

export function useCreateKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"createKey">) => call("createKey", { body }),
    onSuccess: () => void readKeysAgain(queries),
    // The secret is in the answer: it must not outlive the dialog.
    gcTime: 0,
  });
}

export function useUpdateKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string } & BodyOf<"updateKey">) => call("updateKey", { params: { id }, body }),
    onSettled: () => readKeysAgain(queries),
  });
}

export function useRotateKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string } & BodyOf<"rotateKey">) => call("rotateKey", { params: { id }, body }),
    onSuccess: () => void readKeysAgain(queries),
    // The secret is in the answer: it must not outlive the dialog.
    gcTime: 0,
  });
}

export function useEndFormerSecret() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("endFormerSecret", { params: { id } }),
    onSettled: () => readKeysAgain(queries),
  });
}

export function useDeleteKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("deleteKey", { params: { id } }),
    onSettled: () => readKeysAgain(queries),
  });
}
