import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../lib/class-names.ts";
import type { ShowToast, ToastText } from "./toasts.tsx";

/** Whoever undoes something has to see first what it did. */
const UNDO_FOR_MS = 15_000;

/** A number is copied down by hand. */
const DETAIL_FOR_MS = 12_000;

const manager = Toast.createToastManager();

/** Where they appear. `onReady` is given what shows one. */
export function ToastList({ onReady }: { onReady: (show: ShowToast) => void }) {
  return (
    <Toast.Provider toastManager={manager} timeout={5_000}>
      <Toast.Portal>
        <Toast.Viewport className="fixed inset-x-3 bottom-20 z-50 flex flex-col gap-2 sm:right-5 sm:bottom-5 sm:left-auto sm:w-96">
          <Shown />
        </Toast.Viewport>
      </Toast.Portal>
      <Ready onReady={onReady} />
    </Toast.Provider>
  );
}

/** Its effect runs after the provider's, which listens by then. */
function Ready({ onReady }: { onReady: (show: ShowToast) => void }) {
  const { add, close } = Toast.useToastManager();
  useEffect(() => onReady((toast) => show(toast, { add, close })), [onReady, add, close]);
  return null;
}

type Manager = Pick<ReturnType<typeof Toast.useToastManager>, "add" | "close">;

function show({ undo, detail, ...told }: ToastText, { add, close }: Manager): void {
  const text = { ...told, ...(detail === undefined ? {} : { description: detail, timeout: DETAIL_FOR_MS }) };
  if (undo === undefined) {
    add(text);
    return;
  }
  const onClick = () => {
    close(id);
    undo.run();
  };
  const id = add({ ...text, timeout: UNDO_FOR_MS, actionProps: { children: undo.label, onClick } });
}

function Shown() {
  const { t } = useTranslation();
  const { toasts: shown } = Toast.useToastManager();
  return shown.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className={classNames(
        "rise flex items-center gap-3 rounded-lg bg-ink py-2 pr-2 pl-4 text-sm text-paper shadow-float",
        toast.type === "bad" && "bg-bad-fill text-on-brand",
      )}
    >
      <div className="min-w-0 flex-1">
        <Toast.Title className="font-medium" />
        <Toast.Description className="mt-0.5 font-mono text-xs [overflow-wrap:anywhere]" />
      </div>
      <Toast.Action className="shrink-0 rounded-md px-2 py-1 font-semibold underline underline-offset-2" />
      <Toast.Close aria-label={t("common.close")} className="flex size-8 items-center justify-center rounded-md">
        <X aria-hidden className="size-4" />
      </Toast.Close>
    </Toast.Root>
  ));
}
