/** The accounts that somebody belongs to, the one that is worked in, and what the role there allows. */
import { type QueryClient, queryOptions, useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { OperationId } from "../../../../src/contract/operations.ts";
import { type Reach, RIGHTS, rightFor } from "../../../../src/contract/roles.ts";
import type { MyAccount, MyAccounts } from "../../../../src/contract/schemas/teams.ts";
import { call } from "../../lib/api.ts";
import { showAccount } from "../../lib/shown-account.ts";

export const myAccountsQuery = queryOptions({
  queryKey: ["my-accounts"],
  queryFn: ({ signal }) => call("listMyAccounts", { signal }),
  // What was read of one account must not go on standing beside the name of another.
  refetchOnWindowFocus: false,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Reads the accounts before anything of an account is asked for. The shell's route waits for it. */
export async function enterAccount(queries: QueryClient): Promise<void> {
  showAccount((await queries.ensureQueryData(myAccountsQuery)).active);
}

export function useMyAccounts(): MyAccounts {
  return useSuspenseQuery(myAccountsQuery).data;
}

/** The account that is worked in. */
export function useActiveAccount(): MyAccount {
  const { active, accounts } = useMyAccounts();
  const found = accounts.find(({ id }) => id === active);
  if (found === undefined) throw new Error("the account that is worked in is none of this person's");
  return found;
}

/** What an account is called: one's own is not called by one's name, which stands beside it already. */
export function useAccountName(): (account: MyAccount) => string {
  const { t } = useTranslation();
  return ({ kind, name }) => (kind === "person" ? t("accounts.ownAccount") : name);
}

/** How far somebody in this role gets with an operation: in all of the account, with what is their own, or not at all. */
export function reachOf(role: MyAccount["role"], id: OperationId): Reach {
  const right = rightFor(id);
  return right === null ? "all" : RIGHTS[right][role];
}

export function useReach(id: OperationId): Reach {
  return reachOf(useActiveAccount().role, id);
}

/** Everything that was read belongs to the account before: it is read anew, for the account that is worked in now. */
export async function changeAccount(queries: QueryClient): Promise<void> {
  showAccount(null);
  const { active } = await queries.fetchQuery({ ...myAccountsQuery, staleTime: 0 });
  showAccount(active);
  await queries.resetQueries({
    predicate: ({ queryKey }) => !["instance", "account", "my-accounts"].includes(String(queryKey[0])),
  });
}

export function useSwitchAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("switchAccount", { body: { id } }),
    onSuccess: () => changeAccount(queries),
  });
}
