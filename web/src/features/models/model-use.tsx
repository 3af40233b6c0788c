import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { UsageSeries } from "../../../../src/contract/schemas/usage-series.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorState, Skeleton } from "../../ui/states.tsx";
import { UsageChart, useDrawnParts } from "../usage/usage-chart.tsx";
import { seriesQuery } from "../usage/usage-queries.ts";
import { runningStep, UsageTiles } from "../usage/usage-tiles.tsx";
import { useTimeRange } from "../usage/use-time-range.ts";

/** What the reader's own keys did with it in the last thirty days. */
export function ModelUse({ id }: { id: string }) {
  const { t } = useTranslation();
  const range = useTimeRange({});
  const asked = { ...range, filter: { model: id }, by: "provider", metric: "spend" } as const;
  const { data, error, isPending, refetch } = useQuery(seriesQuery(asked));
  return (
    <section aria-labelledby="own-use">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 id="own-use" className="text-lg font-bold">
          {t("models.ownUse")}
        </h2>
        <Link to="/logs" search={{ model: id }} className="text-link text-sm font-semibold">
          {t("usage.toLogs")}
        </Link>
      </div>
      {isPending ? <Skeleton className="h-36 rounded-card" /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data && data.total.requests === 0 ? (
        <p className="rounded-card border border-dashed border-edge/60 px-4 py-8 text-center text-sm text-muted">
          {t("models.noUse")}
        </p>
      ) : null}
      {data && data.total.requests > 0 ? <Use data={data} /> : null}
    </section>
  );
}

function Use({ data }: { data: UsageSeries }) {
  const { t } = useTranslation();
  const parts = useDrawnParts(data, "provider", t("usage.spend"));
  return (
    <div className="space-y-4">
      <UsageTiles total={data.total} before={data.before} running={runningStep(data)} />
      <Card>
        <UsageChart
          data={data}
          parts={parts}
          metric="spend"
          label={t("usage.chartLabel", { metric: t("usage.spend") })}
          heightPx={200}
        />
      </Card>
    </div>
  );
}
