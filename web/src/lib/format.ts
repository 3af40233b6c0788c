/** Numbers, prices and times in the reader's language; amounts of money are in `kernel/money-text.ts`. */
import { LANGUAGE_TAG, type Locale } from "../../../src/kernel/locale.ts";
import { parseUsd } from "../../../src/kernel/money.ts";
import { isNumeric } from "../../../src/kernel/money-text.ts";

/** The sum of exact decimal strings of dollars, exactly, as such a string. */
export function sumUsd(amounts: readonly string[]): string {
  const nano = amounts.reduce((sum, amount) => {
    const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
    const value = BigInt(whole + fraction.slice(0, 9).padEnd(9, "0"));
    return amount.startsWith("-") ? sum - value : sum + value;
  }, 0n);
  const digits = (nano < 0n ? -nano : nano).toString().padStart(10, "0");
  const text = `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, "");
  return nano < 0n ? `-${text}` : text;
}

/** A part of a whole, both exact decimal strings of dollars, for the length of a bar. Of nothing, everything is all. */
export function shareOfUsd(part: string, whole: string): number {
  const [used = 0n, all = 0n] = [part, whole].map((amount) => parseUsd(amount) ?? 0n);
  if (all <= 0n) return 1;
  return Number((used * 10_000n) / all) / 10_000;
}

/** Whether an exact decimal text is more than nothing. */
export function isAboveZero(amount: string): boolean {
  return /^[0.]*[1-9]/.test(amount);
}

/** A price per token as one per million tokens, by moving the point: "0.00000015" is "0.15". Null when unknown ("-1"). */
export function pricePerMillion(perToken: string): string | null {
  if (!isNumeric(perToken) || perToken.startsWith("-")) return null;
  const [whole = "0", fraction = ""] = perToken.split(".");
  const digits = whole + fraction.padEnd(6, "0");
  const point = whole.length + 6;
  const moved = `${digits.slice(0, point)}.${digits.slice(point)}`;
  return moved.replace(/^0+(?=\d)/, "").replace(/\.?0*$/, "");
}

export function formatCount(count: number, locale: Locale): string {
  return new Intl.NumberFormat(LANGUAGE_TAG[locale]).format(count);
}

/** 128000 as "128K", for narrow places; the exact number belongs into a title. */
export function formatCompact(count: number, locale: Locale): string {
  return new Intl.NumberFormat(LANGUAGE_TAG[locale], { notation: "compact", maximumFractionDigits: 1 }).format(count);
}

/** Between 0 and 1. */
export function formatShare(share: number, locale: Locale): string {
  return new Intl.NumberFormat(LANGUAGE_TAG[locale], { style: "percent", maximumFractionDigits: 1 }).format(share);
}

export function formatDateTime(timeMs: number, locale: Locale): string {
  return new Intl.DateTimeFormat(LANGUAGE_TAG[locale], { dateStyle: "medium", timeStyle: "medium" }).format(timeMs);
}

export function formatDate(timeMs: number, locale: Locale): string {
  return new Intl.DateTimeFormat(LANGUAGE_TAG[locale], { dateStyle: "medium" }).format(timeMs);
}

/** The day of a time in UTC, with its year. */
export function formatUtcDate(timeMs: number, locale: Locale): string {
  return new Intl.DateTimeFormat(LANGUAGE_TAG[locale], { dateStyle: "medium", timeZone: "UTC" }).format(timeMs);
}

/** A day as the API writes it (YYYY-MM-DD, UTC) as "Mar 7": a day has no time zone to be moved into. */
export function formatDay(day: string, locale: Locale): string {
  const options = { month: "short", day: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(LANGUAGE_TAG[locale], options).format(new Date(`${day}T00:00:00Z`));
}

const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
] as const;

/** "3 minutes ago"; "now" within five seconds either way. */
export function formatAgo(timeMs: number, nowMs: number, locale: Locale): string {
  const format = new Intl.RelativeTimeFormat(LANGUAGE_TAG[locale], { numeric: "auto" });
  let amount = (timeMs - nowMs) / 1000;
  if (Math.abs(amount) < 5) return format.format(0, "second");
  for (const [unit, size] of STEPS) {
    if (Math.abs(Math.round(amount)) < size) return format.format(Math.round(amount), unit);
    amount /= size;
  }
  return format.format(Math.round(amount), "year");
}

/** "320 ms" below a second, "1.24 s" from there. */
export function formatDuration(durationMs: number, locale: Locale): string {
  const inSeconds = durationMs >= 1000;
  return new Intl.NumberFormat(LANGUAGE_TAG[locale], {
    style: "unit",
    unit: inSeconds ? "second" : "millisecond",
    unitDisplay: "short",
    maximumFractionDigits: inSeconds ? 2 : 0,
  }).format(inSeconds ? durationMs / 1000 : durationMs);
}
