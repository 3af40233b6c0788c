import { Columns3 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { CheckField } from "./check-field.tsx";
import { Dialog } from "./dialog.tsx";

interface ColumnsDialogProps<Name extends string> {
  /** In the order in which they are shown. */
  columns: readonly { name: Name; label: string }[];
  chosen: readonly Name[];
  /** Null for the usual ones. */
  onChoose: (chosen: readonly Name[] | null) => void;
}

/** A button behind which one chooses what each row shows. */
export function ColumnsDialog<Name extends string>({ columns, chosen, onChoose }: ColumnsDialogProps<Name>) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Columns3 aria-hidden />
        {t("logs.columns")}
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={t("logs.columns")}>
        <div className="grid grid-cols-2 gap-x-6">
          {columns.map(({ name, label }) => (
            <CheckField
              key={name}
              label={label}
              checked={chosen.includes(name)}
              onChange={({ target }) =>
                onChoose(target.checked ? [...chosen, name] : chosen.filter((other) => other !== name))
              }
            />
          ))}
        </div>
        <Button className="mt-4" onClick={() => onChoose(null)}>
          {t("logs.columnsUsual")}
        </Button>
      </Dialog>
    </>
  );
}
