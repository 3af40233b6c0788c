/** Reading and answering alerts, and where they are sent. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { AlertChannel, AlertKind } from "../../../../src/kernel/alerts/facts.ts";
import { call } from "../../lib/api.ts";
import { unlessLive } from "../../lib/live.ts";
import type { AlertState } from "../../routes/search.ts";

const ALERTS = "alerts";
const LOOK_EVERY_MS = 15_000;
const PAGE_SIZE = 20;
/** What the dashboard shows of them. */
const FIRST_FEW = 3;

export interface AlertFilter {
  state: AlertState;
  kind?: AlertKind | undefined;
  keyId?: string | undefined;
}

export function alertListQuery({ state, kind, keyId }: AlertFilter) {
  return infiniteQueryOptions({
    queryKey: [ALERTS, "list", state, kind ?? "", keyId ?? ""],
    queryFn: ({ pageParam, signal }) => {
      const chosen = { ...(kind ? { kind } : {}), ...(keyId ? { keyId } : {}) };
      const query = { state, limit: PAGE_SIZE, ...chosen, ...(pageParam ? { cursor: pageParam } : {}) };
      return call("listAlerts", { query, signal });
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: unlessLive(LOOK_EVERY_MS),
  });
}

/** The newest open ones, and how many there are. */
export const openAlertsQuery = queryOptions({
  queryKey: [ALERTS, "open"],
  queryFn: ({ signal }) => call("listAlerts", { query: { state: "open", limit: FIRST_FEW }, signal }),
  refetchInterval: unlessLive(LOOK_EVERY_MS),
});

export function alertQuery(id: string) {
  return queryOptions({
    queryKey: [ALERTS, "one", id],
    queryFn: ({ signal }) => call("getAlert", { params: { id }, signal }),
  });
}

export const alertSettingsQuery = queryOptions({
  queryKey: [ALERTS, "settings"],
  queryFn: ({ signal }) => call("getAlertSettings", { signal }),
});

function readAgain(queries: QueryClient): Promise<unknown> {
  return Promise.all([
    queries.invalidateQueries({ queryKey: [ALERTS] }),
    queries.invalidateQueries({ queryKey: ["keys"] }),
    queries.invalidateQueries({ queryKey: ["overview"] }),
  ]);
}

export function useAnswerAlert(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"answerAlert">) => call("answerAlert", { params: { id }, body }),
    onSettled: () => readAgain(queries),
  });
}

export function useUnfreeze() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (keyId: string) => call("updateKey", { params: { id: keyId }, body: { disabled: false } }),
    onSettled: () => readAgain(queries),
  });
}

export function useChangeAlertSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"updateAlertSettings">) => call("updateAlertSettings", { body }),
    onSuccess: (changed) => queries.setQueryData(alertSettingsQuery.queryKey, changed),
    onSettled: () => queries.invalidateQueries({ queryKey: alertSettingsQuery.queryKey }),
  });
}

export function useSetChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"setAlertChannel">) => call("setAlertChannel", { body }),
    onSuccess: ({ settings }) => queries.setQueryData(alertSettingsQuery.queryKey, settings),
    // The secret is in the answer: it must not outlive the dialog.
    gcTime: 0,
  });
}

export function useRemoveChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (channel: AlertChannel) => call("removeAlertChannel", { params: { channel } }),
    onSuccess: (changed) => queries.setQueryData(alertSettingsQuery.queryKey, changed),
  });
}

export function useTestChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (channel: AlertChannel) => call("testAlertChannel", { params: { channel } }),
    onSettled: () => queries.invalidateQueries({ queryKey: alertSettingsQuery.queryKey }),
  });
}
