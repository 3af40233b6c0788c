import { SlidersHorizontal } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../lib/class-names.ts";
import { useMediaQuery } from "../lib/media-query.ts";
import { Button } from "./button.tsx";
import { Sheet } from "./sheet.tsx";

/** Below this a row of a table is a card, and a bar of filters would push the first of them off the screen. */
const NARROW = "(max-width: 767px)";

interface FoldedFiltersProps {
  /** What of it is set, each as it stands in the address: undefined where it is as usual. */
  set: readonly unknown[];
  className?: string;
  children: ReactNode;
}

/** Filters: in their place where there is room, on a phone behind one button that says how many hold. */
export function FoldedFilters({ set, className = "mb-4", children }: FoldedFiltersProps) {
  const { t } = useTranslation();
  const isNarrow = useMediaQuery(NARROW);
  const [isOpen, setOpen] = useState(false);
  if (!isNarrow) return children;
  const count = set.filter((value) => value !== undefined).length;
  return (
    <>
      <Button
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        className={classNames("min-h-11 w-full", className)}
        onClick={() => setOpen(true)}
      >
        <SlidersHorizontal aria-hidden />
        {count === 0 ? t("common.filters") : t("common.filtersSet", { number: count })}
      </Button>
      {isOpen ? (
        <Sheet title={t("common.filters")} onClose={() => setOpen(false)}>
          <div className="space-y-3">{children}</div>
          <Button look="primary" size="large" className="mt-6 w-full" onClick={() => setOpen(false)}>
            {t("common.filtersShow")}
          </Button>
        </Sheet>
      ) : null}
    </>
  );
}
