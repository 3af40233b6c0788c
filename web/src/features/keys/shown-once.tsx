import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Notice } from "../../ui/notice.tsx";

interface SecretProps {
  name: string;
  secret: string;
  onCopied: () => void;
}

/** A whole key, which nobody will see again. */
export function SecretShownOnce({ name, secret, onCopied }: SecretProps) {
  const { t } = useTranslation();
  return (
    <>
      <Notice tone="warn" title={t("keys.createdWarningTitle")}>
        {t("keys.createdWarning")}
      </Notice>
      <div>
        <p className="mb-1.5 text-sm font-semibold break-words">{name}</p>
        <div className="flex flex-wrap items-center gap-3 rounded-lg border-2 border-brand bg-brand-soft p-3">
          <code className="min-w-0 flex-1 basis-64 font-mono text-sm font-semibold break-all select-all">{secret}</code>
          <CopyButton text={secret} label={t("keys.copyKey")} look="primary" onCopied={onCopied} />
        </div>
      </div>
    </>
  );
}

/** Asks once more before a dialog with a key that was not copied closes. */
export function useCopiedGuard(hasSecret: boolean, onClose: () => void) {
  const [isCopied, setCopied] = useState(false);
  const [asksToClose, setAsksToClose] = useState(false);
  const close = (): void => {
    if (hasSecret && !isCopied && !asksToClose) {
      setAsksToClose(true);
      return;
    }
    onClose();
    setCopied(false);
    setAsksToClose(false);
  };
  return { close, asks: asksToClose && !isCopied, onCopied: () => setCopied(true), stay: () => setAsksToClose(false) };
}

/** The end of such a dialog. */
export function ShownOnceButtons({ asks, close, stay }: Omit<ReturnType<typeof useCopiedGuard>, "onCopied">) {
  const { t } = useTranslation();
  return (
    <div className="mt-6 flex flex-wrap items-center justify-end gap-2">
      {asks ? (
        <>
          <p role="alert" className="mr-auto text-sm font-semibold text-bad">
            {t("keys.doneUncopied")}
          </p>
          <Button onClick={stay}>{t("keys.keepOpen")}</Button>
          <Button look="danger" onClick={close}>
            {t("keys.closeAnyway")}
          </Button>
        </>
      ) : (
        <Button look="primary" onClick={close}>
          {t("keys.done")}
        </Button>
      )}
    </div>
  );
}
