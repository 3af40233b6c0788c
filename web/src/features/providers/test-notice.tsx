import { useTranslation } from "react-i18next";
import type { TestResult } from "../../../../src/contract/schemas/provider-keys.ts";
import { Notice } from "../../ui/notice.tsx";

const TONES = { works: "good", refused: "bad", forbidden: "bad", unreachable: "bad", unknown: "info" } as const;

/** How a test went: in the reader's language, with the server's own words for what is wrong. */
export function TestNotice({ result }: { result: TestResult }) {
  const { t, i18n } = useTranslation();
  const texts = {
    works: t("providers.testWorks", { count: result.models ?? 0 }),
    refused: t("providers.testRefused"),
    forbidden: t("providers.testForbidden"),
    unreachable: t("providers.testUnreachable"),
    unknown: t("providers.testUnknown"),
  };
  const showsWords = result.note !== null && result.result !== "refused" && result.result !== "unknown";
  const setting = result.result === "forbidden" ? settingIn(result.note ?? "") : undefined;
  return (
    <Notice tone={TONES[result.result]} title={texts[result.result]}>
      {setting ? (
        <p className="mt-1 [overflow-wrap:anywhere]">
          {t("providers.testForbiddenHow")} <code className="font-mono text-xs">{setting}</code>
        </p>
      ) : null}
      {showsWords && !setting ? (
        <p lang={i18n.language === "en" ? undefined : "en"} className="mt-1 [overflow-wrap:anywhere]">
          {result.note}
        </p>
      ) : null}
    </Notice>
  );
}

/** The setting that would let the gateway go there, as the server's words end with it; undefined where there is none. */
function settingIn(note: string): string | undefined {
  return /ALLOW_PRIVATE_UPSTREAM=\S+?(?=\.?$)/.exec(note)?.[0];
}
