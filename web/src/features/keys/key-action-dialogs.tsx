import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { EditKeyDialog } from "./edit-key-dialog.tsx";
import { KeyExamples } from "./key-examples.tsx";
import { useDeleteKey, useEndFormerSecret, useUpdateKey } from "./key-queries.ts";
import type { KeyAction } from "./key-table.tsx";
import { RotateKeyDialog } from "./rotate-key-dialog.tsx";
import { KEY_PLACEHOLDER } from "./snippets.ts";

export interface PendingAction {
  action: Exclude<KeyAction, "enable">;
  key: ApiKeyRow;
}

interface ActionProps {
  apiKey: ApiKeyRow;
  onClose: () => void;
}

interface KeyActionDialogProps {
  pending: PendingAction;
  onClose: () => void;
  /** Instead of onClose once the key is gone. */
  onDeleted?: () => void;
}

/** The dialog for what was chosen in a key's menu. */
export function KeyActionDialog({ pending, onClose, onDeleted = onClose }: KeyActionDialogProps) {
  const props = { apiKey: pending.key, onClose };
  switch (pending.action) {
    case "edit":
      return <EditKeyDialog {...props} />;
    case "rotate":
      return <RotateKeyDialog {...props} />;
    case "endFormer":
      return <EndFormerDialog {...props} />;
    case "disable":
      return <DisableDialog {...props} />;
    case "delete":
      return <DeleteDialog {...props} onDeleted={onDeleted} />;
    case "examples":
      return <ExamplesDialog {...props} />;
  }
}

function DisableDialog({ apiKey, onClose }: ActionProps) {
  const { t } = useTranslation();
  const update = useUpdateKey();
  const { name } = apiKey;
  const onSuccess = () => {
    toasts.add({ title: t("keys.disabled", { name }) });
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      title={t("keys.disableTitle")}
      text={t("keys.disableText", { name })}
      confirmLabel={t("keys.disable")}
      isBusy={update.isPending}
      error={update.error}
      onConfirm={() => update.mutate({ id: apiKey.id, disabled: true }, { onSuccess })}
      onCancel={onClose}
    />
  );
}

function EndFormerDialog({ apiKey, onClose }: ActionProps) {
  const { t } = useTranslation();
  const end = useEndFormerSecret();
  const { name } = apiKey;
  const onSuccess = () => {
    toasts.add({ title: t("keys.formerEndedOf", { name }) });
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      isDangerous
      title={t("keys.endFormerTitle")}
      text={t("keys.endFormerText", { name })}
      confirmLabel={t("keys.endFormer")}
      isBusy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate(apiKey.id, { onSuccess })}
      onCancel={onClose}
    />
  );
}

function DeleteDialog({ apiKey, onClose, onDeleted }: ActionProps & { onDeleted: () => void }) {
  const { t } = useTranslation();
  const remove = useDeleteKey();
  const { name } = apiKey;
  const onSuccess = () => {
    toasts.add({ title: t("keys.deleted", { name }) });
    onDeleted();
  };
  return (
    <ConfirmDialog
      isOpen
      isDangerous
      title={t("keys.deleteTitle")}
      text={t("keys.deleteText", { name })}
      confirmLabel={t("keys.delete")}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(apiKey.id, { onSuccess })}
      onCancel={onClose}
    />
  );
}

function ExamplesDialog({ apiKey, onClose }: ActionProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("keys.examplesTitle", { name: apiKey.name })}
      description={t("keys.examplesKeyHidden")}
      className="max-w-2xl"
    >
      <KeyExamples apiKey={KEY_PLACEHOLDER} />
    </Dialog>
  );
}
