import { Dialog } from "@base-ui/react/dialog";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { PaletteSearch } from "./palette-search.tsx";
import { useActions } from "./use-actions.ts";
import { usePages } from "./use-pages.ts";

/** The dialog of the command palette. It stays in place when closed: what was started from it ends in here. */
export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const groups = [
    { label: t("palette.pages"), entries: usePages() },
    { label: t("palette.actions"), entries: useActions() },
  ];
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fade fixed inset-0 z-40 bg-shade" />
        <Dialog.Popup
          initialFocus={field}
          className="rise fixed inset-x-3 top-3 z-50 mx-auto flex max-h-[min(32rem,calc(100dvh-1.5rem))] max-w-xl flex-col overflow-hidden rounded-card border border-line bg-surface shadow-float sm:top-[12dvh] sm:max-h-[min(32rem,76dvh)]"
        >
          <Dialog.Title className="sr-only">{t("palette.title")}</Dialog.Title>
          <PaletteSearch groups={groups} field={field} onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
