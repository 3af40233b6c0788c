import { useQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { KeyTrends } from "../../../../src/contract/schemas/key-trends.ts";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount, formatDay, sumUsd } from "../../lib/format.ts";
import type { KeyTrendMetric } from "../../routes/search.ts";
import { Sparkline } from "../../ui/chart/sparkline.tsx";
import { Skeleton } from "../../ui/states.tsx";
import { useMoneyText } from "../instance/money.tsx";
import { keyTrendsQuery } from "./key-queries.ts";

export type TrendOf = (id: string) => KeyTrends["keys"][number] | undefined;

/** The last thirty days of each key that is listed, one question for each page of the list. */
export function useKeyTrends(pages: readonly { keys: readonly ApiKeyRow[] }[]) {
  const answers = useQueries({ queries: pages.map(({ keys }) => keyTrendsQuery(keys.map(({ id }) => id))) });
  const found = new Map(answers.flatMap(({ data }) => (data?.keys ?? []).map((key) => [key.id, key])));
  const trendOf: TrendOf = (id) => found.get(id);
  return {
    trendOf,
    days: answers.find(({ data }) => data !== undefined)?.data?.days ?? [],
    isPending: answers.some(({ isPending }) => isPending),
    hasFailed: answers.some(({ isError }) => isError),
  };
}
export type ShownTrends = ReturnType<typeof useKeyTrends>;

interface KeyTrendProps {
  id: string;
  trends: ShownTrends;
  metric: KeyTrendMetric;
}

/** One key's thirty days as a line. What it says stands in its name, for who does not see it, and beside the pointer. */
export function KeyTrend({ id, trends: { trendOf, days, isPending, hasFailed }, metric }: KeyTrendProps) {
  const { t } = useTranslation();
  const say = useTrendText(days, metric);
  const trend = trendOf(id);
  if (trend === undefined && isPending) return <Skeleton className="h-8 w-28 md:w-16 xl:w-28" />;
  if (trend === undefined)
    return <span className="text-xs text-muted">{t(hasFailed ? "keys.trendUnknown" : "keys.trendUnused")}</span>;
  const values = (metric === "spend" ? trend.spentUsd : trend.requests).map(Number);
  if (values.every((value) => value === 0)) return <span className="text-xs text-muted">{t("keys.trendFree")}</span>;
  const text = say(trend);
  return (
    <div role="img" aria-label={text} title={text} className="w-28 md:w-16 xl:w-28">
      <Sparkline values={values} color="var(--chart-2)" />
    </div>
  );
}

/** "$1.20 in 30 days, most on 14 Nov". */
function useTrendText(days: readonly string[], metric: KeyTrendMetric) {
  const { t } = useTranslation();
  const locale = useLocale();
  const money = useMoneyText();
  return ({ requests, spentUsd }: NonNullable<ReturnType<TrendOf>>): string => {
    const values = (metric === "spend" ? spentUsd : requests).map(Number);
    const day = formatDay(days[values.indexOf(Math.max(...values))] ?? "", locale);
    const count = requests.reduce((sum, one) => sum + one, 0);
    return metric === "spend"
      ? t("keys.trendSpend", { amount: money(sumUsd(spentUsd)), day, days: days.length })
      : t("keys.trendRequests", { formatted: formatCount(count, locale), day, days: days.length });
  };
}
