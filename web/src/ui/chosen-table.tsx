import type { RowData } from "@tanstack/react-table";
import { ColumnsDialog } from "./columns-dialog.tsx";
import { DataTable, type DataTableProps } from "./data-table.tsx";

interface ChosenTableProps<Row extends RowData> extends DataTableProps<Row> {
  /** Names of columns with commas between them, as they stand in the address; undefined for all. */
  chosen: string | undefined;
  onChoose: (columns: string | undefined) => void;
}

/** A table of which one chooses the columns. The one that says what a row is, and its actions, are always there. */
export function ChosenTable<Row extends RowData>({ chosen, onChoose, columns, ...table }: ChosenTableProps<Row>) {
  const choosable = columns.filter(({ isMain, hideLabel }) => isMain !== true && hideLabel !== true);
  const named = chosen?.split(",") ?? choosable.map(({ name }) => name);
  const choose = (names: readonly string[] | null) => {
    const kept = choosable.filter(({ name }) => names === null || names.includes(name)).map(({ name }) => name);
    onChoose(kept.length === choosable.length ? undefined : kept.join(",") || "none");
  };
  return (
    <>
      <div className="flex justify-end border-line max-md:pb-3 md:border-b md:p-2">
        <ColumnsDialog columns={choosable} chosen={named} onChoose={choose} />
      </div>
      <DataTable
        {...table}
        columns={columns.filter((column) => !choosable.includes(column) || named.includes(column.name))}
      />
    </>
  );
}
