import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AccountSecurity } from "../../../../src/contract/schemas/sign-in.ts";
import { PageHeader } from "../../ui/page.tsx";
import { Section } from "../../ui/section.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { useInstance } from "../instance/instance.ts";
import { accountSecurityQuery } from "./account-queries.ts";
import { AuthenticatorPart } from "./authenticator-part.tsx";
import { IdentitiesPart } from "./identities-part.tsx";
import { PasskeysPart } from "./passkeys-part.tsx";
import { PasswordForm } from "./password-form.tsx";
import { Sessions } from "./sessions.tsx";

/** How one logs in to the account, and where one is logged in. */
export function AccountPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(accountSecurityQuery);
  return (
    <>
      <PageHeader title={t("accountPage.title")} lead={t("accountPage.lead")} />
      <div className="space-y-5">
        {isPending ? <LoadingRows rows={3} /> : null}
        {data ? <Parts security={data} /> : null}
        {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        <Section title={t("settings.sessions")} text={t("settings.sessionsText")}>
          <Sessions />
        </Section>
      </div>
    </>
  );
}

function Parts({ security }: { security: AccountSecurity }) {
  const { t } = useTranslation();
  const { singleSignOn } = useInstance();
  return (
    <>
      <Section title={t("accountPage.twoSteps")} text={t("accountPage.twoStepsText")}>
        <AuthenticatorPart security={security} />
      </Section>
      <Section title={t("accountPage.passkeys")} text={t("accountPage.passkeysText")}>
        <PasskeysPart security={security} />
      </Section>
      <Section
        title={t("settings.password")}
        text={t(security.hasPassword ? "settings.passwordText" : "accountPage.noPasswordText")}
      >
        <PasswordForm hasPassword={security.hasPassword} />
      </Section>
      {singleSignOn !== null || security.identities.length > 0 ? (
        <Section title={t("accountPage.signOn")} text={t("accountPage.signOnText")}>
          <IdentitiesPart security={security} />
        </Section>
      ) : null}
    </>
  );
}
