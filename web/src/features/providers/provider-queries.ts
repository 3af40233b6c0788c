/** Reading and changing providers. Every change makes the lists that show them read again. */
import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { Provider } from "../../../../src/contract/schemas/instance.ts";
import { call } from "../../lib/api.ts";

const RECHECK_MS = 3_000;
/** A provider has fifteen seconds for its answer; two questions may stand behind one test. */
const TEST_TIMEOUT_MS = 40_000;

/** Who answers; read again soon while one of them is still being checked. */
export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: ({ signal }) => call("listProviders", { signal }),
  refetchInterval: ({ state }) =>
    state.data?.providers.some((provider) => provider.state === "checking") ? RECHECK_MS : false,
});

/** For the owner: what can be connected. */
export const vendorsQuery = queryOptions({
  queryKey: ["vendors"],
  queryFn: ({ signal }) => call("listVendors", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** For the owner: what was connected in the dashboard. */
export const providerKeysQuery = queryOptions({
  queryKey: ["provider-keys"],
  queryFn: ({ signal }) => call("listProviderKeys", { signal }),
});

/** For the owner: what a provider's models cost here. */
export const modelPricesQuery = (provider: string) =>
  queryOptions({
    queryKey: ["model-prices", provider],
    queryFn: ({ signal }) => call("listModelPrices", { query: { provider }, signal }),
  });

/** True when nothing but what is built in could answer. */
export function isSandboxOnly(providers: readonly Provider[]): boolean {
  return providers.length > 0 && providers.every((provider) => provider.source === "builtin");
}

function readProvidersAgain(queries: QueryClient): Promise<unknown> {
  return Promise.all(
    [["providers"], ["provider-keys"], ["models"], ["catalog"], ["model-prices"]].map((queryKey) =>
      queries.invalidateQueries({ queryKey }),
    ),
  );
}

/** What was typed is a secret: it must not outlive the dialog. */
const FORGET = { gcTime: 0 };

export function useCreateProvider() {
  const queries = useQueryClient();
  return useMutation({
    ...FORGET,
    mutationFn: (body: BodyOf<"createProviderKey">) => call("createProviderKey", { body }),
    onSuccess: () => readProvidersAgain(queries),
  });
}

export function useUpdateProvider() {
  const queries = useQueryClient();
  return useMutation({
    ...FORGET,
    mutationFn: ({ id, ...body }: { id: string } & BodyOf<"updateProviderKey">) =>
      call("updateProviderKey", { params: { id }, body }),
    onSettled: () => readProvidersAgain(queries),
  });
}

export function useRemoveProvider() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("deleteProviderKey", { params: { id } }),
    onSettled: () => readProvidersAgain(queries),
  });
}

export function useTestProvider() {
  return useMutation({
    ...FORGET,
    mutationFn: (body: BodyOf<"testProviderKey">) => call("testProviderKey", { body, timeoutMs: TEST_TIMEOUT_MS }),
  });
}

export function useSetModelPrice() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"setModelPrice">) => call("setModelPrice", { body }),
    onSettled: () => readProvidersAgain(queries),
  });
}
