import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { UsageSeries } from "../../../../src/contract/schemas/usage-series.ts";
import { Card } from "../../ui/card.tsx";
import { Segments } from "../../ui/segments.tsx";
import { ErrorState, Skeleton } from "../../ui/states.tsx";
import { PartsTable } from "../usage/parts-table.tsx";
import { UsageChart, useDrawnParts } from "../usage/usage-chart.tsx";
import { seriesQuery } from "../usage/usage-queries.ts";
import { METRICS, type Metric } from "../usage/usage-search.ts";
import { runningStep, UsageTiles } from "../usage/usage-tiles.tsx";
import { useTimeRange } from "../usage/use-time-range.ts";

const route = getRouteApi("/shell/keys/$id");

/** What a key did in the last thirty days, and with which models. */
export function KeyUse({ id }: { id: string }) {
  const { t } = useTranslation();
  const { metric = "spend" } = route.useSearch();
  const asked = { ...useTimeRange({}), filter: { key: id }, by: "model", metric } as const;
  const { data, error, isPending, refetch } = useQuery(seriesQuery(asked));
  return (
    <section aria-labelledby="key-use">
      <h2 id="key-use" className="mb-3 text-lg font-bold">
        {t("keys.use")}
      </h2>
      {isPending ? <Skeleton className="h-36 rounded-card" /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data && data.total.requests === 0 ? (
        <p className="rounded-card border border-dashed border-edge/60 px-4 py-8 text-center text-sm text-muted">
          {t("keys.noUse")}
        </p>
      ) : null}
      {data && data.total.requests > 0 ? <Use id={id} data={data} metric={metric} /> : null}
    </section>
  );
}

function Use({ id, data, metric }: { id: string; data: UsageSeries; metric: Metric }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const metricName = t(`usage.${metric}`);
  const parts = useDrawnParts(data, "model", metricName);
  return (
    <div className="space-y-4">
      <UsageTiles total={data.total} before={data.before} running={runningStep(data)} />
      <Card>
        <div className="mb-5">
          <Segments
            label={t("usage.metric")}
            value={metric}
            options={METRICS.map((value) => ({ value, label: t(`usage.${value}`) }))}
            onChoose={(chosen) =>
              void navigate({ to: "/keys/$id", params: { id }, search: { metric: chosen }, replace: true })
            }
          />
        </div>
        <UsageChart
          data={data}
          parts={parts}
          metric={metric}
          label={t("usage.chartLabel", { metric: metricName })}
          heightPx={220}
          onPick={(fromMs, toMs) =>
            void navigate({ to: "/logs", search: { key: id, from: String(fromMs), to: String(toMs) } })
          }
        />
        <div className="mt-5">
          <PartsTable
            label={t("usage.by_model")}
            parts={parts}
            metric={metric}
            metricName={metricName}
            onChoose={(model) => void navigate({ to: "/activity", search: { key: id, model } })}
          />
        </div>
      </Card>
    </div>
  );
}
