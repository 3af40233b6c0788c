/** Who is signed in. The shell's route reads it first, so every page inside can rely on it. */
import {
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Account } from "../../../../src/contract/schemas/account.ts";
import type { Locale } from "../../../../src/kernel/locale.ts";
import { call } from "../../lib/api.ts";
import { maySignedIn, rememberSignedIn } from "../../lib/session-hint.ts";

export const accountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: ({ signal }) => call("getAccount", { signal }),
});

export function useAccount(): Account {
  return useSuspenseQuery(accountQuery).data;
}

/** For public pages: true once the server has confirmed it. Asks only where somebody has signed in before. */
export function useIsSignedIn(): boolean {
  const mayBe = maySignedIn();
  // What was read before a logout may still be there for a moment.
  return useQuery({ ...accountQuery, enabled: mayBe }).isSuccess && mayBe;
}

/** Forgets everything that was read for somebody; what is public stays. */
export function forgetPerson(queries: QueryClient): void {
  rememberSignedIn(false);
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "instance" });
}

/** Keeps the chosen language with the account, so that mails are written in it. */
export function useSaveLanguage() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (locale: Locale) => call("updateAccount", { body: { locale } }),
    onSuccess: (changed) => queries.setQueryData(accountQuery.queryKey, changed),
  });
}

export function useLogout() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => call("logout"),
    onSuccess: async () => {
      rememberSignedIn(false);
      await navigate({ to: "/" });
      forgetPerson(queries);
    },
  });
}
