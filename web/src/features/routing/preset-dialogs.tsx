import { useTranslation } from "react-i18next";
import type { PresetView } from "../../../../src/contract/schemas/presets.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { contentOf, entryOf, NEW_PRESET } from "./preset-entry.ts";
import { PresetForm } from "./preset-form.tsx";
import { useCreatePreset, useUpdatePreset } from "./routing-queries.ts";

const WIDE = "max-w-2xl";

export function CreatePresetDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const create = useCreatePreset();
  return (
    <Dialog isOpen onClose={onClose} title={t("routing.createTitle")} closesOnOutsideClick={false} className={WIDE}>
      <PresetForm
        entry={NEW_PRESET}
        isNew
        saveLabel={t("routing.create")}
        isBusy={create.isPending}
        error={create.error}
        onCancel={onClose}
        onSave={(entry) => {
          const { slug, name, description } = entry;
          const named = { ...(name === "" ? {} : { name }), description: description === "" ? null : description };
          const onSuccess = (preset: PresetView) => {
            toasts.add({ title: t("routing.created", { name: preset.name }) });
            onClose();
          };
          create.mutate({ slug, ...named, ...contentOf(entry) }, { onSuccess });
        }}
      />
    </Dialog>
  );
}

export function EditPresetDialog({ preset, onClose }: { preset: PresetView; onClose: () => void }) {
  const { t } = useTranslation();
  const update = useUpdatePreset();
  const before = entryOf(preset);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("routing.editTitle", { name: preset.name })}
      closesOnOutsideClick={false}
      className={WIDE}
    >
      <PresetForm
        entry={before}
        isNew={false}
        saveLabel={t("common.save")}
        isBusy={update.isPending}
        error={update.error}
        onCancel={onClose}
        onSave={(entry) => {
          const named = { name: entry.name || preset.slug, description: entry.description || null };
          const content = contentOf(entry);
          // Only what was said differently makes a new version.
          const isSame = JSON.stringify(content) === JSON.stringify(contentOf(before));
          const onSuccess = (changed: PresetView) => {
            toasts.add({ title: t("routing.changed", { name: changed.name }) });
            onClose();
          };
          update.mutate({ slug: preset.slug, ...named, ...(isSame ? {} : content) }, { onSuccess });
        }}
      />
    </Dialog>
  );
}
