import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Segments } from "../../ui/segments.tsx";
import { ShowMore } from "../../ui/show-more.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { useInstance } from "../instance/instance.ts";
import { ActivityDetails } from "./activity-details.tsx";
import { type ActivityFilter, activityQuery } from "./activity-queries.ts";
import { ActivityTable } from "./activity-table.tsx";
import { KeyPicker } from "./key-picker.tsx";

const route = getRouteApi("/shell/activity");

export function ActivityPage(): ReactNode {
  const { t } = useTranslation();
  const { key, outcome, request } = route.useSearch();
  const { payloadRetentionDays: keptDays } = useInstance();
  const navigate = useNavigate();
  const show = (search: { key?: string | undefined; outcome?: "ok" | "error" | undefined }) =>
    void navigate({ to: "/activity", search, replace: true });
  const open = (id?: string) => void navigate({ to: "/activity", search: { key, outcome, request: id } });
  const outcomes = [
    { value: "all", label: t("activity.all") },
    { value: "ok", label: t("activity.ok") },
    { value: "error", label: t("activity.error") },
  ] as const;
  return (
    <>
      <PageHeader title={t("activity.title")} lead={t("activity.lead")} />
      {keptDays === null ? null : (
        <Notice tone="info" className="mb-4">
          {t("activity.payloadsKept", { count: keptDays })}
        </Notice>
      )}
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <KeyPicker keyId={key} onChoose={(chosen) => show({ key: chosen, outcome })} />
        <Segments
          label={t("activity.filterOutcome")}
          value={outcome ?? "all"}
          options={outcomes}
          onChoose={(chosen) => show({ key, outcome: chosen === "all" ? undefined : chosen })}
        />
      </div>
      <ActivityList filter={{ keyId: key, outcome: outcome ?? "all" }} onClear={() => show({})} onOpen={open} />
      {request === undefined ? null : <ActivityDetails id={request} onClose={() => open()} />}
    </>
  );
}

interface ActivityListProps {
  filter: ActivityFilter;
  onClear: () => void;
  onOpen: (id: string) => void;
}

function ActivityList({ filter, onClear, onOpen }: ActivityListProps) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(activityQuery(filter));
  if (list.isPending) return <LoadingRows rows={8} />;
  if (!list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const rows = list.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0) {
    return filter.keyId === undefined && filter.outcome === "all" ? (
      <EmptyState title={t("activity.emptyTitle")} text={t("activity.emptyText")}>
        <Link to="/keys" className={buttonStyle({ look: "primary" })}>
          {t("activity.toKeys")}
        </Link>
      </EmptyState>
    ) : (
      <EmptyState title={t("activity.noneTitle")} text={t("activity.noneText")}>
        <Button onClick={onClear}>{t("activity.clearFilters")}</Button>
      </EmptyState>
    );
  }
  return (
    <>
      <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
        <ActivityTable rows={rows} onOpen={({ id }) => onOpen(id)} />
      </div>
      <div className="mt-4 flex justify-center empty:hidden">
        <ShowMore list={list} />
      </div>
    </>
  );
}
