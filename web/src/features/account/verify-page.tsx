import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { hasCode } from "../../lib/api-error.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { FormError } from "../../ui/states.tsx";
import { instanceQuery } from "../instance/instance.ts";
import { AuthPage } from "./auth-page.tsx";
import { ResendForm } from "./resend-form.tsx";
import { accountQuery, useIsSignedIn } from "./session.ts";

const route = getRouteApi("/verify");

/** Opening a verification link changes nothing: mail scanners open links, too. Pressing the button uses it up. */
export function VerifyPage(): ReactNode {
  const { t } = useTranslation();
  const { token } = route.useSearch();
  const queries = useQueryClient();
  const verify = useMutation({
    mutationFn: (wanted: string) => call("verifyEmail", { body: { token: wanted } }),
    onSuccess: async () => {
      await Promise.all([queries.invalidateQueries(instanceQuery), queries.invalidateQueries(accountQuery)]);
    },
  });

  if (token === undefined) {
    return (
      <AuthPage title={t("account.linkBrokenTitle")} lead={t("account.linkBrokenText")}>
        <ResendForm />
      </AuthPage>
    );
  }
  if (verify.isSuccess) return <Verified {...verify.data} />;
  if (hasCode(verify.error, "link_expired") || hasCode(verify.error, "invalid_field")) return <ExpiredLink />;
  return (
    <AuthPage title={t("account.verifyTitle")} lead={t("account.verifyText")}>
      <FormError error={verify.error} />
      <Button
        look="primary"
        size="large"
        className="w-full"
        busy={verify.isPending}
        onClick={() => verify.mutate(token)}
      >
        {t("account.verifyButton")}
      </Button>
    </AuthPage>
  );
}

function Verified({ email, purpose }: { email: string; purpose: "sign_up" | "email_change" }) {
  const { t } = useTranslation();
  const isSignedIn = useIsSignedIn();
  const text =
    purpose === "sign_up" ? t("account.verifiedText", { email }) : t("account.addressChangedText", { email });
  const style = buttonStyle({ look: "primary", size: "large", className: "w-full" });
  return (
    <AuthPage title={t("account.verifiedTitle")} lead={text}>
      {isSignedIn ? (
        <Link to="/dashboard" className={style}>
          {t("account.toDashboard")}
        </Link>
      ) : (
        <Link to="/login" search={{ email }} className={style}>
          {t("account.login")}
        </Link>
      )}
    </AuthPage>
  );
}

function ExpiredLink() {
  const { t } = useTranslation();
  return (
    <AuthPage
      title={t("account.linkExpiredTitle")}
      lead={t("account.linkExpiredText")}
      footer={
        <>
          {t("account.verifiedAlready")}{" "}
          <Link to="/login" className="text-link font-semibold">
            {t("account.login")}
          </Link>
        </>
      }
    >
      <ResendForm />
    </AuthPage>
  );
}
