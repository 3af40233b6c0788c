/** What a visitor may know of this instance. The root route reads it before any page is drawn. */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import type { Instance } from "../../../../src/contract/schemas/instance.ts";
import { call } from "../../lib/api.ts";

export const instanceQuery = queryOptions({
  queryKey: ["instance"],
  queryFn: ({ signal }) => call("getInstance", { signal }),
});

export function useInstance(): Instance {
  return useSuspenseQuery(instanceQuery).data;
}

/** The base URL for OpenAI clients, for example `http://localhost:8787/api/v1`. */
export function apiBaseUrl(instance: Pick<Instance, "baseUrl">): string {
  return `${instance.baseUrl}/api/v1`;
}
