import { ColumnsDialog } from "../../ui/columns-dialog.tsx";
import { useModelCells } from "./model-cells.tsx";
import { MODEL_COLUMNS, type ModelsSearch, modelColumnsOf, modelColumnsText } from "./models-search.ts";

interface ModelColumnsDialogProps {
  search: ModelsSearch;
  onShow: (change: ModelsSearch) => void;
}

/** Chooses what each row shows. */
export function ModelColumnsDialog({ search, onShow }: ModelColumnsDialogProps) {
  const cells = useModelCells();
  return (
    <ColumnsDialog
      columns={MODEL_COLUMNS.map((name) => ({ name, label: cells[name].label }))}
      chosen={modelColumnsOf(search)}
      onChoose={(chosen) => onShow({ columns: chosen === null ? undefined : modelColumnsText(chosen) })}
    />
  );
}
