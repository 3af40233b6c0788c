import { useTranslation } from "react-i18next";
import type { Alert } from "../../../../src/contract/schemas/alerts.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatDateTime } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { AlertLines } from "./alert-lines.tsx";
import { useAlertWords } from "./alert-words.ts";

/** The few things that are most unusual; the rest is behind it. */
const SHOWN_LINES = 3;

export function AlertCard({ alert, onOpen }: { alert: Alert; onOpen: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { title, lines } = useAlertWords(alert);
  const { level, isOpen, times, createdAt, happenedAt, key } = alert;
  const when = formatDateTime(happenedAt, locale);
  return (
    <article className="relative rounded-card border border-line bg-surface p-4 shadow-card sm:p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <h2 className="min-w-0 font-bold [overflow-wrap:anywhere]">
          <button type="button" onClick={onOpen} className="rounded text-left after:absolute after:inset-0">
            {title}
          </button>
        </h2>
        <p className="flex flex-wrap items-center gap-2">
          {isOpen ? (
            <Badge tone={level === "alert" ? "bad" : "warn"}>{t(`alerts.level_${level}`)}</Badge>
          ) : (
            <Badge tone="plain">{t("alerts.state_closed")}</Badge>
          )}
        </p>
      </div>
      <p className="mt-1 text-sm text-muted">
        <TimeAgo timeMs={createdAt} />
        {times > 1 ? ` · ${t("alerts.times", { count: times, when })}` : ""}
        {key ? <span className="font-mono text-xs [overflow-wrap:anywhere]">{` · ${key.label}`}</span> : null}
      </p>
      <AlertLines lines={lines.slice(0, SHOWN_LINES)} className="mt-3" />
    </article>
  );
}
