import { useMutation } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { LoginResult } from "../../../../src/contract/schemas/sign-in.ts";
import { call } from "../../lib/api.ts";
import { hasCode } from "../../lib/api-error.ts";
import { useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { FormError } from "../../ui/states.tsx";
import { PasswordField, TextField } from "../../ui/text-field.tsx";
import { AuthPage } from "./auth-page.tsx";
import { emailProblem, requiredProblem, textOf } from "./entries.ts";
import { OtherWays } from "./other-ways.tsx";
import { type SecondFactor, SecondStep } from "./second-step.tsx";
import { useSignedIn } from "./use-sign-in.ts";

const route = getRouteApi("/login");
const NOTICES = {
  expired: { tone: "warn", text: "account.loginExpired" },
  ready: { tone: "good", text: "account.loginReady" },
  reset: { tone: "good", text: "account.loginReset" },
} as const;

export function LoginPage(): ReactNode {
  const { t } = useTranslation();
  const { notice, next } = route.useSearch();
  const [asked, setAsked] = useState<SecondFactor | null>(null);
  const signedIn = useSignedIn(next);
  if (asked !== null) {
    return (
      <AuthPage title={t("account.secondStepTitle")}>
        <SecondStep asked={asked} onSignedIn={signedIn} onBack={() => setAsked(null)} />
      </AuthPage>
    );
  }
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
      <LoginForm onResult={(result) => ("secondFactor" in result ? setAsked(result.secondFactor) : signedIn(result))} />
      <OtherWays next={next} onSignedIn={signedIn} />
    </AuthPage>
  );
}

function LoginForm({ onResult }: { onResult: (result: LoginResult) => void }) {
  const { t } = useTranslation();
  const { email } = route.useSearch();
  const login = useMutation({
    mutationFn: (body: BodyOf<"login">) => call("login", { body }),
    onSuccess: onResult,
  });
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
