import { useTranslation } from "react-i18next";
import type { AccountCaps } from "../../../../src/contract/schemas/budgets.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount } from "../../lib/format.ts";
import { CAPS } from "../keys/limits.ts";

/** How fast all keys of an account together may call; nothing where nothing bounds it. */
export function CapsText({ caps, className }: { caps: AccountCaps; className?: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const set = CAPS.flatMap((cap) => {
    const count = caps[cap];
    return count === null ? [] : t(`budgets.cap_${cap}`, { count, amount: formatCount(count, locale) });
  });
  if (set.length === 0) return null;
  return <p className={className}>{t("budgets.capsText", { caps: set.join(" · ") })}</p>;
}
