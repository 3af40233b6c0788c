import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Overview } from "../../../../src/contract/schemas/activity.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { formatCompact, formatCount, formatShare } from "../../lib/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { ErrorState, Skeleton } from "../../ui/states.tsx";
import { LimitNotices } from "../budgets/limit-notices.tsx";
import { Money } from "../instance/money.tsx";
import { KeyReminders } from "../key-risks/key-reminders.tsx";
import { isSandboxOnly, providersQuery } from "../providers/provider-queries.ts";
import { totalsOf } from "./figures.ts";
import { FirstSteps } from "./first-steps.tsx";

const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => call("getOverview", { signal }),
  refetchInterval: 30_000,
});

/** The chart library is the largest part of the site: it comes after everything that can be read already. */
const DayChart = lazy(() => import("./day-chart.tsx").then((module) => ({ default: module.DayChart })));

export function DashboardPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(overviewQuery);
  return (
    <>
      <PageHeader title={t("dashboard.title")} lead={t("dashboard.lead")} />
      <KeyReminders className="mb-6" />
      <LimitNotices className="mb-6" />
      {isPending ? <OverviewSkeleton /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? <OverviewView overview={data} /> : null}
    </>
  );
}

function OverviewView({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const { data: connected } = useQuery(providersQuery);
  const sandboxOnly = connected ? isSandboxOnly(connected.providers) : undefined;
  const hasRequests = overview.days.some((day) => day.requests > 0);
  const showSteps = overview.keys.total === 0 || !hasRequests;
  return (
    <div className="space-y-6">
      {showSteps ? (
        <FirstSteps hasKey={overview.keys.total > 0} hasRequests={hasRequests} hasProvider={sandboxOnly === false} />
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
      <Tiles overview={overview} />
      <Suspense fallback={<Skeleton className="h-96 rounded-card" />}>
        <DayChart days={overview.days} />
      </Suspense>
    </div>
  );
}

function Tiles({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const totals = totalsOf(overview.days);
  const { keys } = overview;
  const tiles = [
    { label: t("dashboard.requests"), value: formatCount(totals.requests, locale) },
    { label: t("dashboard.spent"), value: <Money usd={totals.spentUsd} /> },
    {
      label: t("dashboard.tokens"),
      value: formatCompact(totals.promptTokens + totals.completionTokens, locale),
      detail: t("dashboard.tokensDetail", {
        prompt: formatCount(totals.promptTokens, locale),
        completion: formatCount(totals.completionTokens, locale),
      }),
    },
    {
      label: t("dashboard.errorShare"),
      value: totals.requests === 0 ? "–" : formatShare(totals.errors / totals.requests, locale),
      detail:
        totals.requests === 0
          ? t("dashboard.noRequests")
          : t("dashboard.errorsOf", {
              errors: formatCount(totals.errors, locale),
              requests: formatCount(totals.requests, locale),
            }),
    },
    {
      label: t("dashboard.activeKeys"),
      value: formatCount(keys.active, locale),
      detail: t("dashboard.activeKeysOf", { total: formatCount(keys.total, locale) }),
    },
  ];
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line shadow-card md:grid-cols-3 xl:grid-cols-5">
      {tiles.map(({ label, value, detail }) => (
        <div key={label} className="min-w-0 bg-surface p-4 last:max-xl:col-span-2 sm:p-5">
          <dt className="text-sm text-muted">{label}</dt>
          <dd className="mt-1 text-2xl font-bold tracking-tight tabular-nums [overflow-wrap:anywhere]">{value}</dd>
          {detail ? <dd className="mt-0.5 text-xs text-muted tabular-nums">{detail}</dd> : null}
        </div>
      ))}
    </dl>
  );
}

function OverviewSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" className="space-y-6">
      <span className="sr-only">{t("common.loading")}</span>
      <Skeleton className="h-28 rounded-card" />
      <Skeleton className="h-96 rounded-card" />
    </div>
  );
}
