/** Reading and changing what keeps the account's keys safe. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import { call } from "../../lib/api.ts";

export const addressesQuery = queryOptions({
  queryKey: ["security", "addresses"],
  queryFn: ({ signal }) => call("getAccountAddresses", { signal }),
});

export function useUpdateAddresses() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"updateAccountAddresses">) => call("updateAccountAddresses", { body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["security"] }),
  });
}
