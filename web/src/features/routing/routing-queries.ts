/** Reading and changing what is set about routing. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import { call } from "../../lib/api.ts";

/** An account has at most 500; so many are shown. */
const MOST_PRESETS = 100;

export const routingQuery = queryOptions({
  queryKey: ["routing"],
  queryFn: ({ signal }) => call("getRouting", { signal }),
});

export const presetsQuery = queryOptions({
  queryKey: ["presets"],
  queryFn: ({ signal }) => call("listPresets", { query: { limit: MOST_PRESETS }, signal }),
});

/** The newest versions; the oldest come first in the answer. */
export function historyQuery(slug: string, newest: number) {
  const offset = Math.max(0, newest - MOST_PRESETS);
  return queryOptions({
    queryKey: ["presets", slug, "versions", newest],
    queryFn: ({ signal }) =>
      call("listPresetHistory", { params: { slug }, query: { offset, limit: MOST_PRESETS }, signal }),
  });
}

export type RoutingScope = "own" | "instance";

export function useUpdateRouting(scope: RoutingScope) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"updateRouting">) =>
      call(scope === "own" ? "updateRouting" : "updateInstanceRouting", { body }),
    onSuccess: (settings) => queries.setQueryData(routingQuery.queryKey, settings),
  });
}

export function useCreatePreset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"createPreset">) => call("createPreset", { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["presets"] }),
  });
}

export function useUpdatePreset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ slug, ...body }: { slug: string } & BodyOf<"updatePreset">) =>
      call("updatePreset", { params: { slug }, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["presets"] }),
  });
}

export function useDeletePreset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (slug: string) => call("deletePreset", { params: { slug } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["presets"] }),
  });
}
