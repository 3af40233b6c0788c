import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { AuthPage } from "./auth-page.tsx";
import { MailboxHint } from "./check-mail-page.tsx";
import { emailProblem, textOf } from "./entries.ts";

export function ForgotPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { formRef, errors, accept } = useFormErrors<"email">();
  const ask = useMutation({ mutationFn: (email: string) => call("forgotPassword", { body: { email, locale } }) });
  const backToLogin = (
    <Link to="/login" className="text-link font-semibold">
      {t("account.backToLogin")}
    </Link>
  );

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const email = textOf(new FormData(event.currentTarget), "email").trim();
    if (accept({ email: emailProblem(email, t) })) ask.mutate(email);
  }

  if (ask.isSuccess) {
    return (
      <AuthPage
        title={t("account.forgotSentTitle")}
        lead={t("account.forgotSentText", { email: ask.variables })}
        footer={backToLogin}
      >
        <MailboxHint />
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t("account.forgotTitle")} lead={t("account.forgotText")} footer={backToLogin}>
      <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
        <FormError error={ask.error} />
        <TextField name="email" type="email" label={t("account.email")} autoComplete="username" error={errors.email} />
        <Button type="submit" look="primary" size="large" className="w-full" busy={ask.isPending}>
          {t("account.forgotSend")}
        </Button>
      </form>
    </AuthPage>
  );
}
