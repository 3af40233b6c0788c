import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../lib/class-names.ts";
import { buttonStyle } from "./button.tsx";

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  /** Whether a click beside it closes it: not when something would be lost. */
  closesOnOutsideClick?: boolean;
  className?: string;
  children: ReactNode;
}

/** A modal dialog: holds the focus, closes with Escape, gives the focus back. */
export function Dialog(props: DialogProps) {
  const { isOpen, onClose, title, description, closesOnOutsideClick = true, className, children } = props;
  const { t } = useTranslation();
  return (
    <Base.Root
      open={isOpen}
      onOpenChange={(open) => (open ? undefined : onClose())}
      disablePointerDismissal={!closesOnOutsideClick}
    >
      <Base.Portal>
        <Base.Backdrop className="fade fixed inset-0 z-40 bg-shade" />
        <Base.Viewport className="fixed inset-0 z-50 flex overflow-y-auto p-3 sm:p-6">
          <Base.Popup
            className={classNames(
              "rise relative m-auto w-full max-w-lg rounded-card border border-line bg-surface p-5 shadow-float sm:p-6",
              className,
            )}
          >
            <Base.Title className="pr-10 text-xl font-bold">{title}</Base.Title>
            {description ? <Base.Description className="mt-1.5 text-muted">{description}</Base.Description> : null}
            <div className="mt-5">{children}</div>
            <Base.Close
              aria-label={t("common.close")}
              className={classNames(buttonStyle({ look: "quiet", size: "icon" }), "absolute top-3.5 right-3.5")}
            >
              <X aria-hidden />
            </Base.Close>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
