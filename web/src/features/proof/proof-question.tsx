import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf, ResponseOf } from "../../../../src/contract/routes.ts";
import { call } from "../../lib/api.ts";
import { useFormErrors } from "../../lib/form-errors.ts";
import { canUsePasskeys, showPasskey } from "../../lib/passkeys.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { PasswordField } from "../../ui/text-field.tsx";
import { requiredProblem, textOf } from "../account/entries.ts";
import { useAccount, useLogout } from "../account/session.ts";
import { useInstance } from "../instance/instance.ts";
import { CodeField, codeProblem, RecoveryCodeField } from "./code-fields.tsx";
import { ProofError } from "./proof-error.tsx";

/** The question itself, whose code comes when it is first asked. */
export function ProofQuestionDialog({ isOpen, onClose }: { isOpen: boolean; onClose: (isProven: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => onClose(false)}
      closesOnOutsideClick={false}
      title={t("account.proofTitle")}
      description={t("account.proofText")}
      className="max-w-md"
    >
      {isOpen ? <ProofQuestion onProven={() => onClose(true)} /> : null}
    </Dialog>
  );
}

function ProofQuestion({ onProven }: { onProven: () => void }) {
  const options = useQuery({
    queryKey: ["proof-options"],
    queryFn: ({ signal }) => call("getProofOptions", { signal }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (options.isPending) return <LoadingRows rows={1} />;
  if (!options.data) return <ErrorState error={options.error} onRetry={() => void options.refetch()} />;
  return <ProofForm options={options.data} onRenew={() => void options.refetch()} onProven={onProven} />;
}

type Way = "password" | "code" | "recovery_code";

interface ProofFormProps {
  options: ResponseOf<"getProofOptions">;
  /** The question to the passkey is used up by its answer. */
  onRenew: () => void;
  onProven: () => void;
}

function ProofForm({ options: { ways, passkey }, onRenew, onProven }: ProofFormProps) {
  const { t } = useTranslation();
  const { baseUrl } = useInstance();
  const logout = useLogout();
  const typed = ways.filter((way) => way !== "passkey");
  const [way, setWay] = useState<Way | undefined>(typed[0]);
  const give = useMutation({
    mutationFn: (body: BodyOf<"giveProof">) => call("giveProof", { body }),
    onSuccess: onProven,
    onError: onRenew,
  });
  const show = useMutation({
    mutationFn: async (asked: NonNullable<typeof passkey>) => {
      const shown = await showPasskey(asked);
      if (shown !== null) await give.mutateAsync({ passkey: shown });
    },
  });
  const hasPasskey = passkey !== null && canUsePasskeys(baseUrl);
  return (
    <div className="space-y-4">
      <ProofError error={give.error ?? show.error} />
      {way === undefined ? null : (
        <TypedProof key={way} way={way} isBusy={give.isPending} onProof={(body) => give.mutate(body)} />
      )}
      {hasPasskey ? (
        <Button className="w-full" busy={show.isPending} onClick={() => show.mutate(passkey)}>
          <KeyRound aria-hidden />
          {t("account.usePasskey")}
        </Button>
      ) : null}
      {typed
        .filter((other) => other !== way)
        .map((other) => (
          <Button key={other} size="small" look="quiet" onClick={() => setWay(other)}>
            {t(other === "code" ? "account.useCode" : "account.useRecoveryCode")}
          </Button>
        ))}
      {way === undefined && !hasPasskey ? (
        <>
          <p className="text-sm">{t("account.proofByLogin")}</p>
          <Button look="primary" busy={logout.isPending} onClick={() => logout.mutate()}>
            {t("shell.logout")}
          </Button>
        </>
      ) : null}
    </div>
  );
}

interface TypedProofProps {
  way: Way;
  isBusy: boolean;
  onProof: (body: BodyOf<"giveProof">) => void;
}

function TypedProof({ way, isBusy, onProof }: TypedProofProps) {
  const { t } = useTranslation();
  const account = useAccount();
  const { formRef, errors, accept } = useFormErrors<"code">();
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const text = textOf(new FormData(event.currentTarget), "code");
    if (!accept({ code: way === "code" ? codeProblem(text, t) : requiredProblem(text, t) })) return;
    if (way === "password") onProof({ password: text });
    else onProof(way === "code" ? { code: text } : { recoveryCode: text });
  }
  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      {way === "password" ? (
        <>
          {/* For password managers, which want to know whose password it is. */}
          <input type="text" name="username" autoComplete="username" value={account.email} readOnly hidden />
          <PasswordField
            name="code"
            label={t("account.password")}
            autoComplete="current-password"
            error={errors.code}
          />
        </>
      ) : way === "code" ? (
        <CodeField error={errors.code} />
      ) : (
        <RecoveryCodeField error={errors.code} />
      )}
      <Button type="submit" look="primary" className="w-full" busy={isBusy}>
        {t("account.continue")}
      </Button>
    </form>
  );
}
