import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { Account } from "../../../../src/contract/schemas/account.ts";
import type { LoginResult } from "../../../../src/contract/schemas/sign-in.ts";
import { call } from "../../lib/api.ts";
import { useFormErrors } from "../../lib/form-errors.ts";
import { canUsePasskeys, showPasskey } from "../../lib/passkeys.ts";
import { Button } from "../../ui/button.tsx";
import { CheckField } from "../../ui/check-field.tsx";
import { useInstance } from "../instance/instance.ts";
import { CodeField, codeProblem, RecoveryCodeField } from "../proof/code-fields.tsx";
import { ProofError } from "../proof/proof-error.tsx";
import { requiredProblem, textOf } from "./entries.ts";

export type SecondFactor = Extract<LoginResult, { secondFactor: unknown }>["secondFactor"];

interface SecondStepProps {
  asked: SecondFactor;
  onSignedIn: (account: Account) => void;
  onBack: () => void;
}

/** What is asked after the right password: a code, a passkey, or a recovery code. */
export function SecondStep({ asked, onSignedIn, onBack }: SecondStepProps) {
  const { t } = useTranslation();
  const { baseUrl } = useInstance();
  const [way, setWay] = useState<"code" | "recovery_code">(asked.ways.includes("code") ? "code" : "recovery_code");
  const [isTrusted, setTrusted] = useState(false);
  const finish = useMutation({
    mutationFn: (proof: Omit<BodyOf<"finishLogin">, "token">) =>
      call("finishLogin", { body: { token: asked.token, trustDevice: isTrusted, ...proof } }),
    onSuccess: onSignedIn,
  });
  const passkey = useMutation({
    mutationFn: async () => {
      const shown = await showPasskey(await call("passkeyLoginOptions", { body: { token: asked.token } }));
      if (shown !== null) await finish.mutateAsync({ passkey: shown });
    },
  });
  const other = way === "code" ? "recovery_code" : "code";
  return (
    <>
      <ProofError error={finish.error ?? passkey.error} />
      {asked.ways.includes(way) ? (
        <CodeForm key={way} way={way} isBusy={finish.isPending} onCode={(proof) => finish.mutate(proof)}>
          <CheckField
            label={t("account.trustDevice", { count: asked.trustDays })}
            checked={isTrusted}
            onChange={(event) => setTrusted(event.target.checked)}
          />
        </CodeForm>
      ) : null}
      {asked.ways.includes("passkey") && canUsePasskeys(baseUrl) ? (
        <Button size="large" className="w-full" busy={passkey.isPending} onClick={() => passkey.mutate()}>
          <KeyRound aria-hidden />
          {t("account.usePasskey")}
        </Button>
      ) : null}
      <div className="flex flex-wrap justify-between gap-2">
        {asked.ways.includes(other) ? (
          <Button size="small" look="quiet" onClick={() => setWay(other)}>
            {t(other === "code" ? "account.useCode" : "account.useRecoveryCode")}
          </Button>
        ) : null}
        <Button size="small" look="quiet" onClick={onBack}>
          {t("account.backToLogin")}
        </Button>
      </div>
    </>
  );
}

interface CodeFormProps {
  way: "code" | "recovery_code";
  isBusy: boolean;
  onCode: (proof: { code: string } | { recoveryCode: string }) => void;
  children: ReactNode;
}

function CodeForm({ way, isBusy, onCode, children }: CodeFormProps) {
  const { t } = useTranslation();
  const { formRef, errors, accept } = useFormErrors<"code">();
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const typed = textOf(new FormData(event.currentTarget), "code");
    const problem = way === "code" ? codeProblem(typed, t) : requiredProblem(typed, t);
    if (accept({ code: problem })) onCode(way === "code" ? { code: typed } : { recoveryCode: typed });
  }
  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      {way === "code" ? <CodeField error={errors.code} /> : <RecoveryCodeField error={errors.code} />}
      {children}
      <Button type="submit" look="primary" size="large" className="w-full" busy={isBusy}>
        {t("account.continue")}
      </Button>
    </form>
  );
}
