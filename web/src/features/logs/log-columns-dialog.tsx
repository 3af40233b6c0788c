import { ColumnsDialog } from "../../ui/columns-dialog.tsx";
import { useLogCells } from "./log-cells.tsx";
import { columnsOf, columnsText, LOG_COLUMNS, type LogsSearch } from "./logs-search.ts";

/** Chooses what each row shows. */
export function LogColumnsDialog({ search, onShow }: { search: LogsSearch; onShow: (change: LogsSearch) => void }) {
  const cells = useLogCells(() => undefined);
  return (
    <ColumnsDialog
      columns={LOG_COLUMNS.map((name) => ({ name, label: cells.find((cell) => cell.name === name)?.label ?? name }))}
      chosen={columnsOf(search)}
      onChoose={(chosen) => onShow({ columns: chosen === null ? undefined : columnsText(chosen, search) })}
    />
  );
}
