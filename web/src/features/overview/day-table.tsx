import { useTranslation } from "react-i18next";
import { DataTable } from "../../ui/data-table.tsx";
import { Money } from "../instance/money.tsx";
import { useStepText } from "../usage/step-text.ts";
import { useMetricText } from "../usage/usage-chart.tsx";
import type { Metric } from "../usage/usage-search.ts";
import { type Day, metricOf } from "./day-metric.ts";

/** What the chart shows, exactly and for every reader. */
export function DayTable({ days }: { days: readonly Day[] }) {
  const { t } = useTranslation();
  const { full } = useMetricText("requests");
  const { exact } = useStepText("day");
  const number = (name: Exclude<Metric, "spend">) => ({
    name,
    label: t(`usage.${name}`),
    align: "end" as const,
    cell: (day: Day) => full(metricOf(day, name)),
  });
  return (
    <DataTable<Day>
      label={t("usage.asTable")}
      rows={days.toReversed()}
      rowId={(day) => day.day}
      columns={[
        {
          name: "day",
          label: t("usage.time"),
          isMain: true,
          cell: ({ day }) => exact(Date.parse(`${day}T00:00:00Z`)),
        },
        number("requests"),
        number("errors"),
        number("tokens"),
        { name: "spend", label: t("usage.spend"), align: "end", cell: (day) => <Money usd={day.spentUsd} /> },
      ]}
    />
  );
}
