/**
 * A table of rows. On a phone each row becomes a card and each cell carries its column's name; the roles are written
 * out, because a browser forgets that something is a table once it is laid out as a grid.
 */
import {
  type ColumnDef,
  createSortedRowModel,
  type Header,
  type RowData,
  rowSortingFeature,
  sortFn_text,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "../lib/class-names.ts";

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { text: sortFn_text },
});

export interface Column<Row extends RowData> {
  name: string;
  /** Shown above the column, and beside the value on a phone. */
  label: string;
  cell: (row: Row) => ReactNode;
  /** Makes the column sortable by this value. */
  sortBy?: (row: Row) => string | number | undefined;
  align?: "end";
  /** The first thing one looks for: heads the card on a phone. */
  isMain?: boolean;
  /** The heading is for assistive technology only. */
  hideLabel?: boolean;
  className?: string;
}

export interface DataTableProps<Row extends RowData> {
  /** What the table lists, for assistive technology. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
}

export function DataTable<Row extends RowData>({ label, columns, rows, rowId }: DataTableProps<Row>) {
  const table = useTable<typeof features, Row>({
    features,
    data: rows,
    columns: columns.map(definitionOf),
    getRowId: rowId,
    enableMultiSort: false,
  });
  return (
    <table
      // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
      role="table"
      aria-label={label}
      className="w-full border-separate border-spacing-0 text-sm max-md:block"
    >
      {/* biome-ignore lint/a11y/noRedundantRoles: see the top of this file */}
      <thead role="rowgroup" className="max-md:sr-only">
        {table.getHeaderGroups().map((group) => (
          // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
          <tr key={group.id} role="row">
            {group.headers.map((header, index) => (
              <HeaderCell key={header.id} header={header} column={columns[index]} />
            ))}
          </tr>
        ))}
      </thead>
      {/* biome-ignore lint/a11y/noRedundantRoles: see the top of this file */}
      <tbody role="rowgroup" className="max-md:block max-md:space-y-3">
        {table.getRowModel().rows.map((row) => (
          <tr
            key={row.id}
            // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
            role="row"
            className="relative max-md:block max-md:rounded-lg max-md:border max-md:border-line max-md:bg-surface max-md:p-3.5 md:hover:bg-sunken/60 md:last:*:border-b-0"
          >
            {columns.map((column) => (
              <BodyCell key={column.name} column={column} row={row.original} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function definitionOf<Row extends RowData>(column: Column<Row>): ColumnDef<typeof features, Row> {
  const { name, label, sortBy } = column;
  return { id: name, header: label, accessorFn: sortBy ?? (() => ""), enableSorting: sortBy !== undefined };
}

interface HeaderCellProps<Row extends RowData> {
  header: Header<typeof features, Row>;
  column: Column<Row> | undefined;
}

function HeaderCell<Row extends RowData>({ header, column }: HeaderCellProps<Row>) {
  const direction = header.column.getIsSorted();
  const Icon = direction === "asc" ? ArrowUp : direction === "desc" ? ArrowDown : ChevronsUpDown;
  const isSortable = column?.sortBy !== undefined;
  const ariaSort = direction === "asc" ? "ascending" : direction === "desc" ? "descending" : "none";
  const label = <span className={column?.hideLabel ? "sr-only" : ""}>{column?.label}</span>;
  return (
    <th
      // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
      role="columnheader"
      scope="col"
      {...(isSortable ? { "aria-sort": ariaSort } : {})}
      className={classNames(
        "border-b border-line px-3 py-2.5 text-left text-xs font-semibold text-muted first:pl-4 last:pr-4 xl:whitespace-nowrap",
        column?.align === "end" && "text-right",
      )}
    >
      {isSortable ? (
        <button
          type="button"
          onClick={header.column.getToggleSortingHandler()}
          className="inline-flex min-h-6 items-center gap-1 rounded text-inherit hover:text-ink [text-align:inherit]"
        >
          {label}
          <Icon aria-hidden className="size-3.5" />
        </button>
      ) : (
        label
      )}
    </th>
  );
}

function BodyCell<Row extends RowData>({ column, row }: { column: Column<Row>; row: Row }) {
  return (
    <td
      // biome-ignore lint/a11y/noRedundantRoles: see the top of this file
      role="cell"
      data-label={column.hideLabel || column.isMain ? undefined : column.label}
      className={classNames(
        "border-line px-3 py-3 align-middle first:pl-4 last:pr-4 md:border-b",
        "max-md:flex max-md:justify-between max-md:gap-4 max-md:p-0 max-md:py-1 max-md:first:pl-0 max-md:last:pr-0",
        "max-md:before:shrink-0 max-md:before:text-muted max-md:before:content-[attr(data-label)]",
        column.isMain && "max-md:pr-10 max-md:pb-2 max-md:text-base max-md:before:hidden",
        column.align === "end" && "text-right tabular-nums",
        column.className,
      )}
    >
      {column.cell(row)}
    </td>
  );
}
