import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ResponseOf } from "../../../../src/contract/routes.ts";
import { call } from "../../lib/api.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { FormError } from "../../ui/states.tsx";
import { PasswordField } from "../../ui/text-field.tsx";
import { requiredProblem, textOf } from "../account/entries.ts";
import { CodeField, codeProblem } from "../proof/code-fields.tsx";
import { accountSecurityQuery } from "./account-queries.ts";
import { RecoveryCodes } from "./recovery-codes.tsx";

type Secret = ResponseOf<"startAuthenticator">;

/** Password, QR code, first code, recovery codes: in this order, in one dialog. */
export function AuthenticatorSetup({ needsPassword, onClose }: { needsPassword: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<Secret | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const title = codes === null ? t("accountPage.setUpApp") : t("accountPage.codesTitle");
  return (
    <Dialog isOpen onClose={onClose} closesOnOutsideClick={false} title={title}>
      {codes !== null ? (
        <RecoveryCodes codes={codes} onDone={onClose} />
      ) : secret !== null ? (
        <ConfirmStep secret={secret} onConfirmed={setCodes} />
      ) : (
        <StartStep needsPassword={needsPassword} onStarted={setSecret} />
      )}
    </Dialog>
  );
}

function StartStep({ needsPassword, onStarted }: { needsPassword: boolean; onStarted: (secret: Secret) => void }) {
  const { t } = useTranslation();
  const { formRef, errors, accept } = useFormErrors<"currentPassword">();
  const start = useMutation({
    mutationFn: (currentPassword: string | undefined) =>
      call("startAuthenticator", { body: currentPassword === undefined ? {} : { currentPassword } }),
    onSuccess: onStarted,
    onError: (error) => accept(refusedFields(error, ["currentPassword"], t) ?? {}),
  });
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const typed = textOf(new FormData(event.currentTarget), "currentPassword");
    if (!needsPassword) start.mutate(undefined);
    else if (accept({ currentPassword: requiredProblem(typed, t) })) start.mutate(typed);
  }
  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      <p className="text-sm">{t("accountPage.appText")}</p>
      {errors.currentPassword === undefined ? <FormError error={start.error} /> : null}
      {needsPassword ? (
        <PasswordField
          name="currentPassword"
          label={t("settings.currentPassword")}
          autoComplete="current-password"
          error={errors.currentPassword}
        />
      ) : null}
      <Button type="submit" look="primary" className="w-full" busy={start.isPending}>
        {t("account.continue")}
      </Button>
    </form>
  );
}

function ConfirmStep({ secret, onConfirmed }: { secret: Secret; onConfirmed: (codes: string[]) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { formRef, errors, accept } = useFormErrors<"code">();
  const confirm = useMutation({
    mutationFn: (code: string) => call("confirmAuthenticator", { body: { code } }),
    onSuccess: async ({ recoveryCodes }) => {
      onConfirmed(recoveryCodes);
      await queries.invalidateQueries(accountSecurityQuery);
      await queries.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const typed = textOf(new FormData(event.currentTarget), "code");
    if (accept({ code: codeProblem(typed, t) })) confirm.mutate(typed);
  }
  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      <p className="text-sm">{t("accountPage.scanText")}</p>
      <QrCode text={secret.url} label={t("accountPage.qrLabel")} />
      <details className="text-sm">
        <summary className="text-link cursor-pointer font-semibold">{t("accountPage.typeInstead")}</summary>
        <CodeBlock
          className="mt-2"
          code={secret.secret.replace(/.{4}(?=.)/g, "$& ")}
          copyLabel={t("accountPage.copySecret")}
        />
      </details>
      <FormError error={confirm.error} />
      <CodeField error={errors.code} />
      <Button type="submit" look="primary" className="w-full" busy={confirm.isPending}>
        {t("accountPage.confirmApp")}
      </Button>
    </form>
  );
}
