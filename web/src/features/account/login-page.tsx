import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import { call } from "../../lib/api.ts";
import { hasCode } from "../../lib/api-error.ts";
import { useFormErrors } from "../../lib/form-errors.ts";
import { safeReturnPath } from "../../lib/return-path.ts";
import { rememberSignedIn } from "../../lib/session-hint.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { FormError } from "../../ui/states.tsx";
import { PasswordField, TextField } from "../../ui/text-field.tsx";
import { AuthPage } from "./auth-page.tsx";
import { emailProblem, requiredProblem, textOf } from "./entries.ts";
import { accountQuery, forgetPerson } from "./session.ts";

const route = getRouteApi("/login");
const NOTICES = {
  expired: { tone: "warn", text: "account.loginExpired" },
  ready: { tone: "good", text: "account.loginReady" },
  reset: { tone: "good", text: "account.loginReset" },
} as const;

export function LoginPage(): ReactNode {
  const { t } = useTranslation();
  const { notice } = route.useSearch();
  return (
    <AuthPage
      title={t("account.loginTitle")}
      footer={
        <>
          {t("account.noAccount")}{" "}
          <Link to="/sign-up" className="text-link font-semibold">
            {t("account.signUp")}
          </Link>
        </>
      }
    >
      {notice ? <Notice tone={NOTICES[notice].tone}>{t(NOTICES[notice].text)}</Notice> : null}
      <LoginForm />
    </AuthPage>
  );
}

/** Begins the session and goes back to where it was missed. */
function useLogin() {
  const { next } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"login">) => call("login", { body }),
    onSuccess: (account) => {
      forgetPerson(queries);
      rememberSignedIn(true);
      queries.setQueryData(accountQuery.queryKey, account);
      router.history.push(safeReturnPath(next));
    },
  });
}

function LoginForm() {
  const { t } = useTranslation();
  const { email } = route.useSearch();
  const login = useLogin();
  const { formRef, errors, accept } = useFormErrors<"email" | "password">();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { email: textOf(form, "email").trim(), password: textOf(form, "password") };
    const found = { email: emailProblem(body.email, t), password: requiredProblem(body.password, t) };
    if (accept(found)) login.mutate(body);
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
      {hasCode(login.error, "email_not_verified") ? (
        <Notice tone="warn" title={t("account.notVerifiedTitle")}>
          <p>{t("account.notVerifiedText")}</p>
          <Link
            to="/check-your-mail"
            search={{ email: login.variables?.email ?? "" }}
            className="text-link font-semibold"
          >
            {t("account.resend")}
          </Link>
        </Notice>
      ) : (
        <FormError error={login.error} />
      )}
      <TextField
        name="email"
        type="email"
        label={t("account.email")}
        autoComplete="username"
        defaultValue={email}
        error={errors.email}
      />
      <PasswordField
        name="password"
        label={t("account.password")}
        autoComplete="current-password"
        error={errors.password}
      />
      <Button type="submit" look="primary" size="large" className="w-full" busy={login.isPending}>
        {t("account.login")}
      </Button>
      <p className="text-center text-sm">
        <Link to="/forgot-password" className="text-link">
          {t("account.forgotLink")}
        </Link>
      </p>
    </form>
  );
}
