import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Download, List } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { UsageSeries } from "../../../../src/contract/schemas/usage-series.ts";
import { addressOf } from "../../lib/api.ts";
import { buttonStyle } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { FoldedFilters } from "../../ui/folded-filters.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Segments } from "../../ui/segments.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { Money } from "../instance/money.tsx";
import { LatestRequests } from "../logs/latest-requests.tsx";
import { ViewsDialog } from "../views/views-dialog.tsx";
import { PartsTable } from "./parts-table.tsx";
import { RangePicker } from "./range-picker.tsx";
import { ScopeChoice } from "./scope-choice.tsx";
import { useStepText } from "./step-text.ts";
import { UsageChart, useDrawnParts, useMetricText } from "./usage-chart.tsx";
import { UsageFilters } from "./usage-filters.tsx";
import { type SeriesAsked, seriesParams, seriesQuery } from "./usage-queries.ts";
import { type Dimension, METRICS, type UsageSearch } from "./usage-search.ts";
import { runningStep, UsageTiles } from "./usage-tiles.tsx";
import { filterOf, useDimensions } from "./use-dimensions.ts";
import { useScoped } from "./use-scope.ts";
import { useTimeRange } from "./use-time-range.ts";

const route = getRouteApi("/shell/activity");

/** What was used over time, as one question that stands in the address. */
export function UsagePage(): ReactNode {
  const { t } = useTranslation();
  const search = useScoped(route.useSearch());
  const navigate = useNavigate();
  const shown = useTimeRange(search);
  const { scope, range, from, to } = search;
  const filter = filterOf(search);
  const splits = useDimensions(search);
  const usual = scope === "all" && search.account === undefined ? "account" : "model";
  const by = search.by === "none" ? undefined : (splits.find((name) => name === search.by) ?? usual);
  const asked: SeriesAsked = { ...shown, scope, filter, by, metric: search.metric ?? "spend" };
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(seriesQuery(asked));
  const show = (change: UsageSearch) =>
    void navigate({ to: "/activity", search: { ...search, ...change }, replace: true });
  const logs = { ...filter, scope, range, from, to };
  return (
    <>
      <PageHeader
        title={t("activity.title")}
        lead={t(scope === "all" ? "usage.leadAll" : "usage.lead")}
        action={
          <div className="flex flex-wrap gap-2">
            <ViewsDialog page="activity" search={search} />
            <Link to="/logs" search={logs} className={buttonStyle()}>
              <List aria-hidden />
              {t("usage.toLogs")}
            </Link>
            <a
              href={addressOf(scope === "all" ? "exportInstanceUsage" : "exportUsage", { query: seriesParams(asked) })}
              download
              className={buttonStyle()}
            >
              <Download aria-hidden />
              {t("usage.csv")}
            </a>
          </div>
        }
      />
      <div className="mb-4 flex flex-wrap gap-3">
        <ScopeChoice search={search} onChoose={show} />
        <RangePicker
          search={search}
          shown={shown}
          onChoose={(chosen) => show({ range: undefined, from: undefined, to: undefined, ...chosen })}
        />
      </div>
      <FoldedFilters set={Object.values(filter)}>
        <div className="mb-6 grid grid-cols-2 gap-3 md:grid-cols-4">
          <UsageFilters shown={shown} search={search} onChoose={(name, value) => show({ [name]: value })} />
        </div>
      </FoldedFilters>
      {isPending ? <LoadingRows rows={6} /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <div aria-busy={isPlaceholderData} className="space-y-6">
          <UsageTiles total={data.total} before={data.before} running={runningStep(data)} />
          <ChartCard
            data={data}
            asked={asked}
            splits={splits}
            onShow={show}
            onPick={(fromMs, toMs) =>
              void navigate({
                to: "/logs",
                search: { ...filter, scope, from: String(fromMs), to: String(toMs) },
              })
            }
          />
          <LatestRequests logs={logs} />
        </div>
      ) : null}
    </>
  );
}

interface ChartCardProps {
  data: UsageSeries;
  asked: SeriesAsked;
  splits: readonly Dimension[];
  onShow: (change: UsageSearch) => void;
  onPick: (fromMs: number, toMs: number) => void;
}

function ChartCard({ data, asked: { by, metric }, splits, onShow, onPick }: ChartCardProps) {
  const { t } = useTranslation();
  const metricName = t(`usage.${metric}`);
  const parts = useDrawnParts(data, by, metricName);
  return (
    <Card>
      <div className="mb-5 flex flex-wrap items-center justify-between gap-3">
        <h2 className="sr-only">{t("usage.overTime")}</h2>
        <Segments
          label={t("usage.metric")}
          value={metric}
          options={METRICS.map((value) => ({ value, label: t(`usage.${value}`) }))}
          onChoose={(chosen) => onShow({ metric: chosen })}
        />
        <Segments
          label={t("usage.by")}
          value={by ?? "none"}
          options={([...splits, "none"] as const).map((value) => ({ value, label: t(`usage.by_${value}`) }))}
          onChoose={(chosen) => onShow({ by: chosen })}
        />
      </div>
      {parts.length === 0 ? (
        <p className="flex h-64 items-center justify-center rounded-lg border border-dashed border-edge/60 px-6 text-center text-muted">
          {t("usage.quiet")}
        </p>
      ) : (
        <UsageChart
          data={data}
          parts={parts}
          metric={metric}
          label={t("usage.chartLabel", { metric: metricName })}
          onPick={onPick}
          heightPx={300}
        />
      )}
      {data.step === "day" ? <p className="mt-2 text-xs text-muted">{t("usage.utc")}</p> : null}
      {by === undefined || parts.length === 0 ? null : (
        <div className="mt-5">
          <PartsTable
            label={t(`usage.by_${by}`)}
            parts={parts}
            metric={metric}
            metricName={metricName}
            onChoose={(part) => onShow({ [by]: part, ...(by === "account" ? { by: undefined } : {}) })}
          />
        </div>
      )}
      <details className="mt-4">
        <summary className="text-link w-fit rounded text-sm font-semibold">{t("usage.asTable")}</summary>
        <div className="mt-3 max-h-96 overflow-y-auto">
          <TimesTable data={data} metric={metric} metricName={metricName} />
        </div>
      </details>
    </Card>
  );
}

interface TimesTableProps {
  data: UsageSeries;
  metric: SeriesAsked["metric"];
  metricName: string;
}

/** What the columns stand for, exactly; the newest first, times without anything left out. */
function TimesTable({ data, metric, metricName }: TimesTableProps) {
  const { t } = useTranslation();
  const { full, sum } = useMetricText(metric);
  const { exact } = useStepText(data.step);
  const rows = data.times
    .map((at, index) => ({ at, total: sum(data.series.map(({ values }) => values[index] ?? "0")) }))
    .filter(({ total }) => Number(total) !== 0)
    .toReversed();
  return (
    <DataTable
      label={t("usage.asTable")}
      rows={rows}
      rowId={({ at }) => String(at)}
      columns={[
        { name: "time", label: t("usage.time"), isMain: true, cell: ({ at }) => exact(at) },
        {
          name: "total",
          label: metricName,
          align: "end",
          cell: ({ total }) => (metric === "spend" ? <Money usd={total} /> : full(total)),
        },
      ]}
    />
  );
}
