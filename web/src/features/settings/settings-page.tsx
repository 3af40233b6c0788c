import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { useAccount } from "../account/session.ts";
import { AppearanceForm } from "./appearance-form.tsx";
import { EmailForm } from "./email-form.tsx";
import { Invitations } from "./invitations.tsx";
import { NameForm } from "./name-form.tsx";
import { PasswordForm } from "./password-form.tsx";
import { Sessions } from "./sessions.tsx";

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
        <Section title={t("settings.password")} text={t("settings.passwordText")}>
          <PasswordForm />
        </Section>
        <Section title={t("settings.appearance")} text={t("settings.languageText")}>
          <AppearanceForm />
        </Section>
        <Section title={t("settings.sessions")} text={t("settings.sessionsText")}>
          <Sessions />
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

function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <Card className="grid gap-x-8 gap-y-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
      <div>
        <h2 className="font-bold">{title}</h2>
        {text ? <p className="mt-1 text-sm text-muted [overflow-wrap:anywhere]">{text}</p> : null}
      </div>
      <div className="min-w-0 max-w-xl">{children}</div>
    </Card>
  );
}
