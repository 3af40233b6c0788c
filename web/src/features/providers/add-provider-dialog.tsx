import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { VendorView } from "../../../../src/contract/schemas/provider-keys.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { type Entry, ProviderForm } from "./provider-form.tsx";
import { useCreateProvider, vendorsQuery } from "./provider-queries.ts";
import { VendorPicker } from "./vendor-picker.tsx";

/** First who it is, then what has to be said to connect it. */
export function AddProviderDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(vendorsQuery);
  const create = useCreateProvider();
  const [vendor, setVendor] = useState<VendorView | null>(null);

  function save({ name, slug, fields, models, turn }: Entry): void {
    if (vendor === null) return;
    const body = {
      type: vendor.type,
      fields,
      ...turn,
      ...(slug === "" ? {} : { slug }),
      ...(name === "" ? {} : { name }),
      ...(models.length === 0 ? {} : { models }),
    };
    const onSuccess = (added: { name: string }) => {
      toasts.add({ title: t("providers.added", { name: added.name }) });
      onClose();
    };
    create.mutate(body, { onSuccess });
  }

  if (vendor !== null) {
    return (
      <Dialog
        isOpen
        onClose={onClose}
        closesOnOutsideClick={false}
        title={t("providers.formTitle", { name: vendor.name })}
      >
        <ProviderForm
          key={vendor.type}
          vendor={vendor}
          stored={null}
          isBusy={create.isPending}
          error={create.error}
          onSave={save}
          onCancel={() => {
            create.reset();
            setVendor(null);
          }}
          cancelLabel={t("providers.otherVendor")}
        />
      </Dialog>
    );
  }
  return (
    <Dialog isOpen onClose={onClose} title={t("providers.addTitle")} description={t("providers.addText")}>
      {data ? <VendorPicker vendors={data.vendors} onPick={setVendor} /> : null}
      {!data && error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <LoadingRows rows={4} /> : null}
    </Dialog>
  );
}
