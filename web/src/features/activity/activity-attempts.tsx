import { useTranslation } from "react-i18next";
import type { ActivityDetail } from "../../../../src/contract/schemas/activity.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatDuration } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";

/** Which providers were tried, in order, and how each of them took it. */
export function ActivityAttempts({ attempts }: { attempts: ActivityDetail["attempts"] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (attempts.length === 0) return <p className="py-2 text-sm text-muted">{t("activity.noAttempts")}</p>;
  return (
    <ol className="divide-y divide-line text-sm">
      {attempts.map(({ provider, model, status, latencyMs }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: attempts are a list that never changes, and may repeat
        <li key={index} className="flex items-center justify-between gap-4 py-2">
          <span className="min-w-0">
            <span className="block font-medium">{provider}</span>
            <span className="block font-mono text-xs text-muted [overflow-wrap:anywhere]">{model}</span>
          </span>
          <span className="flex shrink-0 items-center gap-3 tabular-nums">
            {formatDuration(latencyMs, locale)}
            <Badge tone={status === 200 ? "good" : "bad"}>
              {status === 0 ? t("activity.noAnswer") : t("activity.httpStatus", { status })}
            </Badge>
          </span>
        </li>
      ))}
    </ol>
  );
}
