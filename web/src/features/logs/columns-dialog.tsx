import { Columns3 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { CheckField } from "../../ui/check-field.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useLogCells } from "./log-cells.tsx";
import { columnsOf, columnsText, LOG_COLUMNS, type LogsSearch } from "./logs-search.ts";

/** Chooses what each row shows. */
export function ColumnsDialog({ search, onShow }: { search: LogsSearch; onShow: (change: LogsSearch) => void }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const cells = useLogCells(() => undefined);
  const chosen = columnsOf(search);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Columns3 aria-hidden />
        {t("logs.columns")}
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={t("logs.columns")}>
        <div className="grid grid-cols-2 gap-x-6">
          {LOG_COLUMNS.map((name) => (
            <CheckField
              key={name}
              label={cells.find((cell) => cell.name === name)?.label ?? name}
              checked={chosen.includes(name)}
              onChange={({ target }) =>
                onShow({
                  columns: columnsText(target.checked ? [...chosen, name] : chosen.filter((other) => other !== name)),
                })
              }
            />
          ))}
        </div>
        <Button className="mt-4" onClick={() => onShow({ columns: undefined })}>
          {t("logs.columnsUsual")}
        </Button>
      </Dialog>
    </>
  );
}
