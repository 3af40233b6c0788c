import { queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/api.ts";
import { modelPath } from "./models-search.ts";

/** Every model with who serves it. */
export const modelsQuery = queryOptions({
  queryKey: ["catalog"],
  queryFn: ({ signal }) => call("getCatalog", { signal }),
});

const HEALTH_MOVES_ON_MS = 30_000;

/** One model with everybody who serves it, and how they are doing. */
export function modelQuery(id: string) {
  return queryOptions({
    queryKey: ["catalog", id],
    queryFn: ({ signal }) => call("getCatalogModel", { params: modelPath(id), signal }),
    refetchInterval: HEALTH_MOVES_ON_MS,
  });
}
