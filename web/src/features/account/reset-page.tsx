import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { hasCode } from "../../lib/api-error.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { FormError } from "../../ui/states.tsx";
import { PasswordField } from "../../ui/text-field.tsx";
import { useInstance } from "../instance/instance.ts";
import { AuthPage } from "./auth-page.tsx";
import { newPasswordProblem, textOf } from "./entries.ts";
import { forgetPerson } from "./session.ts";

const route = getRouteApi("/reset-password");

export function ResetPage(): ReactNode {
  const { t } = useTranslation();
  const { token } = route.useSearch();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const reset = useMutation({
    mutationFn: (body: { token: string; password: string }) => call("resetPassword", { body }),
    onSuccess: async () => {
      forgetPerson(queries);
      await navigate({ to: "/login", search: { notice: "reset" } });
    },
  });
  const isTokenRefused =
    reset.error !== null && hasCode(reset.error, "invalid_field") && reset.error.fields.includes("token");
  if (token === undefined || isTokenRefused || hasCode(reset.error, "link_expired")) {
    return (
      <AuthPage
        title={token === undefined ? t("account.linkBrokenTitle") : t("account.linkExpiredTitle")}
        lead={token === undefined ? t("account.linkBrokenText") : t("errors.link_expired")}
      >
        <Link to="/forgot-password" className={buttonStyle({ look: "primary", size: "large", className: "w-full" })}>
          {t("account.forgotSend")}
        </Link>
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t("account.resetTitle")} lead={t("account.resetText")}>
      <ResetForm
        isBusy={reset.isPending}
        error={reset.error}
        onSubmit={(password) => reset.mutate({ token, password })}
      />
    </AuthPage>
  );
}

interface ResetFormProps {
  isBusy: boolean;
  error: unknown;
  onSubmit: (password: string) => void;
}

function ResetForm({ isBusy, error, onSubmit }: ResetFormProps) {
  const { t } = useTranslation();
  const instance = useInstance();
  const { formRef, errors, accept } = useFormErrors<"password">();
  const refused = refusedFields(error, ["password"], t);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const password = textOf(new FormData(event.currentTarget), "password");
    if (accept({ password: newPasswordProblem(password, instance.password, t) })) onSubmit(password);
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
      {refused === null ? <FormError error={error} /> : null}
      <PasswordField
        name="password"
        label={t("account.newPassword")}
        autoComplete="new-password"
        hint={t("account.passwordHint", { min: instance.password.minLength })}
        error={errors.password ?? refused?.password}
      />
      <Button type="submit" look="primary" size="large" className="w-full" busy={isBusy}>
        {t("account.resetButton")}
      </Button>
    </form>
  );
}
