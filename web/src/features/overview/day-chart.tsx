import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { Overview } from "../../../../src/contract/schemas/activity.ts";
import type { Locale } from "../../../../src/kernel/locale.ts";
import { formatUsd } from "../../../../src/kernel/money-text.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCompact, formatCount, formatDay } from "../../lib/format.ts";
import { Card } from "../../ui/card.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Segments } from "../../ui/segments.tsx";
import { Money } from "../instance/money.tsx";
import { totalsOf } from "./figures.ts";

type Day = Overview["days"][number];
type Metric = "requests" | "spent" | "tokens";

/** One column a day. What the picture shows stands in a table below it, exactly and for every reader. */
export function DayChart({ days }: { days: readonly Day[] }) {
  const { t } = useTranslation();
  const [metric, setMetric] = useState<Metric>("requests");
  const isQuiet = totalsOf([...days]).requests === 0;
  const options = [
    { value: "requests", label: t("dashboard.requests") },
    { value: "spent", label: t("dashboard.spent") },
    { value: "tokens", label: t("dashboard.tokens") },
  ] as const;
  return (
    <Card>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg font-bold">{t("dashboard.chartTitle")}</h2>
        <Segments label={t("dashboard.metric")} value={metric} options={options} onChoose={setMetric} />
      </div>
      {isQuiet ? (
        <p className="flex h-64 items-center justify-center rounded-lg border border-dashed border-edge/60 px-6 text-center text-muted">
          {t("dashboard.quiet")}
        </p>
      ) : (
        <div role="img" aria-label={t("dashboard.chartLabel", { metric: t(`dashboard.${metric}`) })} className="h-64">
          <Columns days={days} metric={metric} />
        </div>
      )}
      <details className="mt-4">
        <summary className="text-link w-fit rounded text-sm font-semibold">{t("dashboard.asTable")}</summary>
        <div className="mt-3 max-h-96 overflow-y-auto">
          <DayTable days={days} />
        </div>
      </details>
    </Card>
  );
}

function Columns({ days, metric }: { days: readonly Day[]; metric: Metric }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const data = days.map((day) => ({
    day: formatDay(day.day, locale),
    succeeded: day.requests - day.errors,
    failed: day.errors,
    // A column's height may be a float; the amounts that can be read are the exact strings.
    spent: Number(day.spentUsd),
    spentUsd: day.spentUsd,
    tokens: day.promptTokens + day.completionTokens,
  }));
  const axis = { stroke: "var(--color-muted)", fontSize: 12, tickLine: false, axisLine: false } as const;
  const bar = { maxBarSize: 28, isAnimationActive: false } as const;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={data} margin={{ top: 4, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--color-line)" />
        <XAxis dataKey="day" minTickGap={24} {...axis} />
        <YAxis
          width={56}
          allowDecimals={metric === "spent"}
          tickFormatter={(value: number) => tick(value, metric, locale)}
          {...axis}
        />
        <Tooltip cursor={{ fill: "var(--color-line)", opacity: 0.5 }} content={<DayTip locale={locale} />} />
        {metric === "requests" ? (
          <>
            <Bar dataKey="succeeded" name={t("dashboard.succeeded")} stackId="all" fill="var(--color-brand)" {...bar} />
            <Bar dataKey="failed" name={t("dashboard.failed")} stackId="all" fill="var(--color-amber)" {...bar} />
          </>
        ) : (
          <Bar dataKey={metric} name={t(`dashboard.${metric}`)} fill="var(--color-brand)" {...bar} />
        )}
      </BarChart>
    </ResponsiveContainer>
  );
}

function tick(value: number, metric: Metric, locale: Locale): string {
  return metric === "spent" ? formatUsd(String(value), locale) : formatCompact(value, locale);
}

interface TipEntry {
  name?: unknown;
  value?: unknown;
  payload?: { spentUsd?: string };
  dataKey?: unknown;
}

interface DayTipProps {
  locale: Locale;
  label?: unknown;
  active?: boolean;
  payload?: readonly TipEntry[];
}

/** What the column under the pointer stands for. recharts fills in all but the language. */
function DayTip({ locale, label, active, payload }: DayTipProps) {
  if (!active || !payload) return null;
  return (
    <div className="rounded-lg border border-line bg-surface px-3 py-2 text-sm shadow-float">
      <p className="font-semibold">{String(label)}</p>
      {payload.map((entry) => (
        <p key={String(entry.dataKey)} className="text-muted tabular-nums">
          {String(entry.name)}:{" "}
          {entry.dataKey === "spent"
            ? formatUsd(entry.payload?.spentUsd ?? "0", locale)
            : formatCount(Number(entry.value), locale)}
        </p>
      ))}
    </div>
  );
}

function DayTable({ days }: { days: readonly Day[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const count = (value: number) => formatCount(value, locale);
  return (
    <DataTable<Day>
      label={t("dashboard.asTable")}
      rows={days.toReversed()}
      rowId={(day) => day.day}
      columns={[
        { name: "day", label: t("dashboard.day"), isMain: true, cell: (day) => formatDay(day.day, locale) },
        { name: "requests", label: t("dashboard.requests"), align: "end", cell: (day) => count(day.requests) },
        { name: "errors", label: t("dashboard.failed"), align: "end", cell: (day) => count(day.errors) },
        {
          name: "tokens",
          label: t("dashboard.tokens"),
          align: "end",
          cell: (day) => count(day.promptTokens + day.completionTokens),
        },
        { name: "spent", label: t("dashboard.spent"), align: "end", cell: (day) => <Money usd={day.spentUsd} /> },
      ]}
    />
  );
}
