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
import { accountSecurityQuery } from "./account-queries.ts";

const FIELDS = ["currentPassword", "newPassword"] as const;

/** Changes the password, or gives the account its first one. */
export function PasswordForm({ hasPassword }: { hasPassword: boolean }) {
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
      await queries.invalidateQueries(accountSecurityQuery);
    },
    onError: (error) => accept(refusedFields(error, FIELDS, t) ?? {}),
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const currentPassword = textOf(form, "currentPassword");
    const newPassword = textOf(form, "newPassword");
    const isFine = accept({
      currentPassword: hasPassword ? requiredProblem(currentPassword, t) : undefined,
      newPassword: newPasswordProblem(newPassword, instance.password, t),
    });
    if (isFine) change.mutate({ newPassword, ...(hasPassword ? { currentPassword } : {}) });
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      {refusedFields(change.error, FIELDS, t) === null ? <FormError error={change.error} /> : null}
      {/* For password managers, which want to know whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={account.email} readOnly hidden />
      {hasPassword ? (
        <PasswordField
          name="currentPassword"
          label={t("settings.currentPassword")}
          autoComplete="current-password"
          error={errors.currentPassword}
        />
      ) : null}
      <PasswordField
        name="newPassword"
        label={t("account.newPassword")}
        autoComplete="new-password"
        hint={t("account.passwordHint", { min: instance.password.minLength })}
        error={errors.newPassword}
      />
      <Button type="submit" busy={change.isPending}>
        {t(hasPassword ? "settings.changePassword" : "accountPage.choosePassword")}
      </Button>
    </form>
  );
}
