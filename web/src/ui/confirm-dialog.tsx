import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useTranslation } from "react-i18next";
import { Button, buttonStyle } from "./button.tsx";
import { FormError } from "./states.tsx";

interface ConfirmDialogProps {
  isOpen: boolean;
  title: string;
  text: string;
  confirmLabel: string;
  isDangerous?: boolean;
  isBusy: boolean;
  error?: unknown;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before something that cannot simply be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { t } = useTranslation();
  return (
    <AlertDialog.Root open={props.isOpen} onOpenChange={(open) => (open ? undefined : props.onCancel())}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop forceRender className="fade fixed inset-0 z-40 bg-shade" />
        <AlertDialog.Viewport className="fixed inset-0 z-50 flex overflow-y-auto p-3 sm:p-6">
          <AlertDialog.Popup className="rise m-auto w-full max-w-md rounded-card border border-line bg-surface p-5 shadow-float sm:p-6">
            <AlertDialog.Title className="text-xl font-bold">{props.title}</AlertDialog.Title>
            <AlertDialog.Description className="mt-2 text-muted">{props.text}</AlertDialog.Description>
            <div className="mt-4 empty:hidden">
              <FormError error={props.error} />
            </div>
            <div className="mt-5 flex flex-wrap justify-end gap-2">
              <AlertDialog.Close className={buttonStyle()}>{t("common.cancel")}</AlertDialog.Close>
              <Button look={props.isDangerous ? "danger" : "primary"} busy={props.isBusy} onClick={props.onConfirm}>
                {props.confirmLabel}
              </Button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
