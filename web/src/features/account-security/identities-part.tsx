import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AccountSecurity } from "../../../../src/contract/schemas/sign-in.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { failureToast } from "../../lib/error-text.ts";
import { formatDateTime } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { accountSecurityQuery } from "./account-queries.ts";

/** Which OpenID providers can log in to the account. */
export function IdentitiesPart({ security: { identities } }: { security: AccountSecurity }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => call("removeIdentity", { params: { id } }),
    onSuccess: () => toasts.add({ title: t("accountPage.separated") }),
    onError: (failure) => toasts.add(failureToast(failure, t)),
    onSettled: () => queries.invalidateQueries(accountSecurityQuery),
  });
  if (identities.length === 0) return <p className="text-sm text-muted">{t("accountPage.noIdentities")}</p>;
  return (
    <ul className="divide-y divide-line">
      {identities.map(({ id, issuer, createdAt }) => (
        <li key={id} className="flex items-start gap-3 py-3 text-sm first:pt-0">
          <div className="min-w-0 flex-1">
            <p className="font-semibold [overflow-wrap:anywhere]">{issuer}</p>
            <p className="text-muted">{t("accountPage.linked", { when: formatDateTime(createdAt, locale) })}</p>
          </div>
          <Button
            size="small"
            busy={remove.isPending && remove.variables === id}
            aria-label={t("accountPage.separateFrom", { issuer })}
            onClick={() => remove.mutate(id)}
          >
            {t("accountPage.separate")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
