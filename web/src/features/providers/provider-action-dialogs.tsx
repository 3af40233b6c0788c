import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { ProviderKeyView } from "../../../../src/contract/schemas/provider-keys.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState, FormError, LoadingRows } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { type Entry, ProviderForm } from "./provider-form.tsx";
import { useRemoveProvider, useTestProvider, useUpdateProvider, vendorsQuery } from "./provider-queries.ts";
import { TestNotice } from "./test-notice.tsx";

export type ProviderAction = "edit" | "replace" | "test" | "disable" | "enable" | "remove";

export interface PendingAction {
  action: Exclude<ProviderAction, "enable">;
  stored: ProviderKeyView;
}

interface ActionProps {
  stored: ProviderKeyView;
  onClose: () => void;
}

/** The dialog for what was chosen in a provider's menu. */
export function ProviderActionDialog({ pending, onClose }: { pending: PendingAction; onClose: () => void }) {
  const props = { stored: pending.stored, onClose };
  switch (pending.action) {
    case "edit":
      return <EditDialog {...props} keyOnly={false} />;
    case "replace":
      return <EditDialog {...props} keyOnly />;
    case "test":
      return <TestDialog {...props} />;
    case "disable":
      return <DisableDialog {...props} />;
    case "remove":
      return <RemoveDialog {...props} />;
  }
}

function EditDialog({ stored, onClose, keyOnly }: ActionProps & { keyOnly: boolean }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(vendorsQuery);
  const update = useUpdateProvider();
  const vendor = data?.vendors.find(({ type }) => type === stored.type);

  function save({ name, fields, models, turn }: Entry): void {
    const naming = { ...turn, models: models.length === 0 ? null : models, ...(name === "" ? {} : { name }) };
    const onSuccess = (changed: { name: string }) => {
      toasts.add({ title: t("providers.changed", { name: changed.name }) });
      onClose();
    };
    update.mutate({ id: stored.id, fields, ...(keyOnly ? {} : naming) }, { onSuccess });
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      closesOnOutsideClick={false}
      title={t(keyOnly ? "providers.replaceTitle" : "providers.editTitle", { name: stored.name })}
      {...(keyOnly ? { description: t("providers.replaceText") } : {})}
    >
      {vendor ? (
        <ProviderForm
          vendor={vendor}
          stored={stored}
          keyOnly={keyOnly}
          isBusy={update.isPending}
          error={update.error}
          onSave={save}
          onCancel={onClose}
          cancelLabel={t("common.cancel")}
        />
      ) : null}
      {!vendor && error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!vendor && !error ? <LoadingRows rows={3} /> : null}
    </Dialog>
  );
}

/** Tests as soon as it opens. */
function TestDialog({ stored, onClose }: ActionProps) {
  const { t } = useTranslation();
  const { mutate, data, error } = useTestProvider();
  useEffect(() => mutate({ id: stored.id }), [mutate, stored.id]);
  return (
    <Dialog isOpen onClose={onClose} title={t("providers.testStored")} description={stored.name}>
      {data ? <TestNotice result={data} /> : null}
      <FormError error={error} />
      {!data && !error ? <LoadingRows rows={1} /> : null}
      <div className="mt-5 flex justify-end">
        <Button onClick={onClose}>{t("common.close")}</Button>
      </div>
    </Dialog>
  );
}

function DisableDialog({ stored, onClose }: ActionProps) {
  const { t } = useTranslation();
  const update = useUpdateProvider();
  const { id, name } = stored;
  const onSuccess = () => {
    toasts.add({ title: t("providers.disabledNow", { name }) });
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      title={t("providers.disableTitle")}
      text={t("providers.disableText", { name })}
      confirmLabel={t("providers.disable")}
      isBusy={update.isPending}
      error={update.error}
      onConfirm={() => update.mutate({ id, disabled: true }, { onSuccess })}
      onCancel={onClose}
    />
  );
}

function RemoveDialog({ stored, onClose }: ActionProps) {
  const { t } = useTranslation();
  const remove = useRemoveProvider();
  const { id, name } = stored;
  const onSuccess = () => {
    toasts.add({ title: t("providers.removed", { name }) });
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      isDangerous
      title={t("providers.removeTitle")}
      text={t("providers.removeText", { name })}
      confirmLabel={t("providers.remove")}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(id, { onSuccess })}
      onCancel={onClose}
    />
  );
}
