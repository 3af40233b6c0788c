import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { formatShare } from "../../lib/format.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Money } from "../instance/money.tsx";
import { type DrawnPart, useMetricText } from "./usage-chart.tsx";
import type { Metric } from "./usage-search.ts";

interface PartsTableProps {
  label: string;
  parts: readonly DrawnPart[];
  metric: Metric;
  metricName: string;
  /** Narrows everything down to one part. */
  onChoose: (part: string) => void;
}

/** The legend of the chart: which colour is what, and how much of all it is. */
export function PartsTable({ label, parts, metric, metricName, onChoose }: PartsTableProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { full } = useMetricText(metric);
  const all = parts.reduce((sum, { total }) => sum + Number(total), 0);
  const share = (part: DrawnPart) => (all === 0 ? 0 : Number(part.total) / all);
  return (
    <DataTable<DrawnPart>
      label={label}
      rows={parts}
      rowId={(part) => part.part ?? "rest"}
      columns={[
        {
          name: "part",
          label,
          isMain: true,
          cell: (part) => (
            <span className="flex min-w-0 items-center gap-2.5">
              <span aria-hidden className="size-3 shrink-0 rounded-sm" style={{ background: part.color }} />
              {part.part === null ? (
                <span className="text-muted">{part.label}</span>
              ) : (
                <button
                  type="button"
                  onClick={() => onChoose(part.part ?? "")}
                  title={t("usage.only", { part: part.label })}
                  className="text-link min-w-0 rounded text-left [overflow-wrap:anywhere]"
                >
                  {part.label}
                </button>
              )}
            </span>
          ),
        },
        {
          name: "total",
          label: metricName,
          align: "end",
          sortBy: (part) => Number(part.total),
          cell: (part) => (metric === "spend" ? <Money usd={part.total} /> : full(part.total)),
        },
        {
          name: "share",
          label: t("usage.share"),
          align: "end",
          className: "md:w-44",
          cell: (part) => (
            <span className="inline-flex items-center justify-end gap-2.5">
              <span aria-hidden className="h-1.5 w-20 overflow-hidden rounded-full bg-sunken">
                <span className="block h-full" style={{ width: `${share(part) * 100}%`, background: part.color }} />
              </span>
              <span className="w-12">{formatShare(share(part), locale)}</span>
            </span>
          ),
        },
      ]}
    />
  );
}
