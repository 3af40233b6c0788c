import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { buttonStyle } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { ActivityTable } from "../activity/activity-table.tsx";
import { logsQuery } from "./logs-queries.ts";
import { hasFilters, type LogsSearch } from "./logs-search.ts";

const SHOWN = 6;

/** The newest requests of what is shown, and the way to all of them. */
export function LatestRequests({ logs }: { logs: LogsSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data } = useInfiniteQuery(logsQuery(logs));
  const rows = (data?.pages[0]?.rows ?? []).slice(0, SHOWN);
  if (data === undefined) return null;
  if (rows.length === 0) {
    return hasFilters(logs) ? null : (
      <EmptyState title={t("activity.emptyTitle")} text={t("activity.emptyText")}>
        <Link to="/keys" className={buttonStyle({ look: "primary" })}>
          {t("activity.toKeys")}
        </Link>
      </EmptyState>
    );
  }
  return (
    <section>
      <div className="mb-3 flex items-center justify-between gap-3">
        <h2 className="text-lg font-bold">{t("usage.latest")}</h2>
        <Link to="/logs" search={logs} className="text-link text-sm font-semibold">
          {t("usage.toLogs")}
        </Link>
      </div>
      <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
        <ActivityTable
          rows={rows}
          isOfAll={logs.scope === "all"}
          onOpen={({ id }) => void navigate({ to: "/logs", search: { ...logs, request: id } })}
        />
      </div>
    </section>
  );
}
