import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { emailProblem, textOf } from "./entries.ts";

/** Asks for the address and sends the verification mail again. */
export function ResendForm() {
  const { t } = useTranslation();
  const locale = useLocale();
  const navigate = useNavigate();
  const { formRef, errors, accept } = useFormErrors<"email">();
  const resend = useMutation({
    mutationFn: (email: string) => call("resendVerification", { body: { email, locale } }),
    onSuccess: (_, email) => navigate({ to: "/check-your-mail", search: { email } }),
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const email = textOf(new FormData(event.currentTarget), "email").trim();
    if (accept({ email: emailProblem(email, t) })) resend.mutate(email);
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      <FormError error={resend.error} />
      <TextField name="email" type="email" label={t("account.email")} autoComplete="email" error={errors.email} />
      <Button type="submit" className="w-full" busy={resend.isPending}>
        {t("account.resend")}
      </Button>
    </form>
  );
}
