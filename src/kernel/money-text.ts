/** Amounts of money as people read them, on pages and in mails. Dollars are never rounded, and nothing becomes a float. */
import { LANGUAGE_TAG, type Locale } from "./locale.ts";

/** An exact decimal number, as the API writes amounts. */
export function isNumeric(text: string): text is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/**
 * An exact decimal string of dollars, exactly: at least two decimals, and as many more as there are. Text that is no
 * decimal number comes back as it is.
 */
export function formatUsd(amount: string, locale: Locale): string {
  if (!isNumeric(amount)) return amount;
  return new Intl.NumberFormat(LANGUAGE_TAG[locale], {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: 2,
    maximumFractionDigits: 20,
  }).format(amount);
}

export interface SecondCurrency {
  /** Its three letters of ISO 4217. */
  currency: string;
  /** What one dollar is worth in it, as an exact decimal text. */
  rate: string;
}

/**
 * The same amount in a second currency, "≈ Rp 24.750": multiplied exactly, then shown to its cents, or to two digits
 * where it is less than that. Null for text that is no decimal number.
 */
export function formatConverted(amount: string, { currency, rate }: SecondCurrency, locale: Locale): string | null {
  if (!isNumeric(amount) || !isNumeric(rate)) return null;
  const converted = product(amount, rate);
  if (!isNumeric(converted)) return null;
  // With digits that matter only behind the cents, the cents would hide them.
  const digits = /^-?0\.0/.test(converted)
    ? { maximumSignificantDigits: 2 }
    : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const text = new Intl.NumberFormat(LANGUAGE_TAG[locale], {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    trailingZeroDisplay: "stripIfInteger",
    ...digits,
  }).format(converted);
  return `≈\u00a0${text}`;
}

/** How amounts stand in a sentence: in dollars, and in the second currency behind them, where there is one. */
export function moneyWriter(locale: Locale, display: SecondCurrency | null): (usd: string) => string {
  return (usd) => {
    const second = display === null ? null : formatConverted(usd, display, locale);
    return second === null ? formatUsd(usd, locale) : `${formatUsd(usd, locale)} (${second})`;
  };
}

/** The exact product of two decimal texts, as such a text. */
function product(one: string, other: string): string {
  const places = [one, other].reduce((sum, text) => sum + (text.split(".")[1]?.length ?? 0), 0);
  const value = BigInt(one.replace(".", "")) * BigInt(other.replace(".", ""));
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return value < 0n ? `-${text}` : text;
}
