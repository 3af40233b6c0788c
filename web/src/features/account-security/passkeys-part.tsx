import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSecurity, Passkey } from "../../../../src/contract/schemas/sign-in.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { formatAgo, formatDateTime } from "../../lib/format.ts";
import { canUsePasskeys } from "../../lib/passkeys.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { MenuItem, RowMenu } from "../../ui/menu.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { useInstance } from "../instance/instance.ts";
import { accountSecurityQuery } from "./account-queries.ts";
import { PasskeyNameDialog } from "./passkey-name-dialog.tsx";

type Open = { what: "add" } | { what: "rename" | "delete"; passkey: Passkey } | null;

/** The account's passkeys, and what keeps one from being added. */
export function PasskeysPart({ security: { passkeys, passkeyProblem } }: { security: AccountSecurity }) {
  const { t } = useTranslation();
  const { baseUrl } = useInstance();
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  return (
    <div className="space-y-4">
      {passkeys.length === 0 ? <p className="text-sm text-muted">{t("accountPage.noPasskeys")}</p> : null}
      <ul className="divide-y divide-line empty:hidden">
        {passkeys.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} onChoose={(what) => setOpen({ what, passkey })} />
        ))}
      </ul>
      {passkeyProblem !== null ? (
        <Notice tone="info">{t(`accountPage.passkeys_${passkeyProblem}`, { baseUrl })}</Notice>
      ) : canUsePasskeys(baseUrl) ? (
        <Button onClick={() => setOpen({ what: "add" })}>
          <Plus aria-hidden />
          {t("accountPage.addPasskey")}
        </Button>
      ) : (
        <Notice tone="info">{t("accountPage.passkeysElsewhere", { baseUrl })}</Notice>
      )}
      {open?.what === "add" ? <PasskeyNameDialog passkey={null} onClose={close} /> : null}
      {open?.what === "rename" ? <PasskeyNameDialog passkey={open.passkey} onClose={close} /> : null}
      {open?.what === "delete" ? <DeleteDialog passkey={open.passkey} onClose={close} /> : null}
    </div>
  );
}

function PasskeyRow({ passkey, onChoose }: { passkey: Passkey; onChoose: (what: "rename" | "delete") => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { name, createdAt, lastUsedAt, isSynced } = passkey;
  const used =
    lastUsedAt === null
      ? t("accountPage.neverUsed")
      : t("accountPage.lastUsed", { when: formatAgo(lastUsedAt, Date.now(), locale) });
  return (
    <li className="flex items-start gap-3 py-3 first:pt-0">
      <KeyRound aria-hidden className="mt-0.5 size-5 shrink-0 text-muted" />
      <div className="min-w-0 flex-1 text-sm">
        <p className="flex flex-wrap items-center gap-2 font-semibold [overflow-wrap:anywhere]">
          {name}
          {isSynced ? <Badge tone="plain">{t("accountPage.synced")}</Badge> : null}
        </p>
        <p className="text-muted">{t("accountPage.added", { when: formatDateTime(createdAt, locale) })}</p>
        <p className="text-muted">{used}</p>
      </div>
      <RowMenu label={t("accountPage.actionsOf", { name })}>
        <MenuItem onClick={() => onChoose("rename")}>
          <Pencil aria-hidden />
          {t("accountPage.rename")}
        </MenuItem>
        <MenuItem isDangerous onClick={() => onChoose("delete")}>
          <Trash2 aria-hidden />
          {t("accountPage.delete")}
        </MenuItem>
      </RowMenu>
    </li>
  );
}

function DeleteDialog({ passkey: { id, name }, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call("deletePasskey", { params: { id } }),
    onSuccess: async () => {
      await queries.invalidateQueries(accountSecurityQuery);
      toasts.add({ title: t("accountPage.passkeyDeleted", { name }) });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      isDangerous
      title={t("accountPage.deletePasskeyTitle")}
      text={t("accountPage.deletePasskeyText", { name })}
      confirmLabel={t("accountPage.delete")}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onCancel={onClose}
    />
  );
}
