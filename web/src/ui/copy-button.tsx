import { Check, Copy } from "lucide-react";
import { type ComponentProps, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { toasts } from "./toasts.tsx";

const CONFIRMED_FOR_MS = 2_000;

interface CopyButtonProps extends Omit<ComponentProps<typeof Button>, "children"> {
  text: string;
  /** What it says; without it only the picture is shown and `aria-label` is needed. */
  label?: string;
  onCopied?: () => void;
}

/** Puts a text on the clipboard and says so. Without a clipboard (plain http elsewhere) it says that, too. */
export function CopyButton({ text, label, onCopied, ...rest }: CopyButtonProps) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), CONFIRMED_FOR_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      onCopied?.();
    } catch {
      toasts.add({ title: t("common.copyFailed"), type: "bad" });
    }
  }

  return (
    <Button {...rest} onClick={() => void copy()}>
      {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
      {label === undefined ? null : isCopied ? t("common.copied") : label}
      <span role="status" className="sr-only">
        {isCopied && label === undefined ? t("common.copied") : ""}
      </span>
    </Button>
  );
}
