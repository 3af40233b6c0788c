import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import { call } from "../../lib/api.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { FormError } from "../../ui/states.tsx";
import { PasswordField, TextField } from "../../ui/text-field.tsx";
import { MailboxHint } from "../account/check-mail-page.tsx";
import { emailProblem, requiredProblem, textOf } from "../account/entries.ts";

const FIELDS = ["newEmail", "currentPassword"] as const;

export function EmailForm() {
  const { t } = useTranslation();
  const { formRef, errors, accept } = useFormErrors<(typeof FIELDS)[number]>();
  const change = useMutation({
    mutationFn: (body: BodyOf<"changeEmail">) => call("changeEmail", { body }),
    onSuccess: () => formRef.current?.reset(),
    onError: (error) => accept(refusedFields(error, FIELDS, t) ?? {}),
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { newEmail: textOf(form, "newEmail").trim(), currentPassword: textOf(form, "currentPassword") };
    const isFine = accept({
      newEmail: emailProblem(body.newEmail, t),
      currentPassword: requiredProblem(body.currentPassword, t),
    });
    if (isFine) change.mutate(body);
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      {refusedFields(change.error, FIELDS, t) === null ? <FormError error={change.error} /> : null}
      {change.isSuccess ? (
        <>
          <Notice tone="good">{t("settings.emailSent", { email: change.variables.newEmail })}</Notice>
          <MailboxHint />
        </>
      ) : null}
      <TextField
        name="newEmail"
        type="email"
        label={t("settings.newEmail")}
        autoComplete="email"
        error={errors.newEmail}
      />
      <PasswordField
        name="currentPassword"
        label={t("settings.currentPassword")}
        autoComplete="current-password"
        error={errors.currentPassword}
      />
      <Button type="submit" busy={change.isPending}>
        {t("settings.changeEmail")}
      </Button>
    </form>
  );
}
