import { Archive, CirclePause, CirclePlay, Code, History, Pencil, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { PresetView } from "../../../../src/contract/schemas/presets.ts";
import { Badge } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { MenuItem, MenuSeparator, RowMenu } from "../../ui/menu.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { useReach } from "../team/accounts.ts";
import { modelsOf } from "./preset-entry.ts";

export const ACTION_TEXTS = {
  edit: "routing.edit",
  history: "routing.history",
  use: "routing.use",
  enable: "routing.enable",
  disable: "routing.disable",
  archive: "routing.archive",
  delete: "routing.delete",
} as const;
export type PresetAction = keyof typeof ACTION_TEXTS;

interface PresetTableProps {
  presets: readonly PresetView[];
  onAction: (action: PresetAction, preset: PresetView) => void;
}

export function PresetTable({ presets, onAction }: PresetTableProps) {
  const { t } = useTranslation();
  const columns: Column<PresetView>[] = [
    {
      name: "preset",
      label: t("routing.columnPreset"),
      isMain: true,
      className: "md:max-w-72",
      cell: ({ name, slug, description }) => (
        <div className="min-w-0">
          <span className="block font-semibold [overflow-wrap:anywhere]">{name}</span>
          <code className="block font-mono text-xs font-normal text-muted [overflow-wrap:anywhere]">
            @preset/{slug}
          </code>
          {description ? <span className="block text-sm font-normal text-muted">{description}</span> : null}
        </div>
      ),
    },
    { name: "model", label: t("routing.columnModel"), cell: (preset) => <PresetModels preset={preset} /> },
    { name: "version", label: t("routing.columnVersion"), align: "end", cell: ({ version }) => version.number },
    { name: "changed", label: t("routing.columnChanged"), cell: ({ updatedAt }) => <TimeAgo timeMs={updatedAt} /> },
    {
      name: "state",
      label: t("routing.columnState"),
      cell: ({ status }) => <Badge tone={status === "active" ? "good" : "plain"}>{t(`routing.state_${status}`)}</Badge>,
    },
    {
      name: "actions",
      label: t("routing.columnActions"),
      hideLabel: true,
      className: "md:w-px md:text-right max-md:absolute max-md:top-2 max-md:right-2",
      cell: (preset) => <PresetMenu preset={preset} onAction={onAction} />,
    },
  ];
  return <DataTable label={t("routing.presetsTitle")} columns={columns} rows={presets} rowId={(preset) => preset.id} />;
}

function PresetModels({ preset }: { preset: PresetView }) {
  const { t } = useTranslation();
  const [first, ...others] = modelsOf(preset.version.config);
  if (first === undefined) return <span className="text-muted">{t("routing.noModel")}</span>;
  return (
    <span className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]" title={[first, ...others].join("\n")}>
      {first}
      {others.length === 0 ? null : <span className="text-muted"> +{others.length}</span>}
    </span>
  );
}

function PresetMenu({ preset, onAction }: { preset: PresetView; onAction: PresetTableProps["onAction"] }) {
  const { t } = useTranslation();
  const isActive = preset.status === "active";
  const mayChange = useReach("updatePreset") !== "none";
  const item = (action: PresetAction, Icon: typeof Code) => (
    <MenuItem onClick={() => onAction(action, preset)} isDangerous={action === "delete"}>
      <Icon aria-hidden />
      {t(ACTION_TEXTS[action])}
    </MenuItem>
  );
  return (
    <RowMenu label={t("routing.presetActions", { name: preset.name })}>
      {mayChange ? item("edit", Pencil) : null}
      {item("history", History)}
      {item("use", Code)}
      {mayChange ? (
        <>
          <MenuSeparator />
          {isActive ? item("disable", CirclePause) : item("enable", CirclePlay)}
          {preset.status === "archived" ? null : item("archive", Archive)}
          {item("delete", Trash2)}
        </>
      ) : null}
    </RowMenu>
  );
}
