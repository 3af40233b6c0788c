import { useTranslation } from "react-i18next";
import type { UsageSeries } from "../../../../src/contract/schemas/usage-series.ts";
import { formatUsd } from "../../../../src/kernel/money-text.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCompact, formatCount, sumUsd } from "../../lib/format.ts";
import { partColor, REST_COLOR } from "../../ui/chart/colors.ts";
import { ColumnChart } from "../../ui/chart/column-chart.tsx";
import { usePartName } from "./part-name.ts";
import { useStepText } from "./step-text.ts";
import type { Dimension, Metric } from "./usage-search.ts";

type Series = UsageSeries["series"][number];

export interface DrawnPart extends Series {
  label: string;
  color: string;
}

/** The parts of a series with what they are called and drawn in. */
export function useDrawnParts({ series }: UsageSeries, by: Dimension | undefined, whole: string): DrawnPart[] {
  const { t } = useTranslation();
  const partName = usePartName();
  return series.map((part, index) => ({
    ...part,
    label: part.part === null ? t("usage.rest") : by === undefined ? whole : partName(by, part.name),
    color: part.part === null ? REST_COLOR : partColor(index),
  }));
}

/** Writes a value of a metric: money exactly, numbers in full. */
export function useMetricText(metric: Metric): {
  full: (value: string) => string;
  sum: (values: readonly string[]) => string;
} {
  const locale = useLocale();
  const isMoney = metric === "spend";
  return {
    full: (value) => (isMoney ? formatUsd(value, locale) : formatCount(Number(value), locale)),
    sum: (values) => (isMoney ? sumUsd(values) : String(values.reduce((total, value) => total + Number(value), 0))),
  };
}

interface UsageChartProps {
  data: Pick<UsageSeries, "step" | "times" | "fromMs" | "toMs">;
  parts: readonly DrawnPart[];
  metric: Metric;
  label: string;
  heightPx?: number;
  onPick?: (fromMs: number, toMs: number) => void;
}

export function UsageChart({ data, parts, metric, label, heightPx, onPick }: UsageChartProps) {
  const locale = useLocale();
  const { full, sum } = useMetricText(metric);
  const { axis, exact } = useStepText(data.step);
  const isMoney = metric === "spend";
  const valueAt = (index: number) => sum(parts.map(({ values }) => values[index] ?? "0"));
  const heldAt = (index: number) => parts.filter(({ values }) => Number(values[index] ?? 0) > 0).toReversed();
  const endOf = (index: number) => data.times[index + 1] ?? data.toMs;
  return (
    <ColumnChart
      label={label}
      times={data.times}
      parts={parts.map(({ label: name, color, values }) => ({ name, color, values: values.map(Number) }))}
      isWhole={!isMoney}
      {...(heightPx === undefined ? {} : { heightPx })}
      tick={(value) => (isMoney ? formatUsd(roundedText(value), locale) : formatCompact(value, locale))}
      timeLabel={axis}
      tipText={(index) => {
        const named = heldAt(index).map((part) => `${part.label} ${full(part.values[index] ?? "0")}`);
        const rest = parts.length > 1 ? named : [];
        return [`${exact(data.times[index] ?? 0)}: ${full(valueAt(index))}`, ...rest].join(", ");
      }}
      tip={(index) => (
        <>
          <p className="font-semibold">{exact(data.times[index] ?? 0)}</p>
          <p className="tabular-nums">{full(valueAt(index))}</p>
          {parts.length < 2
            ? null
            : heldAt(index).map((part) => (
                <p key={part.label} className="flex items-baseline gap-2 text-xs text-muted tabular-nums">
                  <span className="size-2 shrink-0 rounded-full" style={{ background: part.color }} />
                  <span className="min-w-0 truncate">{part.label}</span>
                  <span className="ml-auto">{full(part.values[index] ?? "0")}</span>
                </p>
              ))}
        </>
      )}
      onPick={onPick ? (index) => onPick(data.times[index] ?? data.fromMs, endOf(index)) : undefined}
    />
  );
}

/** A round value of the axis without what binary fractions add to it. */
function roundedText(value: number): string {
  return Number(value.toPrecision(6))
    .toFixed(9)
    .replace(/\.?0+$/, "");
}
