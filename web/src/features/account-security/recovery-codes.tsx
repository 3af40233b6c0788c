import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { CheckField } from "../../ui/check-field.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Notice } from "../../ui/notice.tsx";

/** Shown once. Goes on only when they are kept, because nobody can show them again. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const [isKept, setKept] = useState(false);
  const text = `${codes.join("\n")}\n`;
  return (
    <div className="space-y-4">
      <Notice tone="warn">{t("accountPage.codesText")}</Notice>
      <ul
        aria-label={t("accountPage.codesTitle")}
        className="grid grid-cols-1 gap-x-6 gap-y-1.5 rounded-lg border border-line bg-sunken p-4 font-mono text-sm sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={text} label={t("accountPage.copyCodes")} />
        <Button onClick={() => download(text)}>
          <Download aria-hidden />
          {t("accountPage.downloadCodes")}
        </Button>
      </div>
      <CheckField
        label={t("accountPage.codesKept")}
        checked={isKept}
        onChange={(event) => setKept(event.target.checked)}
      />
      <Button look="primary" className="w-full" disabled={!isKept} onClick={onDone}>
        {t("accountPage.done")}
      </Button>
    </div>
  );
}

function download(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "gapura-recovery-codes.txt";
  link.click();
  URL.revokeObjectURL(address);
}
