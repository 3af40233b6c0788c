import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { Account } from "../../../../src/contract/schemas/account.ts";
import { safeReturnPath } from "../../lib/return-path.ts";
import { rememberSignedIn } from "../../lib/session-hint.ts";
import { accountQuery, forgetPerson } from "./session.ts";

/** Goes on as the person who has just signed in, to where the session was missed. */
export function useSignedIn(next: string | undefined): (account: Account) => void {
  const router = useRouter();
  const queries = useQueryClient();
  return (account) => {
    forgetPerson(queries);
    rememberSignedIn(true);
    queries.setQueryData(accountQuery.queryKey, account);
    router.history.push(safeReturnPath(next));
  };
}
