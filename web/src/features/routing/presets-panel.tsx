import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PresetView } from "../../../../src/contract/schemas/presets.ts";
import { failureToast } from "../../lib/error-text.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { Permitted } from "../team/permitted.tsx";
import { PresetActionDialog } from "./preset-action-dialogs.tsx";
import { CreatePresetDialog, EditPresetDialog } from "./preset-dialogs.tsx";
import { PresetHistory } from "./preset-history.tsx";
import { type PresetAction, PresetTable } from "./preset-table.tsx";
import { presetsQuery, useUpdatePreset } from "./routing-queries.ts";

type Open = { action: PresetAction; preset: PresetView } | "create" | null;

export function PresetsPanel() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(presetsQuery);
  const [open, setOpen] = useState<Open>(null);
  const enable = useEnable();
  const close = () => setOpen(null);
  const create = (
    <Permitted to="createPreset">
      <Button look="primary" onClick={() => setOpen("create")}>
        <Plus aria-hidden />
        {t("routing.newPreset")}
      </Button>
    </Permitted>
  );
  const onAction = (action: PresetAction, preset: PresetView) =>
    action === "enable" ? enable(preset) : setOpen({ action, preset });
  return (
    <section aria-label={t("routing.presetsTitle")}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-2xl text-muted text-pretty">{t("routing.presetsText")}</p>
        {data && data.presets.length > 0 ? create : null}
      </div>
      {isPending ? <LoadingRows rows={3} /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data?.presets.length === 0 ? (
        <EmptyState title={t("routing.presetEmptyTitle")} text={t("routing.presetEmptyText")}>
          {create}
        </EmptyState>
      ) : null}
      {data && data.presets.length > 0 ? (
        <>
          <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
            <PresetTable presets={data.presets} onAction={onAction} />
          </div>
          {data.total > data.presets.length ? (
            <p className="mt-3 text-sm text-muted">
              {t("common.shownOf", { shown: data.presets.length, total: data.total })}
            </p>
          ) : null}
        </>
      ) : null}
      {open === "create" ? <CreatePresetDialog onClose={close} /> : null}
      {open !== null && open !== "create" ? <OpenAction open={open} onClose={close} /> : null}
    </section>
  );
}

function OpenAction({ open: { action, preset }, onClose }: { open: Exclude<Open, null | "create">; onClose(): void }) {
  if (action === "edit") return <EditPresetDialog preset={preset} onClose={onClose} />;
  if (action === "history") return <PresetHistory preset={preset} onClose={onClose} />;
  return <PresetActionDialog action={action} preset={preset} onClose={onClose} />;
}

/** Enabling takes nothing from anybody, so it asks nothing. */
function useEnable() {
  const { t } = useTranslation();
  const update = useUpdatePreset();
  return ({ slug, name }: PresetView) =>
    update.mutate(
      { slug, status: "active" },
      {
        onSuccess: () => toasts.add({ title: t("routing.changed", { name }) }),
        onError: (error) => toasts.add(failureToast(error, t)),
      },
    );
}
