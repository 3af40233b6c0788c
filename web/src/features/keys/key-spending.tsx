import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { formatUsd } from "../../../../src/kernel/money-text.ts";
import { useLocale } from "../../i18n/language.ts";
import { classNames } from "../../lib/class-names.ts";
import { formatAgo, formatDateTime, shareOfUsd } from "../../lib/format.ts";
import { Meter } from "../../ui/meter.tsx";
import { Money, useMoneyText } from "../instance/money.tsx";
import { limitText } from "./limits.ts";

/** What a key has spent; for one with a limit, how much of it is used, what is left and when it begins anew. */
export function KeySpending({ apiKey, isWide = false }: { apiKey: ApiKeyRow; isWide?: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const money = useMoneyText();
  const { spentUsd, limitUsd, limitReset, remainingUsd, windowSpentUsd, heldUsd, resetsAt } = apiKey;
  if (limitUsd === null || remainingUsd === null || windowSpentUsd === null) {
    return (
      <span
        className={classNames(
          "tabular-nums",
          isWide ? "text-2xl font-bold" : "inline-block max-md:text-right md:min-w-30",
        )}
      >
        <Money usd={spentUsd} />
      </span>
    );
  }

  const spent = t("keys.spentOf", {
    spent: formatUsd(windowSpentUsd, locale),
    limit: limitText({ limitUsd, limitReset }, t, locale),
  });
  const left = t("keys.left", { left: money(remainingUsd) });
  return (
    <div
      className={classNames(
        "min-w-0 space-y-1 text-left tabular-nums",
        !isWide && "max-md:max-w-60 max-md:flex-1 md:w-36 xl:w-44",
      )}
    >
      <p className="[overflow-wrap:anywhere]">{spent}</p>
      <Meter
        label={t("keys.spentBar", { name: apiKey.name })}
        text={`${spent}, ${left}`}
        used={shareOfUsd(windowSpentUsd, limitUsd)}
        held={shareOfUsd(heldUsd ?? "0", limitUsd)}
      />
      <p className="text-xs text-muted [overflow-wrap:anywhere]">
        {left}
        {heldUsd === null || heldUsd === "0" ? null : ` · ${t("keys.held", { held: formatUsd(heldUsd, locale) })}`}
        {resetsAt === null ? null : (
          <span title={formatDateTime(resetsAt, locale)}>
            {" "}
            · {t("keys.anew", { when: formatAgo(resetsAt, Date.now(), locale) })}
          </span>
        )}
      </p>
    </div>
  );
}
