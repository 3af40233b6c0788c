import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ActivityRow } from "../../../../src/contract/schemas/activity.ts";
import { useLocale } from "../../i18n/language.ts";
import { errorCodeText } from "../../lib/error-text.ts";
import { formatCount, formatDateTime, formatDuration, formatUsd } from "../../lib/format.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Outcome } from "./activity-table.tsx";

/** Everything that is known about one request. */
export function ActivityDetails({ row, onClose }: { row: ActivityRow; onClose: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const yesNo = (value: boolean) => (value ? t("activity.yes") : t("activity.no"));
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("activity.detailsTitle")}
      description={formatDateTime(row.createdAt, locale)}
    >
      {row.errorCode === null ? null : (
        <Notice tone="bad" className="mb-4">
          <p>{errorCodeText(row.errorCode, t)}</p>
          <p className="font-mono text-xs text-muted">{row.errorCode}</p>
        </Notice>
      )}
      <dl className="divide-y divide-line text-sm">
        <Fact label={t("activity.outcome")}>
          <Outcome row={row} />
        </Fact>
        <Fact label={t("activity.status")}>{row.status}</Fact>
        <Fact label={t("activity.key")}>{row.keyName || t("activity.deletedKey")}</Fact>
        <Fact label={t("activity.requestedModel")}>{row.modelRequested}</Fact>
        <Fact label={t("activity.answeredBy")}>{row.model ?? t("common.none")}</Fact>
        <Fact label={t("activity.provider")}>{row.provider ?? t("common.none")}</Fact>
        <Fact label={t("activity.tokens")}>
          {t("activity.tokensInOut", {
            prompt: formatCount(row.promptTokens, locale),
            completion: formatCount(row.completionTokens, locale),
          })}
          {row.tokensEstimated ? <span title={t("activity.estimatedText")}> ({t("activity.estimated")})</span> : null}
        </Fact>
        <Fact label={t("activity.cost")}>
          {row.costUsd === null ? t("activity.costUnknown") : formatUsd(row.costUsd, locale)}
        </Fact>
        <Fact label={t("activity.latency")}>{formatDuration(row.latencyMs, locale)}</Fact>
        <Fact label={t("activity.firstToken")}>
          {row.firstTokenMs === null ? t("common.none") : formatDuration(row.firstTokenMs, locale)}
        </Fact>
        <Fact label={t("activity.streamed")}>{yesNo(row.streamed)}</Fact>
        <Fact label={t("activity.finishReason")}>{row.finishReason ?? t("common.none")}</Fact>
        <IdFact label={t("activity.generationId")} id={row.id} />
        <IdFact label={t("activity.requestId")} id={row.requestId} />
      </dl>
    </Dialog>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4 py-2">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="min-w-0 text-right tabular-nums [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

function IdFact({ label, id }: { label: string; id: string }) {
  const { t } = useTranslation();
  return (
    <div className="flex items-center justify-between gap-4 py-1">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="flex min-w-0 items-center gap-1">
        <code className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">{id}</code>
        <CopyButton text={id} look="quiet" size="icon" aria-label={`${t("common.copy")}: ${label}`} />
      </dd>
    </div>
  );
}
