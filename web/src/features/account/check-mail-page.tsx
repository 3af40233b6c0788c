import { useMutation } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Mail } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { FormError } from "../../ui/states.tsx";
import { useInstance } from "../instance/instance.ts";
import { AuthPage } from "./auth-page.tsx";
import { ResendForm } from "./resend-form.tsx";

const route = getRouteApi("/check-your-mail");

export function CheckMailPage(): ReactNode {
  const { t } = useTranslation();
  const { email } = route.useSearch();
  return (
    <AuthPage
      title={t("account.checkMailTitle")}
      lead={email === undefined ? t("account.checkMailTextPlain") : t("account.checkMailText", { email })}
      footer={
        <>
          {t("account.verifiedAlready")}{" "}
          <Link to="/login" search={email === undefined ? {} : { email }} className="text-link font-semibold">
            {t("account.login")}
          </Link>
        </>
      }
    >
      <MailboxHint />
      <p className="text-sm text-muted">{t("account.checkMailNothing")}</p>
      {email === undefined ? <ResendForm /> : <ResendButton email={email} />}
    </AuthPage>
  );
}

/** Where mails are on an instance that sends none. */
export function MailboxHint() {
  const { t } = useTranslation();
  const { mail } = useInstance();
  if (mail.delivery === "smtp") return null;
  if (!mail.mailboxOpen) return <Notice tone="info">{t("account.checkMailElsewhere")}</Notice>;
  return (
    <div className="space-y-4">
      <Notice tone="info">{t("account.checkMailMailbox")}</Notice>
      <Link to="/mailbox" className={buttonStyle({ look: "primary", size: "large", className: "w-full" })}>
        <Mail aria-hidden />
        {t("account.openMailbox")}
      </Link>
    </div>
  );
}

function ResendButton({ email }: { email: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const resend = useMutation({ mutationFn: () => call("resendVerification", { body: { email, locale } }) });
  return (
    <div className="space-y-4">
      <FormError error={resend.error} />
      {resend.isSuccess ? <Notice tone="good">{t("account.resent")}</Notice> : null}
      <Button className="w-full" busy={resend.isPending} onClick={() => resend.mutate()}>
        {t("account.resend")}
      </Button>
    </div>
  );
}
