import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { UsageSeries } from "../../../../src/contract/schemas/usage-series.ts";
import { LoadingRows } from "../../ui/states.tsx";
import { UsageChart } from "../usage/usage-chart.tsx";
import type { Metric } from "../usage/usage-search.ts";
import { type Day, metricOf } from "./day-metric.ts";

const DayTable = lazy(async () => ({ default: (await import("./day-table.tsx")).DayTable }));

const DAY_MS = 86_400_000;

/** One column a day. What the picture shows stands in a table below it, exactly and for every reader. */
export function OverviewChart({ days, metric }: { days: readonly Day[]; metric: Metric }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isTableOpen, setTableOpen] = useState(false);
  const times = days.map(({ day }) => Date.parse(`${day}T00:00:00Z`));
  const values = days.map((day) => metricOf(day, metric));
  const data: Pick<UsageSeries, "step" | "fromMs" | "toMs" | "times"> = {
    step: "day",
    times,
    fromMs: times[0] ?? 0,
    toMs: (times.at(-1) ?? 0) + DAY_MS,
  };
  const label = t(`usage.${metric}`);
  const part = { part: "", name: label, label, color: COLORS[metric], values, total: "0" };
  if (days.every(({ requests }) => requests === 0)) {
    return (
      <p className="flex h-64 items-center justify-center rounded-lg border border-dashed border-edge/60 px-6 text-center text-muted">
        {t("usage.quiet")}
      </p>
    );
  }
  return (
    <>
      <UsageChart
        data={data}
        parts={[part]}
        metric={metric}
        label={t("usage.chartLabel", { metric: label })}
        onPick={(from, to) => void navigate({ to: "/logs", search: { from: String(from), to: String(to) } })}
      />
      <p className="mt-1 text-xs text-muted">{t("usage.utc")}</p>
      <details className="mt-3" onToggle={({ currentTarget }) => setTableOpen(currentTarget.open)}>
        <summary className="text-link w-fit rounded text-sm font-semibold">{t("usage.asTable")}</summary>
        <div className="mt-3 max-h-96 overflow-y-auto">
          {isTableOpen ? (
            <Suspense fallback={<LoadingRows />}>
              <DayTable days={days} />
            </Suspense>
          ) : null}
        </div>
      </details>
    </>
  );
}

const COLORS: Record<Metric, string> = {
  spend: "var(--chart-1)",
  requests: "var(--chart-2)",
  tokens: "var(--chart-4)",
  errors: "var(--color-bad-fill)",
};
