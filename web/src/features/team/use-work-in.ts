import { useTranslation } from "react-i18next";
import type { MyAccount } from "../../../../src/contract/schemas/teams.ts";
import { toasts } from "../../ui/toasts.tsx";
import { useAccountName, useSwitchAccount } from "./accounts.ts";
import { useFailureToast } from "./team-queries.ts";

/** Changes to another account, and says so. */
export function useWorkIn(): (account: MyAccount) => void {
  const { t } = useTranslation();
  const nameOf = useAccountName();
  const change = useSwitchAccount();
  const onError = useFailureToast();
  return (account) =>
    change.mutate(account.id, {
      onSuccess: () => toasts.add({ title: t("accounts.switched", { name: nameOf(account) }) }),
      onError,
    });
}
