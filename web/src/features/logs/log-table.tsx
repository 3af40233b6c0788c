/**
 * Requests in a table of which only the rows in sight are drawn, so that thousands scroll as easily as ten. On a phone each
 * row becomes a card. The roles are written out, because a browser forgets that something is a table once it is laid out
 * as a grid.
 */
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ActivityRow } from "../../../../src/contract/schemas/activity.ts";
import { classNames } from "../../lib/class-names.ts";
import { useMediaQuery } from "../../lib/media-query.ts";
import { cellsOf, type LogCell, useLogCells } from "./log-cells.tsx";
import type { LogColumn } from "./logs-search.ts";

interface LogTableProps {
  rows: readonly ActivityRow[];
  columns: readonly LogColumn[];
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
  onOpen: (id: string) => void;
}

const ROW_PX = 49;
const CARD_PX = 132;
/** Rows beyond the window, so that a quick scroll meets no hole. */
const BEYOND = 12;

/** The least width of a column in rem, and its share of what is left. */
const WIDTHS: Record<LogColumn | "time", [rem: number, share: number]> = {
  time: [9.5, 1.6],
  outcome: [6.5, 0.7],
  key: [5, 1.2],
  model: [6, 2],
  provider: [6, 1],
  app: [6, 1],
  tokens: [4.5, 0.7],
  cost: [5.5, 1],
  firstToken: [5, 0.7],
  latency: [4.5, 0.7],
  id: [9, 1.4],
};

function gridOf(columns: readonly (LogColumn | "time")[]): CSSProperties {
  const least = columns.reduce((sum, name) => sum + WIDTHS[name][0], 0.5);
  const tracks = columns.map((name) => `minmax(${WIDTHS[name][0]}rem,${WIDTHS[name][1]}fr)`);
  return { gridTemplateColumns: tracks.join(" "), minWidth: `${least}rem` };
}

export function LogTable({ rows, columns, list, onOpen }: LogTableProps) {
  const { t } = useTranslation();
  const isWide = useMediaQuery("(width >= 48rem)");
  const frame = useRef<HTMLTableSectionElement>(null);
  const [topPx, setTopPx] = useState(0);
  useLayoutEffect(() => setTopPx(frame.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (isWide ? ROW_PX : CARD_PX),
    gap: isWide ? 0 : 12,
    overscan: BEYOND,
    scrollMargin: topPx,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const isNearEnd = rows.length > 0 && lastShown >= rows.length - 1 && window.scrollY > 0;
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isNearEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const shown = cellsOf(useLogCells(onOpen), columns);
  const grid = gridOf(shown.map(({ name }) => name));
  return (
    <section
      aria-label={t("logs.title")}
      // What is wider than the window is scrolled to with the keyboard as well.
      tabIndex={isWide ? 0 : undefined}
      className="md:overflow-x-auto md:rounded-card md:border md:border-line md:bg-surface md:shadow-card"
    >
      <table
        // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
        role="table"
        aria-label={t("logs.title")}
        aria-rowcount={hasNextPage ? -1 : rows.length + 1}
        className="block text-sm"
        style={isWide ? { minWidth: grid.minWidth } : undefined}
      >
        {/* biome-ignore lint/a11y/noRedundantRoles: see the top of this file */}
        <thead role="rowgroup" className="block max-md:sr-only">
          {/* biome-ignore lint/a11y/noRedundantRoles: see the top of this file */}
          <tr role="row" aria-rowindex={1} className="grid border-b border-line px-1" style={grid}>
            {shown.map(({ name, label, isNumber }) => (
              <th
                key={name}
                // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
                role="columnheader"
                scope="col"
                className={`${HEADING} ${isNumber ? "text-right" : "text-left"}`}
              >
                {label}
              </th>
            ))}
          </tr>
        </thead>
        {/* biome-ignore lint/a11y/noRedundantRoles: see the top of this file */}
        <tbody ref={frame} role="rowgroup" className="relative block" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ key, index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const place = { transform: `translateY(${start - topPx}px)`, ...(isWide ? grid : {}) };
            return (
              <tr
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
                role="row"
                aria-rowindex={index + 2}
                className={ROW}
                style={place}
              >
                {shown.map((cell) => (
                  <Cell key={cell.name} cell={cell} row={row} />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const HEADING = "px-3 py-2.5 text-xs font-semibold text-muted";
const ROW = [
  "absolute inset-x-0 top-0 grid",
  "md:items-center md:border-b md:border-line md:px-1 md:hover:bg-sunken/60",
  "max-md:grid-cols-2 max-md:gap-x-4 max-md:gap-y-1.5 max-md:rounded-lg max-md:border max-md:border-line",
  "max-md:bg-surface max-md:p-3.5",
].join(" ");

function Cell({ cell: { name, label, isNumber, cell }, row }: { cell: LogCell; row: ActivityRow }) {
  const saysItself = name === "time" || name === "outcome";
  return (
    <td
      // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
      role="cell"
      className={classNames(
        "block min-w-0 md:px-3 md:py-2",
        isNumber && "tabular-nums md:text-right",
        name === "model" && "max-md:col-span-2",
        name === "outcome" && "max-md:text-right",
      )}
    >
      {saysItself ? null : <span className="block text-xs text-muted md:hidden">{label}</span>}
      {cell(row)}
    </td>
  );
}
