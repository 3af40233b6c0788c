import { useTranslation } from "react-i18next";
import type { ActivityRow, InstanceActivityRow } from "../../../../src/contract/schemas/activity.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount, formatDateTime, formatDuration } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { Money } from "../instance/money.tsx";

/** With its account where the requests of several are listed. */
export type ShownRow = ActivityRow & Partial<Pick<InstanceActivityRow, "account">>;

interface ActivityTableProps {
  rows: readonly ShownRow[];
  isOfAll?: boolean;
  onOpen: (row: ShownRow) => void;
}

export function ActivityTable({ rows, isOfAll = false, onOpen }: ActivityTableProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  // Of all accounts the account takes the place of the key.
  const key: Column<ShownRow> = {
    name: "key",
    label: t("activity.key"),
    className: "md:max-w-28 xl:max-w-44",
    cell: (row) => <Clipped text={row.keyName || t("common.deletedKey")} />,
  };
  const account: Column<ShownRow> = {
    name: "account",
    label: t("activity.account"),
    className: "md:max-w-28 xl:max-w-32",
    cell: (row) => <Clipped text={row.account ?? "–"} />,
  };
  const columns: Column<ShownRow>[] = [
    {
      name: "time",
      label: t("activity.time"),
      isMain: true,
      cell: (row) => {
        const time = formatDateTime(row.createdAt, locale);
        return (
          <button
            type="button"
            onClick={() => onOpen(row)}
            aria-label={t("activity.showDetails", { time })}
            className="text-link rounded text-left tabular-nums xl:whitespace-nowrap"
          >
            {time}
          </button>
        );
      },
    },
    { name: "outcome", label: t("activity.outcome"), cell: (row) => <Outcome row={row} /> },
    isOfAll ? account : key,
    {
      name: "model",
      label: t("activity.model"),
      className: "md:max-w-36 xl:max-w-56",
      cell: (row) => <Model row={row} />,
    },
    {
      name: "tokens",
      label: t("activity.tokens"),
      align: "end",
      cell: (row) => (
        <span title={tokensText(row)}>{formatCount(row.promptTokens + row.completionTokens, locale)}</span>
      ),
    },
    {
      name: "cost",
      label: t("activity.cost"),
      align: "end",
      cell: (row) => (row.costUsd === null ? t("activity.costUnknown") : <Money usd={row.costUsd} />),
    },
    {
      name: "latency",
      label: t("activity.latency"),
      align: "end",
      className: "whitespace-nowrap",
      cell: (row) => formatDuration(row.latencyMs, locale),
    },
  ];
  const tokensText = (row: ActivityRow) =>
    t("activity.tokensInOut", {
      prompt: formatCount(row.promptTokens, locale),
      completion: formatCount(row.completionTokens, locale),
    });
  return <DataTable label={t("activity.title")} columns={columns} rows={rows} rowId={(row) => row.id} />;
}

/** What was asked for, and under it who answered with what. */
function Model({ row }: { row: ActivityRow }) {
  const answered = [row.provider, row.model === row.modelRequested ? null : row.model].filter((part) => part !== null);
  return (
    <div className="min-w-0">
      <Clipped text={row.modelRequested} isCode />
      {answered.length > 0 && (
        <span className="block text-xs text-muted [overflow-wrap:anywhere] max-md:text-right">
          {answered.join(" · ")}
        </span>
      )}
    </div>
  );
}

function Clipped({ text, isCode = false }: { text: string; isCode?: boolean }) {
  return (
    <span
      title={text}
      className={`block min-w-0 md:truncate max-md:text-right [overflow-wrap:anywhere] ${isCode ? "font-mono text-xs" : ""}`}
    >
      {text}
    </span>
  );
}

/** How a request ended, as its client saw it. */
export function Outcome({ row }: { row: ActivityRow }) {
  const { t } = useTranslation();
  if (row.cancelled) return <Badge tone="plain">{t("activity.cancelled")}</Badge>;
  if (row.status >= 400 || row.errorCode !== null) {
    return (
      <Badge tone="bad">
        {t("activity.error")} · {row.status}
      </Badge>
    );
  }
  return <Badge tone="good">{t("activity.ok")}</Badge>;
}
