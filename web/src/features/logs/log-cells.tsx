import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { formatCount, formatDateTime, formatDuration } from "../../lib/format.ts";
import { Outcome, type ShownRow } from "../activity/activity-table.tsx";
import { Money } from "../instance/money.tsx";
import type { LogColumn } from "./logs-search.ts";

export interface LogCell {
  name: LogColumn | "time" | "account";
  label: string;
  isNumber: boolean;
  cell: (row: ShownRow) => ReactNode;
}

/** Every column that there is. */
export function useLogCells(onOpen: (id: string) => void): LogCell[] {
  const { t } = useTranslation();
  const locale = useLocale();
  const text = (name: LogCell["name"], label: string, value: (row: ShownRow) => ReactNode): LogCell => ({
    name,
    label,
    isNumber: false,
    cell: value,
  });
  const number = (name: LogColumn, label: string, value: (row: ShownRow) => ReactNode): LogCell => ({
    ...text(name, label, value),
    isNumber: true,
  });
  const duration = (ms: number | null) => (ms === null ? "–" : formatDuration(ms, locale));
  return [
    {
      name: "time",
      label: t("activity.time"),
      isNumber: false,
      cell: (row) => {
        const time = formatDateTime(row.createdAt, locale);
        return (
          <button
            type="button"
            onClick={() => onOpen(row.id)}
            aria-label={t("activity.showDetails", { time })}
            className="text-link rounded text-left tabular-nums xl:whitespace-nowrap"
          >
            {time}
          </button>
        );
      },
    },
    text("outcome", t("activity.outcome"), (row) => <Outcome row={row} />),
    text("account", t("activity.account"), (row) => <Clipped text={row.account ?? "–"} />),
    text("key", t("activity.key"), (row) => <Clipped text={row.keyName || t("common.deletedKey")} />),
    text("model", t("activity.model"), (row) => <Clipped text={row.model ?? row.modelRequested} isCode />),
    text("provider", t("activity.provider"), (row) => <Clipped text={row.provider ?? "–"} />),
    text("app", t("activity.appTitle"), (row) => <Clipped text={row.app || "–"} />),
    number("tokens", t("activity.tokens"), (row) => (
      <span
        title={t("activity.tokensInOut", {
          prompt: formatCount(row.promptTokens, locale),
          completion: formatCount(row.completionTokens, locale),
        })}
      >
        {formatCount(row.promptTokens + row.completionTokens, locale)}
      </span>
    )),
    number("cost", t("activity.cost"), (row) =>
      row.costUsd === null ? t("activity.costUnknown") : <Money usd={row.costUsd} />,
    ),
    number("firstToken", t("activity.firstToken"), (row) => duration(row.firstTokenMs)),
    number("latency", t("activity.latency"), (row) => duration(row.latencyMs)),
    text("id", t("activity.generationId"), (row) => <Clipped text={row.id} isCode />),
  ];
}

/** Those that are wanted, the time before all; the account where there are several. */
export function cellsOf(cells: readonly LogCell[], columns: readonly LogColumn[], isOfAll: boolean): LogCell[] {
  return cells.filter(({ name }) => {
    if (name === "time") return true;
    return name === "account" ? isOfAll : columns.includes(name);
  });
}

function Clipped({ text, isCode = false }: { text: string; isCode?: boolean }) {
  return (
    <span title={text} className={`block truncate ${isCode ? "font-mono text-xs" : ""}`}>
      {text}
    </span>
  );
}
