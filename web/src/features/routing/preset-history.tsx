import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PresetVersionView, PresetView } from "../../../../src/contract/schemas/presets.ts";
import { useLocale } from "../../i18n/language.ts";
import { failureToast } from "../../lib/error-text.ts";
import { formatDateTime } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { historyQuery, useUpdatePreset } from "./routing-queries.ts";

/** Every version of a preset, the newest first; any of them can be taken again. */
export function PresetHistory({ preset, onClose }: { preset: PresetView; onClose: () => void }) {
  const { t } = useTranslation();
  const { slug, name } = preset;
  const [counts, setCounts] = useState(preset.version.number);
  const { data, error, isPending, refetch } = useQuery(historyQuery(slug, preset.version.number));
  const update = useUpdatePreset();
  const take = (number: number) =>
    update.mutate(
      { slug, version: number },
      {
        onSuccess: () => {
          setCounts(number);
          toasts.add({ title: t("routing.versionTaken", { number }) });
        },
        onError: (failure) => toasts.add(failureToast(failure, t)),
      },
    );
  return (
    <Sheet onClose={onClose} title={t("routing.historyTitle", { name })} description={t("routing.historyText")}>
      {isPending ? <LoadingRows rows={4} /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      <ol className="space-y-3">
        {data?.versions.toReversed().map((version) => (
          <li key={version.number}>
            <Version
              version={version}
              counts={version.number === counts}
              isBusy={update.isPending && update.variables.version === version.number}
              onTake={() => take(version.number)}
            />
          </li>
        ))}
      </ol>
    </Sheet>
  );
}

interface VersionProps {
  version: PresetVersionView;
  counts: boolean;
  isBusy: boolean;
  onTake: () => void;
}

function Version({ version: { number, createdAt, systemPrompt, config }, counts, isBusy, onTake }: VersionProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div className="rounded-lg border border-line p-3.5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div>
          <p className="font-semibold">{t("routing.version", { number })}</p>
          <p className="text-sm text-muted">{formatDateTime(createdAt, locale)}</p>
        </div>
        {counts ? (
          <Badge tone="good">{t("routing.counts")}</Badge>
        ) : (
          <Button size="small" busy={isBusy} onClick={onTake}>
            {t("routing.takeVersion")}
          </Button>
        )}
      </div>
      <details className="group mt-2 text-sm">
        <summary className="flex w-fit items-center gap-1.5 rounded font-medium text-muted hover:text-ink">
          <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
          {typeof config.model === "string" ? config.model : t("routing.noModel")}
        </summary>
        <p className="mt-2 whitespace-pre-wrap [overflow-wrap:anywhere]">
          {systemPrompt ?? <span className="text-muted">{t("routing.noSystemPrompt")}</span>}
        </p>
        <pre className="mt-2 overflow-x-auto rounded-lg bg-sunken p-3 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
          {JSON.stringify(config, null, 2)}
        </pre>
      </details>
    </div>
  );
}
