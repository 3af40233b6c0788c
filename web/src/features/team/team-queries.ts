import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { failureToast } from "../../lib/error-text.ts";
import { toasts } from "../../ui/toasts.tsx";
import { changeAccount, myAccountsQuery } from "./accounts.ts";

export const teamQuery = queryOptions({
  queryKey: ["team"],
  queryFn: ({ signal }) => call("getTeam", { signal }),
});

export const teamInvitationsQuery = queryOptions({
  queryKey: ["team-invitations"],
  queryFn: ({ signal }) => call("listTeamInvitations", { signal }),
});

/** What changes who belongs to the account that is shown, or may. */
export function useTeamChange<Input>(change: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all([queries.invalidateQueries(teamQuery), queries.invalidateQueries(teamInvitationsQuery)]),
  });
}

/** What changes to which accounts one belongs or what one may there, and so perhaps which one is shown. */
export function useMembershipChange<Input>(change: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => changeAccount(queries),
    onError: () => queries.invalidateQueries(myAccountsQuery),
  });
}

export function useFailureToast(): (error: unknown) => void {
  const { t } = useTranslation();
  return (error) => void toasts.add(failureToast(error, t));
}
