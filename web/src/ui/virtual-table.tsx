/**
 * A table of which only the rows in sight are drawn, so that thousands scroll as easily as ten. On a phone each row becomes
 * a card. The roles are written out, because a browser forgets that something is a table once it is laid out as a grid.
 */
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { type CSSProperties, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { classNames } from "../lib/class-names.ts";
import { useMediaQuery } from "../lib/media-query.ts";

export interface VirtualColumn<Row> {
  name: string;
  label: string;
  isNumber: boolean;
  cell: (row: Row) => ReactNode;
  /** The least width in rem, and the share of what is left. */
  width: readonly [rem: number, share: number];
  /** How it stands on a card, where it needs no label or all of the width. */
  card?: { hideLabel?: boolean; className?: string };
  hideLabel?: boolean;
  /** Makes the heading a button; the rows come in their order. */
  sorted?: { direction: "ascending" | "descending" | "none"; onSort: () => void };
}

interface VirtualTableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly VirtualColumn<Row>[];
  rowId: (row: Row) => string;
  rowPx: number;
  cardPx: number;
  /** There are more rows than these. */
  isPartial?: boolean;
  /** The last of them is in sight. */
  onNearEnd?: () => void;
}

/** Rows beyond the window, so that a quick scroll meets no hole. */
const BEYOND = 12;

export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, rows, columns, rowId, rowPx, cardPx, isPartial = false, onNearEnd } = props;
  const isWide = useMediaQuery("(width >= 48rem)");
  const frame = useRef<HTMLTableSectionElement>(null);
  const [topPx, setTopPx] = useState(0);
  useLayoutEffect(() => setTopPx(frame.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (isWide ? rowPx : cardPx),
    gap: isWide ? 0 : 12,
    overscan: BEYOND,
    scrollMargin: topPx,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowId(row);
    },
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const isNearEnd = rows.length > 0 && lastShown >= rows.length - 1 && window.scrollY > 0;
  useEffect(() => {
    if (isNearEnd) onNearEnd?.();
  }, [isNearEnd, onNearEnd]);
  const grid = gridOf(columns);
  return (
    <section
      aria-label={label}
      // What is wider than the window is scrolled to with the keyboard as well.
      tabIndex={isWide ? 0 : undefined}
      className="md:overflow-x-auto md:rounded-card md:border md:border-line md:bg-surface md:shadow-card"
    >
      <table
        // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
        role="table"
        aria-label={label}
        aria-rowcount={isPartial ? -1 : rows.length + 1}
        className="block text-sm"
        style={isWide ? { minWidth: grid.minWidth } : undefined}
      >
        {/* biome-ignore lint/a11y/noRedundantRoles: see the top of this file */}
        <thead role="rowgroup" className="block max-md:sr-only">
          {/* biome-ignore lint/a11y/noRedundantRoles: see the top of this file */}
          <tr role="row" aria-rowindex={1} className="grid border-b border-line px-1" style={grid}>
            {columns.map((column) => (
              <Heading key={column.name} {...column} />
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
                {columns.map((column) => (
                  <Cell key={column.name} column={column} row={row} />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function gridOf(columns: readonly Pick<VirtualColumn<never>, "width">[]): CSSProperties {
  const least = columns.reduce((sum, { width }) => sum + width[0], 0.5);
  const tracks = columns.map(({ width: [rem, share] }) => `minmax(${rem}rem,${share}fr)`);
  return { gridTemplateColumns: tracks.join(" "), minWidth: `${least}rem` };
}

const ROW = [
  "absolute inset-x-0 top-0 grid",
  "md:items-center md:border-b md:border-line md:px-1 md:hover:bg-sunken/60",
  "max-md:grid-cols-2 max-md:gap-x-4 max-md:gap-y-1.5 max-md:rounded-lg max-md:border max-md:border-line",
  "max-md:bg-surface max-md:p-3.5",
].join(" ");
const SORT_ICONS = { ascending: ArrowUp, descending: ArrowDown, none: ChevronsUpDown };

function Heading({ label, isNumber, hideLabel = false, sorted }: VirtualColumn<never>) {
  const Icon = SORT_ICONS[sorted?.direction ?? "none"];
  const text = <span className={hideLabel ? "sr-only" : ""}>{label}</span>;
  return (
    <th
      // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
      role="columnheader"
      scope="col"
      {...(sorted ? { "aria-sort": sorted.direction } : {})}
      className={classNames("px-3 py-2.5 text-xs font-semibold text-muted", isNumber ? "text-right" : "text-left")}
    >
      {sorted ? (
        <button
          type="button"
          onClick={sorted.onSort}
          className="inline-flex min-h-6 items-center gap-1 rounded text-inherit hover:text-ink [text-align:inherit]"
        >
          {text}
          <Icon aria-hidden className="size-3.5 shrink-0" />
        </button>
      ) : (
        text
      )}
    </th>
  );
}

function Cell<Row>({ column: { label, isNumber, cell, card }, row }: { column: VirtualColumn<Row>; row: Row }) {
  return (
    <td
      // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
      role="cell"
      className={classNames("block min-w-0 md:px-3 md:py-2", isNumber && "tabular-nums md:text-right", card?.className)}
    >
      {card?.hideLabel ? null : <span className="block text-xs text-muted md:hidden">{label}</span>}
      {cell(row)}
    </td>
  );
}
