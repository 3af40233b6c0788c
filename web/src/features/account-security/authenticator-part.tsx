import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSecurity } from "../../../../src/contract/schemas/sign-in.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { formatDateTime } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { accountSecurityQuery } from "./account-queries.ts";
import { AuthenticatorSetup } from "./authenticator-setup.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

/** Codes become few: time for new ones. */
const FEW_CODES = 3;

type Open = "setup" | "renew" | "remove" | null;

/** The authenticator app: off with a way to set it up, or on with its recovery codes. */
export function AuthenticatorPart({ security }: { security: AccountSecurity }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [open, setOpen] = useState<Open>(null);
  const { authenticator } = security;
  const close = (): void => setOpen(null);
  return (
    <>
      {authenticator === null ? (
        <div className="flex flex-col items-start gap-3">
          <Badge tone="plain">{t("accountPage.off")}</Badge>
          <Button look="primary" onClick={() => setOpen("setup")}>
            {t("accountPage.setUpApp")}
          </Button>
        </div>
      ) : (
        <div className="space-y-3 text-sm">
          <p className="flex flex-wrap items-center gap-2">
            <Badge tone="good">{t("accountPage.on")}</Badge>
            {t("accountPage.onSince", { when: formatDateTime(authenticator.confirmedAt, locale) })}
          </p>
          <p className="text-muted">{t("accountPage.codesLeft", { count: authenticator.recoveryCodesLeft })}</p>
          {authenticator.recoveryCodesLeft < FEW_CODES ? (
            <Notice tone="warn">{t("accountPage.fewCodes")}</Notice>
          ) : null}
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => setOpen("renew")}>{t("accountPage.newCodes")}</Button>
            <Button onClick={() => setOpen("remove")}>{t("accountPage.turnOff")}</Button>
          </div>
        </div>
      )}
      {open === "setup" ? <AuthenticatorSetup needsPassword={security.hasPassword} onClose={close} /> : null}
      {open === "renew" ? <RenewDialog onClose={close} /> : null}
      {open === "remove" ? <RemoveDialog onClose={close} /> : null}
    </>
  );
}

function RenewDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const renew = useMutation({
    mutationFn: () => call("renewRecoveryCodes"),
    onSuccess: () => queries.invalidateQueries(accountSecurityQuery),
  });
  if (renew.data === undefined) {
    return (
      <ConfirmDialog
        isOpen
        title={t("accountPage.newCodes")}
        text={t("accountPage.newCodesText")}
        confirmLabel={t("accountPage.makeCodes")}
        isBusy={renew.isPending}
        error={renew.error}
        onConfirm={() => renew.mutate()}
        onCancel={onClose}
      />
    );
  }
  return (
    <Dialog isOpen onClose={onClose} closesOnOutsideClick={false} title={t("accountPage.codesTitle")}>
      <RecoveryCodes codes={renew.data.recoveryCodes} onDone={onClose} />
    </Dialog>
  );
}

function RemoveDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call("removeAuthenticator"),
    onSuccess: async () => {
      await queries.invalidateQueries(accountSecurityQuery);
      toasts.add({ title: t("accountPage.turnedOff") });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      isDangerous
      title={t("accountPage.turnOffTitle")}
      text={t("accountPage.turnOffText")}
      confirmLabel={t("accountPage.turnOff")}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onCancel={onClose}
    />
  );
}
