import { useMutation } from "@tanstack/react-query";
import { KeyRound, LogIn } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Account } from "../../../../src/contract/schemas/account.ts";
import { call } from "../../lib/api.ts";
import { canUsePasskeys, showPasskey } from "../../lib/passkeys.ts";
import { rememberReturnPath } from "../../lib/sign-on-return.ts";
import { Button } from "../../ui/button.tsx";
import { useInstance } from "../instance/instance.ts";
import { ProofError } from "../proof/proof-error.tsx";

/** The ways in without a password, below the form. */
export function OtherWays({ next, onSignedIn }: { next: string | undefined; onSignedIn: (account: Account) => void }) {
  const { t } = useTranslation();
  const { baseUrl, singleSignOn } = useInstance();
  const passkey = useMutation({
    mutationFn: async () => {
      const shown = await showPasskey(await call("passkeyLoginOptions", { body: {} }));
      return shown === null ? null : call("passkeyLogin", { body: shown });
    },
    onSuccess: (account) => (account === null ? undefined : onSignedIn(account)),
  });
  const signOn = useMutation({
    mutationFn: () => call("startSingleSignOn", { body: {} }),
    onSuccess: ({ url }) => {
      rememberReturnPath(next);
      window.location.assign(url);
    },
  });
  const hasPasskeys = canUsePasskeys(baseUrl);
  if (!hasPasskeys && singleSignOn === null) return null;
  return (
    <div className="space-y-3 border-t border-line pt-5">
      <ProofError error={passkey.error ?? signOn.error} />
      {singleSignOn === null ? null : (
        <Button size="large" className="w-full" busy={signOn.isPending} onClick={() => signOn.mutate()}>
          <LogIn aria-hidden />
          {t("account.continueWith", { name: singleSignOn.name })}
        </Button>
      )}
      {hasPasskeys ? (
        <Button size="large" className="w-full" busy={passkey.isPending} onClick={() => passkey.mutate()}>
          <KeyRound aria-hidden />
          {t("account.usePasskey")}
        </Button>
      ) : null}
    </div>
  );
}
