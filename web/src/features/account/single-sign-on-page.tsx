import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { rememberedReturnPath } from "../../lib/sign-on-return.ts";
import { buttonStyle } from "../../ui/button.tsx";
import { LoadingRows } from "../../ui/states.tsx";
import { useInstance } from "../instance/instance.ts";
import { ProofError } from "../proof/proof-error.tsx";
import { AuthPage } from "./auth-page.tsx";
import { SecondStep } from "./second-step.tsx";
import { useSignedIn } from "./use-sign-in.ts";

/** Where the OpenID provider sends the browser back to. What it brings is used up once. */
export function SingleSignOnPage(): ReactNode {
  const { t } = useTranslation();
  const { singleSignOn } = useInstance();
  const [query] = useState(() => window.location.search.slice(1));
  const signedIn = useSignedIn(rememberedReturnPath());
  const finish = useMutation({
    mutationFn: () => call("finishSingleSignOn", { body: { query: query === "" ? "none" : query } }),
    onSuccess: (result) => ("secondFactor" in result ? undefined : signedIn(result)),
  });
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    finish.mutate();
  });
  if (finish.data && "secondFactor" in finish.data) {
    return (
      <AuthPage title={t("account.secondStepTitle")}>
        <SecondStep
          asked={finish.data.secondFactor}
          onSignedIn={signedIn}
          onBack={() => window.location.assign("/login")}
        />
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t("account.signOnTitle", { name: singleSignOn?.name ?? "" })}>
      {finish.isError ? (
        <>
          <ProofError error={finish.error} />
          <Link to="/login" className={buttonStyle({ look: "primary", size: "large", className: "w-full" })}>
            {t("account.backToLogin")}
          </Link>
        </>
      ) : (
        <LoadingRows rows={1} />
      )}
    </AuthPage>
  );
}
