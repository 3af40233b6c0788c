import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { AlertDetails as Details } from "../../../../src/contract/schemas/alerts.ts";
import { useLocale } from "../../i18n/language.ts";
import { failureToast } from "../../lib/error-text.ts";
import { formatDateTime } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { Permitted } from "../team/permitted.tsx";
import { AlertAnswers } from "./alert-answers.tsx";
import { AlertLines } from "./alert-lines.tsx";
import { alertQuery, useUnfreeze } from "./alert-queries.ts";
import { isOfOthers, useAlertWords } from "./alert-words.ts";
import { SpendingChart } from "./spending-chart.tsx";

/** One alert beside the list: everything that is known, and the answers. Reading it changes nothing. */
export function AlertDetails({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(alertQuery(id));
  if (data) return <DetailsSheet details={data} onClose={onClose} />;
  return (
    <Sheet title={t("alerts.title")} onClose={onClose}>
      {isPending ? <LoadingRows rows={4} /> : <ErrorState error={error} onRetry={() => void refetch()} />}
    </Sheet>
  );
}

function DetailsSheet({ details, onClose }: { details: Details; onClose: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { alert, days } = details;
  const { title, lines, advice } = useAlertWords(alert);
  const began = t("alerts.began", { when: formatDateTime(alert.createdAt, locale) });
  const again = t("alerts.times", { count: alert.times, when: formatDateTime(alert.happenedAt, locale) });
  return (
    <Sheet title={title} description={alert.times > 1 ? `${began} · ${again}` : began} onClose={onClose}>
      <div className="space-y-6">
        <p>{advice}</p>
        <AlertLines lines={lines} />
        {days.length === 0 ? null : (
          <SpendingChart days={days} sinceDay={new Date(alert.createdAt).toISOString().slice(0, 10)} />
        )}
        {alert.key ? (
          <Link to="/logs" search={{ key: alert.key.id }} className="text-link inline-block font-semibold">
            {t("alerts.toActivity")}
          </Link>
        ) : null}
        <FrozenKey details={details} />
        {alert.isOpen ? (
          <Permitted to="answerAlert">
            <AlertAnswers details={details} />
          </Permitted>
        ) : (
          <Answered details={details} />
        )}
      </div>
    </Sheet>
  );
}

function FrozenKey({ details: { alert } }: { details: Details }) {
  const { t } = useTranslation();
  const unfreeze = useUnfreeze();
  const { key } = alert;
  if (!key?.isDisabled) return null;
  const onSuccess = () => void toasts.add({ title: t("alerts.unfrozen") });
  const onError = (error: unknown) => void toasts.add(failureToast(error, t));
  return (
    <Notice tone="warn">
      <p>{t("alerts.frozen")}</p>
      <Permitted to="updateKey">
        <Button
          size="small"
          className="mt-3"
          busy={unfreeze.isPending}
          onClick={() => unfreeze.mutate(key.id, { onSuccess, onError })}
        >
          {t("alerts.unfreeze")}
        </Button>
      </Permitted>
    </Notice>
  );
}

const ANSWERED = {
  me: "alerts.answeredMe",
  freeze: "alerts.answeredFreeze",
  rotate: "alerts.answeredRotate",
  limit: "alerts.answeredLimit",
} as const;

function Answered({ details: { alert } }: { details: Details }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { answer, answeredAt } = alert;
  if (answer === null || answeredAt === null) return null;
  return (
    <Notice tone="good">
      {t(answer === "me" && isOfOthers(alert.facts) ? "alerts.answeredNoted" : ANSWERED[answer])}{" "}
      {formatDateTime(answeredAt, locale)}
    </Notice>
  );
}
