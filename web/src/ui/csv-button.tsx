import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "../i18n/language.ts";
import { type CsvRow, csvText, saveFile } from "../lib/csv.ts";
import { failureToast } from "../lib/error-text.ts";
import { everyRow, MOST_ROWS, type RowPage } from "../lib/every-row.ts";
import { formatCount } from "../lib/format.ts";
import { Button } from "./button.tsx";
import { toasts } from "./toasts.tsx";

interface CsvButtonProps {
  /** The name of the file. */
  file: string;
  /** Names of columns, those of the API. */
  head: readonly string[];
  /** A page of the list as it is narrowed down now. */
  read: (cursor: string | undefined) => Promise<RowPage<CsvRow>>;
}

/** Saves a list with all its pages, not only those that are shown; says how far it has come while it reads. */
export function CsvButton({ file, head, read }: CsvButtonProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [count, setCount] = useState(0);
  const save = useMutation({
    mutationFn: () => everyRow(read, setCount),
    onSuccess: (rows) => {
      if (rows) saveFile(file, "text/csv", csvText([head, ...rows]));
      else toasts.add({ title: t("common.tooManyRows", { formatted: formatCount(MOST_ROWS, locale) }), type: "bad" });
    },
    onError: (error) => toasts.add(failureToast(error, t)),
    onSettled: () => setCount(0),
  });
  return (
    <Button busy={save.isPending} onClick={() => save.mutate()}>
      <Download aria-hidden />
      {count === 0 ? t("usage.csv") : `${t("usage.csv")} · ${formatCount(count, locale)}`}
    </Button>
  );
}
