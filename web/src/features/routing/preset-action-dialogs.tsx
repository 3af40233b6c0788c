import { useTranslation } from "react-i18next";
import type { PresetView } from "../../../../src/contract/schemas/presets.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { ACTION_TEXTS, type PresetAction } from "./preset-table.tsx";
import { useDeletePreset, useUpdatePreset } from "./routing-queries.ts";

interface ActionProps {
  preset: PresetView;
  onClose: () => void;
}

export function PresetActionDialog({ action, ...props }: ActionProps & { action: PresetAction }) {
  if (action === "use") return <UseDialog {...props} />;
  if (action === "delete") return <DeleteDialog {...props} />;
  return <SwitchOffDialog action={action === "archive" ? "archive" : "disable"} {...props} />;
}

/** The three ways to name a preset, ready to be copied. */
function UseDialog({ preset: { name, slug }, onClose }: ActionProps) {
  const { t } = useTranslation();
  const ways = [
    { label: t("routing.usePreset"), code: `"model": "@preset/${slug}"` },
    { label: t("routing.useWithModel"), code: `"model": "openai/gpt-4o@preset/${slug}"` },
    { label: t("routing.useField"), code: `"preset": "${slug}"` },
  ];
  return (
    <Dialog isOpen onClose={onClose} title={t("routing.useTitle", { name })} description={t("routing.useText")}>
      <dl className="space-y-4">
        {ways.map(({ label, code }) => (
          <div key={code}>
            <dt className="mb-1.5 text-sm font-semibold">{label}</dt>
            <dd>
              <CodeBlock code={code} copyLabel={`${t("common.copy")}: ${label}`} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function SwitchOffDialog({ action, preset, onClose }: ActionProps & { action: "disable" | "archive" }) {
  const { t } = useTranslation();
  const update = useUpdatePreset();
  const { slug, name } = preset;
  const onSuccess = () => {
    toasts.add({ title: t("routing.changed", { name }) });
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      title={t(`routing.${action}Title`)}
      text={t(`routing.${action}Text`, { slug })}
      confirmLabel={t(ACTION_TEXTS[action])}
      isBusy={update.isPending}
      error={update.error}
      onConfirm={() => update.mutate({ slug, status: action === "archive" ? "archived" : "disabled" }, { onSuccess })}
      onCancel={onClose}
    />
  );
}

function DeleteDialog({ preset: { slug, name }, onClose }: ActionProps) {
  const { t } = useTranslation();
  const remove = useDeletePreset();
  const onSuccess = () => {
    toasts.add({ title: t("routing.deleted", { name }) });
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      isDangerous
      title={t("routing.deleteTitle")}
      text={t("routing.deleteText", { slug })}
      confirmLabel={t("routing.delete")}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(slug, { onSuccess })}
      onCancel={onClose}
    />
  );
}
