import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { textOf } from "../account/entries.ts";
import { KeyExamples } from "./key-examples.tsx";
import { keyNameProblem } from "./key-name.ts";
import { useDeleteKey, useUpdateKey } from "./key-queries.ts";
import type { KeyAction } from "./key-table.tsx";
import { KEY_PLACEHOLDER } from "./snippets.ts";

export interface PendingAction {
  action: Exclude<KeyAction, "enable">;
  key: ApiKeyRow;
}

interface ActionProps {
  apiKey: ApiKeyRow;
  onClose: () => void;
}

/** The dialog for what was chosen in a key's menu. */
export function KeyActionDialog({ pending, onClose }: { pending: PendingAction; onClose: () => void }) {
  const props = { apiKey: pending.key, onClose };
  switch (pending.action) {
    case "rename":
      return <RenameDialog {...props} />;
    case "disable":
      return <DisableDialog {...props} />;
    case "delete":
      return <DeleteDialog {...props} />;
    case "examples":
      return <ExamplesDialog {...props} />;
  }
}

function RenameDialog({ apiKey, onClose }: ActionProps) {
  const { t } = useTranslation();
  const update = useUpdateKey();
  const { formRef, errors, accept } = useFormErrors<"name">();
  const refused = refusedFields(update.error, ["name"], t);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const name = textOf(new FormData(event.currentTarget), "name").trim();
    if (!accept({ name: keyNameProblem(name, t) })) return;
    const onSuccess = () => {
      toasts.add({ title: t("keys.renamed", { name }) });
      onClose();
    };
    update.mutate({ id: apiKey.id, name }, { onSuccess });
  }

  return (
    <Dialog isOpen onClose={onClose} title={t("keys.renameTitle")}>
      <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
        {refused === null ? <FormError error={update.error} /> : null}
        <TextField
          name="name"
          label={t("keys.description")}
          defaultValue={apiKey.name}
          autoComplete="off"
          error={errors.name ?? refused?.name}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="primary" busy={update.isPending}>
            {t("common.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
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

function DeleteDialog({ apiKey, onClose }: ActionProps) {
  const { t } = useTranslation();
  const remove = useDeleteKey();
  const { name } = apiKey;
  const onSuccess = () => {
    toasts.add({ title: t("keys.deleted", { name }) });
    onClose();
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
