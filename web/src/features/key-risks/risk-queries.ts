/** Reading which keys are risky, what the instance demands of keys, and which end soon; and doing something about it. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { KeyRisk } from "../../../../src/kernel/key-risk.ts";
import { call } from "../../lib/api.ts";

const PAGE_SIZE = 50;

export function keyRisksQuery(risk: KeyRisk | undefined) {
  return infiniteQueryOptions({
    // Below `keys`, so that every change of a key makes it read again.
    queryKey: ["keys", "risks", risk ?? ""],
    queryFn: ({ pageParam, signal }) =>
      call("listKeyRisks", { query: { risk, limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** What is risky about one key; a null verdict where nothing is. */
export function keyRiskQuery(id: string) {
  return queryOptions({
    queryKey: ["keys", "risk-of", id],
    queryFn: async ({ signal }) => {
      const { keys } = await call("listKeyRisks", { query: { key: id }, signal });
      return { verdict: keys[0] ?? null };
    },
  });
}

function readKeysAgain(queries: QueryClient): Promise<unknown> {
  return Promise.all([
    queries.invalidateQueries({ queryKey: ["keys"] }),
    queries.invalidateQueries({ queryKey: ["overview"] }),
  ]);
}

export function useChangeKeys() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"changeKeys">) => call("changeKeys", { body }),
    onSettled: () => readKeysAgain(queries),
  });
}

/** Gives keys back what a change took from them. Rejects with what refused the first one that was refused. */
export function useRestoreKeys() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (former: readonly ({ id: string } & BodyOf<"updateKey">)[]) => {
      for (const { id, ...body } of former) await call("updateKey", { params: { id }, body });
    },
    onSettled: () => readKeysAgain(queries),
  });
}

export const keyPolicyQuery = queryOptions({
  queryKey: ["keys", "policy"],
  queryFn: ({ signal }) => call("getKeyPolicy", { signal }),
});

export function useSetKeyPolicy() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"setKeyPolicy">) => call("setKeyPolicy", { body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
}

export const keyRemindersQuery = queryOptions({
  queryKey: ["keys", "reminders"],
  queryFn: ({ signal }) => call("listKeyReminders", { signal }),
});

export function useDismissKeyReminder() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("dismissKeyReminder", { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: keyRemindersQuery.queryKey }),
  });
}
