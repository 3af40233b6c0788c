import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Overview } from "../../../../src/contract/schemas/activity.ts";
import { call } from "../../lib/api.ts";
import { unlessLive } from "../../lib/live.ts";
import { Card } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Segments } from "../../ui/segments.tsx";
import { ErrorState, Skeleton } from "../../ui/states.tsx";
import { OpenAlerts } from "../alerts/open-alerts.tsx";
import { LimitNotices } from "../budgets/limit-notices.tsx";
import { KeyReminders } from "../key-risks/key-reminders.tsx";
import { isSandboxOnly, providersQuery } from "../providers/provider-queries.ts";
import { useReach } from "../team/accounts.ts";
import { ReceivedInvitations } from "../team/received-invitations.tsx";
import { METRICS, type Metric } from "../usage/usage-search.ts";
import { UsageTiles } from "../usage/usage-tiles.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { OverviewBudgets } from "./overview-budgets.tsx";
import { OverviewChart } from "./overview-chart.tsx";
import { TopList } from "./top-list.tsx";

const lookAgainMs = unlessLive(30_000);

const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => call("getOverview", { signal }),
  // Before the first request, whoever sends it watches this page.
  refetchInterval: ({ state }) => (hasRequests(state.data) ? lookAgainMs() : 3_000),
});

export function DashboardPage() {
  const { t } = useTranslation();
  const seesMoney = useReach("getBudgets") !== "none";
  const { data, error, isPending, refetch } = useQuery(overviewQuery);
  return (
    <>
      <PageHeader title={t("dashboard.title")} lead={t("dashboard.lead")} />
      {/* What asks for attention comes before every figure. */}
      <ReceivedInvitations className="mb-6" />
      <OpenAlerts className="mb-6" />
      <KeyReminders className="mb-6" />
      {seesMoney ? <LimitNotices className="mb-6" /> : null}
      {isPending ? <OverviewSkeleton /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? <OverviewView overview={data} /> : null}
    </>
  );
}

function hasRequests(overview: Overview | undefined): boolean {
  return overview?.days.some(({ requests }) => requests > 0) === true;
}

function OverviewView({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const seesMoney = useReach("getBudgets") !== "none";
  const { data: connected } = useQuery(providersQuery);
  const sandboxOnly = connected ? isSandboxOnly(connected.providers) : undefined;
  const isUsed = hasRequests(overview);
  const showSteps = overview.keys.total === 0 || !isUsed;
  const { days } = overview;
  const shapes = {
    spend: days.map((day) => Number(day.spentUsd)),
    requests: days.map((day) => day.requests),
    tokens: days.map((day) => day.promptTokens + day.completionTokens),
    errors: days.map((day) => day.errors),
  };
  return (
    <div className="space-y-6">
      {showSteps ? (
        <FirstSteps hasKey={overview.keys.total > 0} hasRequests={isUsed} hasProvider={sandboxOnly === false} />
      ) : null}
      {sandboxOnly && !showSteps ? (
        <Notice tone="info" title={t("dashboard.sandboxTitle")}>
          <p>
            {t("dashboard.sandboxText")}{" "}
            <Link to="/providers" className="text-link font-semibold">
              {t("dashboard.sandboxLink")}
            </Link>
          </p>
        </Notice>
      ) : null}
      <UsageTiles total={overview.total} before={overview.before} running="day" shapes={shapes} />
      <ChartCard overview={overview} />
      {isUsed ? (
        <div className="grid gap-6 lg:grid-cols-2">
          <TopList title={t("dashboard.topKeys")} parts={overview.topKeys} by="key" />
          <TopList title={t("dashboard.topModels")} parts={overview.topModels} by="model" />
        </div>
      ) : null}
      {seesMoney ? <OverviewBudgets /> : null}
    </div>
  );
}

function ChartCard({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const [metric, setMetric] = useState<Metric>("requests");
  const { active, total } = overview.keys;
  return (
    <Card>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <div>
          <h2 className="text-lg font-bold">{t("dashboard.overTime")}</h2>
          <p className="text-sm text-muted">{t("dashboard.activeKeys", { count: total, active })}</p>
        </div>
        <Segments
          label={t("usage.metric")}
          value={metric}
          options={METRICS.map((value) => ({ value, label: t(`usage.${value}`) }))}
          onChoose={setMetric}
        />
      </div>
      <OverviewChart days={overview.days} metric={metric} />
      <Link to="/activity" search={{ metric }} className="text-link mt-3 inline-block text-sm font-semibold">
        {t("dashboard.toActivity")}
      </Link>
    </Card>
  );
}

function OverviewSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" className="space-y-6">
      <span className="sr-only">{t("common.loading")}</span>
      <Skeleton className="h-36 rounded-card" />
      <Skeleton className="h-96 rounded-card" />
    </div>
  );
}
