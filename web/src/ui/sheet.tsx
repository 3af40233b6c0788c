import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../lib/class-names.ts";
import { buttonStyle } from "./button.tsx";

interface SheetProps {
  onClose: () => void;
  title: string;
  description?: string | undefined;
  children: ReactNode;
}

/** A page beside the page, for the details of what was clicked: holds the focus, closes with Escape, gives it back. */
export function Sheet({ onClose, title, description, children }: SheetProps) {
  const { t } = useTranslation();
  return (
    <Base.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="fade fixed inset-0 z-40 bg-shade" />
        <Base.Popup className="rise fixed inset-y-0 right-0 z-50 flex w-full max-w-xl flex-col border-line bg-surface shadow-float sm:border-l">
          <header className="relative border-b border-line px-5 py-4 sm:px-6">
            <Base.Title className="pr-10 text-xl font-bold">{title}</Base.Title>
            {description ? <Base.Description className="mt-1 text-muted">{description}</Base.Description> : null}
            <Base.Close
              aria-label={t("common.close")}
              className={classNames(buttonStyle({ look: "quiet", size: "icon" }), "absolute top-3 right-3.5")}
            >
              <X aria-hidden />
            </Base.Close>
          </header>
          <div
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            className="min-h-0 flex-1 overflow-y-auto px-5 py-5 sm:px-6"
          >
            {children}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
