/** The requests of the list: only those in sight are drawn, and further ones are read when its end comes near. */
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { VirtualTable } from "../../ui/virtual-table.tsx";
import type { ShownRow } from "../activity/activity-table.tsx";
import { cellsOf, type LogCell, useLogCells } from "./log-cells.tsx";
import type { LogColumn } from "./logs-search.ts";

interface LogTableProps {
  rows: readonly ShownRow[];
  columns: readonly LogColumn[];
  isOfAll: boolean;
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
  onOpen: (id: string) => void;
}

const ROW_PX = 49;
const CARD_PX = 132;

const WIDTHS: Record<LogCell["name"], [rem: number, share: number]> = {
  time: [8, 2],
  account: [7, 1.4],
  outcome: [7, 0.7],
  key: [4.75, 1.1],
  model: [6, 1.9],
  provider: [6, 1],
  app: [6, 1],
  tokens: [4.5, 0.7],
  cost: [7.75, 1],
  firstToken: [5, 0.7],
  latency: [5.5, 0.7],
  id: [9, 1.4],
};
const CARDS: Partial<Record<LogCell["name"], { hideLabel?: boolean; className?: string }>> = {
  time: { hideLabel: true },
  outcome: { hideLabel: true, className: "max-md:text-right" },
  model: { className: "max-md:col-span-2" },
};

export function LogTable({ rows, columns, isOfAll, list, onOpen }: LogTableProps) {
  const { t } = useTranslation();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const readFurther = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const shown = cellsOf(useLogCells(onOpen), columns, isOfAll).map((cell) => {
    const card = CARDS[cell.name];
    return { ...cell, width: WIDTHS[cell.name], ...(card ? { card } : {}) };
  });
  return (
    <VirtualTable
      label={t("logs.title")}
      rows={rows}
      columns={shown}
      rowId={({ id }) => id}
      rowPx={ROW_PX}
      cardPx={CARD_PX}
      isPartial={hasNextPage}
      onNearEnd={readFurther}
    />
  );
}
