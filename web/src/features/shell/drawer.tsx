import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { buttonStyle } from "../../ui/button.tsx";
import type { OpenedMenuProps } from "../../ui/later-menu.tsx";
import { Logo } from "../../ui/logo.tsx";
import { NavigationList } from "./navigation-list.tsx";

/** The whole menu of a phone. */
export function Drawer({ trigger, startsOpen }: OpenedMenuProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(startsOpen);
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger render={trigger} />
      <Dialog.Portal>
        <Dialog.Backdrop className="fade fixed inset-0 z-40 bg-shade" />
        <Dialog.Popup className="slide fixed inset-y-0 left-0 z-50 flex w-72 max-w-[85vw] flex-col gap-6 overflow-y-auto bg-surface p-4 shadow-float">
          <div className="flex items-center justify-between">
            <Dialog.Title render={<p />}>
              <Logo />
            </Dialog.Title>
            <Dialog.Close aria-label={t("common.close")} className={buttonStyle({ look: "quiet", size: "icon" })}>
              <X aria-hidden />
            </Dialog.Close>
          </div>
          <NavigationList onNavigate={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
