import { useTranslation } from "react-i18next";
import type { Alert } from "../../../../src/contract/schemas/alerts.ts";
import { alertWords } from "../../../../src/kernel/alerts/words.ts";
import type { AlertWords } from "../../../../src/kernel/alerts/words-parts.ts";
import { useLocale } from "../../i18n/language.ts";
import { useMoneyText } from "../instance/money.tsx";

/** The sentences of an alert, the same as in its mail, in the reader's language. */
export function useAlertWords({ facts, key }: Pick<Alert, "facts" | "key">): AlertWords {
  const { t } = useTranslation();
  const locale = useLocale();
  const money = useMoneyText();
  const isAboutAccount = facts.kind === "new_device" || (facts.kind === "limits_changed" && facts.by === "owner");
  const keyName = isAboutAccount ? null : (key?.name ?? t("alerts.keyGone"));
  return alertWords({ facts, keyName }, { locale, money });
}

/** What somebody else did is noted: nobody is asked whether it was them, and nothing is learned from it. */
export function isOfOthers({ kind }: Alert["facts"]): boolean {
  return kind === "limits_changed" || kind === "leak_report";
}
