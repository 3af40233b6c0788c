import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ShowMore } from "../../ui/show-more.tsx";
import { AlertCard } from "../alerts/alert-card.tsx";
import { alertListQuery } from "../alerts/alert-queries.ts";

/** What waits for an answer about one key. Draws nothing while there is nothing. */
export function KeyAlerts({ keyId }: { keyId: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const list = useInfiniteQuery(alertListQuery({ state: "open", keyId }));
  const alerts = list.data?.pages.flatMap((page) => page.alerts) ?? [];
  if (alerts.length === 0) return null;
  return (
    <section aria-label={t("alerts.title")} className="space-y-3">
      {alerts.map((alert) => (
        <AlertCard
          key={alert.id}
          alert={alert}
          onOpen={() => void navigate({ to: "/alerts", search: { key: keyId, alert: alert.id } })}
        />
      ))}
      <ShowMore list={list} />
    </section>
  );
}
