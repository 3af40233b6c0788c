import { formatConverted, formatUsd } from "../../../../src/kernel/money-text.ts";
import { useLocale } from "../../i18n/language.ts";
import { useInstance } from "./instance.ts";

interface MoneyText {
  dollars: string;
  /** The same in the currency that the operator has set beside the dollar; null without one. */
  second: string | null;
}

/** Reads an exact decimal text of dollars, for people. */
function useMoney(): (usd: string) => MoneyText {
  const locale = useLocale();
  const { display } = useInstance();
  return (usd) => ({
    dollars: formatUsd(usd, locale),
    second: display === null ? null : formatConverted(usd, display, locale),
  });
}

/** An amount within a sentence: "$1.50", or "US$ 1,50 (≈ Rp 24.750)". */
export function useMoneyText(): (usd: string) => string {
  const read = useMoney();
  return (usd) => {
    const { dollars, second } = read(usd);
    return second === null ? dollars : `${dollars} (${second})`;
  };
}

/** An amount that stands alone, with the second currency under it. A number is never broken: half of it reads as another. */
export function Money({ usd }: { usd: string }) {
  const { dollars, second } = useMoney()(usd);
  return (
    <span className="inline-block whitespace-nowrap">
      {dollars}
      {second === null ? null : <span className="block text-xs font-normal tracking-normal text-muted">{second}</span>}
    </span>
  );
}
