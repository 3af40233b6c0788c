import { queryOptions } from "@tanstack/react-query";
import type { Provider } from "../../../../src/contract/schemas/instance.ts";
import { call } from "../../lib/api.ts";

const RECHECK_MS = 3_000;

/** Who answers; read again soon while one of them is still being checked. */
export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: ({ signal }) => call("listProviders", { signal }),
  refetchInterval: ({ state }) =>
    state.data?.providers.some((provider) => provider.state === "checking") ? RECHECK_MS : false,
});

/** True when nothing but what is built in could answer. */
export function isSandboxOnly(providers: readonly Provider[]): boolean {
  return providers.length > 0 && providers.every((provider) => provider.source === "builtin");
}
