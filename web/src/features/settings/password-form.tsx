import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import { call } from "../../lib/api.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { FormError } from "../../ui/states.tsx";
import { PasswordField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { newPasswordProblem, requiredProblem, textOf } from "../account/entries.ts";
import { useAccount } from "../account/session.ts";
import { useInstance } from "../instance/instance.ts";

const FIELDS = ["currentPassword", "newPassword"] as const;

export function PasswordForm() {
  const { t } = useTranslation();
  const account = useAccount();
  const instance = useInstance();
  const queries = useQueryClient();
  const { formRef, errors, accept } = useFormErrors<(typeof FIELDS)[number]>();
  const change = useMutation({
    mutationFn: (body: BodyOf<"changePassword">) => call("changePassword", { body }),
    onSuccess: async () => {
      formRef.current?.reset();
      toasts.add({ title: t("settings.passwordSaved") });
      await queries.invalidateQueries({ queryKey: ["sessions"] });
    },
    onError: (error) => accept(refusedFields(error, FIELDS, t) ?? {}),
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { currentPassword: textOf(form, "currentPassword"), newPassword: textOf(form, "newPassword") };
    const isFine = accept({
      currentPassword: requiredProblem(body.currentPassword, t),
      newPassword: newPasswordProblem(body.newPassword, instance.password, t),
    });
    if (isFine) change.mutate(body);
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      {refusedFields(change.error, FIELDS, t) === null ? <FormError error={change.error} /> : null}
      {/* For password managers, which want to know whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={account.email} readOnly hidden />
      <PasswordField
        name="currentPassword"
        label={t("settings.currentPassword")}
        autoComplete="current-password"
        error={errors.currentPassword}
      />
      <PasswordField
        name="newPassword"
        label={t("account.newPassword")}
        autoComplete="new-password"
        hint={t("account.passwordHint", { min: instance.password.minLength })}
        error={errors.newPassword}
      />
      <Button type="submit" busy={change.isPending}>
        {t("settings.changePassword")}
      </Button>
    </form>
  );
}
