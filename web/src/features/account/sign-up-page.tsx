import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { FormError } from "../../ui/states.tsx";
import { PasswordField, TextField } from "../../ui/text-field.tsx";
import { instanceQuery, useInstance } from "../instance/instance.ts";
import { AuthPage } from "./auth-page.tsx";
import { emailProblem, nameProblem, newPasswordProblem, requiredProblem, textOf } from "./entries.ts";

const route = getRouteApi("/sign-up");
const FIELDS = ["name", "email", "password", "setupToken"] as const;

export function SignUpPage(): ReactNode {
  const { t } = useTranslation();
  const instance = useInstance();
  const { invitation } = route.useSearch();
  const isClosed = instance.setup === "done" && instance.signUp.policy === "invitation" && invitation === undefined;
  return (
    <AuthPage
      title={isClosed ? t("account.invitationOnlyTitle") : t("account.signUpTitle")}
      lead={isClosed ? t("account.invitationOnlyText") : t("account.signUpLead")}
      footer={
        <>
          {t("account.haveAccount")}{" "}
          <Link to="/login" className="text-link font-semibold">
            {t("account.login")}
          </Link>
        </>
      }
    >
      {isClosed ? null : <SignUpForm />}
    </AuthPage>
  );
}

/** Sends the sign-up and goes on to where the answer leads. */
function useSignUp() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"signUp">) => call("signUp", { body }),
    onSuccess: async ({ status }, { email }) => {
      await queries.invalidateQueries(instanceQuery);
      if (status === "ready_to_log_in") await navigate({ to: "/login", search: { email, notice: "ready" } });
      else await navigate({ to: "/check-your-mail", search: { email } });
    },
  });
}

function SignUpForm() {
  const { t } = useTranslation();
  const locale = useLocale();
  const instance = useInstance();
  const { invitation, email: invitedEmail } = route.useSearch();
  const signUp = useSignUp();
  const { formRef, errors, accept } = useFormErrors<(typeof FIELDS)[number]>();
  const needsToken = instance.setup === "token";

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, email, password] = [
      textOf(form, "name").trim(),
      textOf(form, "email").trim(),
      textOf(form, "password"),
    ];
    const setupToken = textOf(form, "setupToken").trim();
    const isFine = accept({
      name: nameProblem(name, t),
      email: emailProblem(email, t),
      password: newPasswordProblem(password, instance.password, t),
      setupToken: needsToken ? requiredProblem(setupToken, t) : undefined,
    });
    if (!isFine) return;
    const extras = { ...(invitation ? { invitation } : {}), ...(needsToken ? { setupToken } : {}) };
    const body = { name, email, password, locale, ...extras };
    signUp.mutate(body, { onError: (error) => accept(refusedFields(error, FIELDS, t) ?? {}) });
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
      <SignUpHints />
      {refusedFields(signUp.error, FIELDS, t) === null ? <FormError error={signUp.error} /> : null}
      <TextField name="name" label={t("account.name")} autoComplete="name" maxLength={100} error={errors.name} />
      <TextField
        name="email"
        type="email"
        label={t("account.email")}
        autoComplete="email"
        maxLength={254}
        defaultValue={invitedEmail}
        error={errors.email}
      />
      <PasswordField
        name="password"
        label={t("account.password")}
        autoComplete="new-password"
        hint={t("account.passwordHint", { min: instance.password.minLength })}
        error={errors.password}
      />
      {needsToken ? (
        <TextField
          name="setupToken"
          label={t("account.setupToken")}
          hint={t("account.setupTokenHint")}
          autoComplete="off"
          spellCheck={false}
          error={errors.setupToken}
        />
      ) : null}
      <Button type="submit" look="primary" size="large" className="w-full" busy={signUp.isPending}>
        {t("account.signUp")}
      </Button>
    </form>
  );
}

function SignUpHints() {
  const { t } = useTranslation();
  const { setup, signUp } = useInstance();
  const { invitation } = route.useSearch();
  if (setup !== "done") return <Notice tone="info">{t("account.signUpFirst")}</Notice>;
  if (invitation !== undefined) return <Notice tone="info">{t("account.signUpInvited")}</Notice>;
  if (signUp.policy !== "domains") return null;
  return <Notice tone="info">{t("account.signUpDomains", { domains: signUp.domains.join(", ") })}</Notice>;
}
