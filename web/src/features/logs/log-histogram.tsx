import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { formatCount } from "../../lib/format.ts";
import type { TimeRange } from "../../lib/time-range.ts";
import { Card } from "../../ui/card.tsx";
import { Skeleton } from "../../ui/states.tsx";
import { useMoneyText } from "../instance/money.tsx";
import { UsageChart } from "../usage/usage-chart.tsx";
import { seriesQuery } from "../usage/usage-queries.ts";
import { filterOf } from "../usage/use-dimensions.ts";
import type { LogsSearch } from "./logs-search.ts";

interface LogHistogramProps {
  search: LogsSearch;
  shown: TimeRange;
  onPick: (fromMs: number, toMs: number) => void;
}

const HEIGHT_PX = 132;
/** While requests are followed live, their sums are not left far behind. */
const LIVE_EVERY_MS = 5_000;

/**
 * How many requests there were when, failed ones in their own colour, and what all of them came to: the same figures as in
 * Activity. Counted from sums, which know models, providers, keys, apps and members; what else the list is narrowed down by
 * is said to be left out.
 */
export function LogHistogram({ search, shown, onPick }: LogHistogramProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const money = useMoneyText();
  const asked = { ...shown, scope: search.scope, filter: filterOf(search), by: undefined };
  const pace = search.live ? { refetchInterval: LIVE_EVERY_MS } : {};
  const { data: all } = useQuery({ ...seriesQuery({ ...asked, metric: "requests" }), ...pace });
  const { data: errors } = useQuery({ ...seriesQuery({ ...asked, metric: "errors" }), ...pace });
  const isLeftOut = [search.status, search.cost, search.id].some((value) => value !== undefined);
  if (!all || !errors) return <Skeleton className="mb-4 h-44 rounded-card" />;
  const total = all.series[0]?.values ?? [];
  const failed = all.times.map((_, index) => errors.series[0]?.values[index] ?? "0");
  const succeeded = all.times.map((_, index) => String(Number(total[index] ?? 0) - Number(failed[index] ?? 0)));
  const part = (label: string, color: string, values: string[]) => ({
    part: label,
    name: label,
    label,
    color,
    values,
    total: String(values.reduce((sum, value) => sum + Number(value), 0)),
  });
  const ok = part(t("activity.ok"), "var(--chart-2)", succeeded);
  const bad = part(t("activity.error"), "var(--color-bad-fill)", failed);
  const parts = search.outcome === "ok" ? [ok] : search.outcome === "error" ? [bad] : [ok, bad];
  return (
    <Card className="mb-4 py-4! sm:py-4!">
      {isLeftOut ? null : (
        <p className="mb-2 text-sm text-muted tabular-nums">
          {search.outcome === undefined
            ? t("logs.total", { requests: formatCount(all.total.requests, locale), spent: money(all.total.spentUsd) })
            : t("logs.totalRequests", { requests: formatCount(sum(parts), locale) })}
        </p>
      )}
      <UsageChart
        data={all}
        parts={parts}
        metric="requests"
        label={t("logs.histogramLabel")}
        heightPx={HEIGHT_PX}
        onPick={onPick}
      />
      {isLeftOut ? <p className="mt-2 text-xs text-muted">{t("logs.histogramLeavesOut")}</p> : null}
    </Card>
  );
}

function sum(parts: readonly { total: string }[]): number {
  return parts.reduce((all, { total }) => all + Number(total), 0);
}
