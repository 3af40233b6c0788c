import { useTranslation } from "react-i18next";
import { PageHeader } from "../../ui/page.tsx";
import { Section } from "../../ui/section.tsx";
import { useAccount } from "../account/session.ts";
import { AppearanceForm } from "./appearance-form.tsx";
import { EmailForm } from "./email-form.tsx";
import { Invitations } from "./invitations.tsx";
import { NameForm } from "./name-form.tsx";

export function SettingsPage() {
  const { t } = useTranslation();
  const account = useAccount();
  return (
    <>
      <PageHeader title={t("settings.title")} />
      <div className="space-y-5">
        <Section title={t("settings.profile")}>
          <NameForm />
        </Section>
        <Section title={t("settings.email")} text={t("settings.emailNow", { email: account.email })}>
          <EmailForm />
        </Section>
        <Section title={t("settings.appearance")} text={t("settings.languageText")}>
          <AppearanceForm />
        </Section>
        {account.role === "owner" ? (
          <Section title={t("settings.invitations")} text={t("settings.invitationsText")}>
            <Invitations />
          </Section>
        ) : null}
      </div>
    </>
  );
}
