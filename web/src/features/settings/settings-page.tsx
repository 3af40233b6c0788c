import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PageHeader } from "../../ui/page.tsx";
import { Section } from "../../ui/section.tsx";
import { useAccount } from "../account/session.ts";
import { AppearanceForm } from "./appearance-form.tsx";
import { EmailForm } from "./email-form.tsx";
import { Invitations } from "./invitations.tsx";
import { NameForm } from "./name-form.tsx";
import { Notifications } from "./notifications.tsx";

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
        <Section title={t("settings.notifications")} text={t("settings.notificationsText")}>
          <Notifications />
        </Section>
        <Section title={t("settings.login")}>
          <p className="text-sm">
            <Link to="/account" className="text-link font-semibold">
              {t("settings.toAccount")}
            </Link>
          </p>
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
