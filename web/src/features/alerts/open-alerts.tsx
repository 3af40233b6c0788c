import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../../../src/contract/schemas/alerts.ts";
import { Notice } from "../../ui/notice.tsx";
import { openAlertsQuery } from "./alert-queries.ts";
import { useAlertWords } from "./alert-words.ts";

/** What waits for an answer, for the first page. Draws nothing while there is nothing. */
export function OpenAlerts({ className }: { className?: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(openAlertsQuery);
  if (data === undefined || data.open === 0) return null;
  const isLoud = data.alerts.some(({ level }) => level === "alert");
  return (
    <section aria-label={t("alerts.title")} className={className}>
      <Notice tone={isLoud ? "bad" : "warn"} title={t("alerts.onDashboardTitle", { count: data.open })}>
        <ul className="mt-1 space-y-1">
          {data.alerts.map((alert) => (
            <li key={alert.id} className="[overflow-wrap:anywhere]">
              <AlertLink alert={alert} />
            </li>
          ))}
        </ul>
        {data.open > data.alerts.length ? (
          <Link to="/alerts" className="text-link mt-2 inline-block font-semibold">
            {t("alerts.seeAll")}
          </Link>
        ) : null}
      </Notice>
    </section>
  );
}

function AlertLink({ alert }: { alert: Alert }) {
  const { title } = useAlertWords(alert);
  return (
    <Link to="/alerts" search={{ alert: alert.id }} className="text-link">
      {title}
    </Link>
  );
}
