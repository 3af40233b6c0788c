import { useTranslation } from "react-i18next";
import type { ActivityDetail } from "../../../../src/contract/schemas/activity.ts";
import { useLocale } from "../../i18n/language.ts";
import { classNames } from "../../lib/class-names.ts";
import { errorCodeText } from "../../lib/error-text.ts";
import { formatDuration } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { whyText } from "../routing/why-text.ts";
import { attemptState } from "./attempt-state.ts";

/** Which providers were tried, when and why, and how each of them took it. */
export function ActivityAttempts({ attempts }: { attempts: ActivityDetail["attempts"] }) {
  const { t } = useTranslation();
  if (attempts.length === 0) return <p className="py-2 text-sm text-muted">{t("activity.noAttempts")}</p>;
  const endMs = Math.max(1, ...attempts.map(({ startedMs, latencyMs }) => startedMs + latencyMs));
  return (
    <ol className="divide-y divide-line text-sm">
      {attempts.map((attempt, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: attempts are a list that never changes, and may repeat
        <li key={index} className="py-2.5">
          <AttemptRow attempt={attempt} endMs={endMs} />
        </li>
      ))}
    </ol>
  );
}

const LOOKS = {
  answered: { tone: "good", bar: "bg-good" },
  stopped: { tone: "plain", bar: "bg-muted" },
  failed: { tone: "bad", bar: "bg-bad" },
} as const;

type Attempt = ActivityDetail["attempts"][number];

function AttemptRow({ attempt, endMs }: { attempt: Attempt; endMs: number }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { provider, model, status, latencyMs, startedMs, errorCode, hedged } = attempt;
  const state = attemptState(attempt);
  const { tone, bar } = LOOKS[state];
  const share = (ms: number) => `${((100 * ms) / endMs).toFixed(1)}%`;
  return (
    <>
      <div className="flex items-center justify-between gap-4">
        <span className="min-w-0">
          <span className="block font-medium">{provider}</span>
          <span className="block font-mono text-xs text-muted [overflow-wrap:anywhere]">{model}</span>
        </span>
        <span className="flex shrink-0 items-center gap-3 tabular-nums">
          {formatDuration(latencyMs, locale)}
          <Badge tone={tone}>
            {status > 0
              ? t("activity.httpStatus", { status })
              : t(state === "stopped" ? "activity.stopped" : "activity.noAnswer")}
          </Badge>
        </span>
      </div>
      <div aria-hidden className="my-1.5 h-1.5 overflow-hidden rounded-full bg-sunken">
        <div
          className={classNames("h-full min-w-1 rounded-full", bar)}
          style={{ marginLeft: share(Math.min(startedMs, endMs * 0.98)), width: share(latencyMs) }}
        />
      </div>
      <p className="text-xs text-muted first-letter:uppercase">
        {[whyText(attempt, t, locale), hedged ? t("activity.hedged") : ""].filter(Boolean).join(" · ")}
      </p>
      {errorCode === null ? null : (
        <p className="text-xs text-bad" title={errorCode}>
          {errorCodeText(errorCode, t)}
        </p>
      )}
    </>
  );
}
