/** Limits of keys as people type and read them. The server decides; this only spares a round trip. */

import type { TFunction } from "i18next";
import type { Locale } from "../../../../src/kernel/locale.ts";
import { formatUsd } from "../../../../src/kernel/money-text.ts";
import { LIMIT_RESETS, type LimitReset } from "../../../../src/kernel/windows.ts";
import { isAmount, readAmount } from "../../lib/amount-entry.ts";
import { textOf } from "../account/entries.ts";

export interface LimitEntry {
  /** Dollars as an exact decimal text; null for no limit. */
  limitUsd: string | null;
  limitReset: LimitReset | null;
}

/** What the limit fields of a form hold. */
export function readLimit(form: FormData): LimitEntry {
  const reset = LIMIT_RESETS.find((known) => known === textOf(form, "limitReset"));
  return { limitUsd: readAmount(form, "limitUsd"), limitReset: reset ?? null };
}

export const CAPS = ["rpm", "tpm", "parallel"] as const;
export type Caps = Record<(typeof CAPS)[number], number | null>;

/** The caps of a form, and those that are no whole number above zero. */
export function readCaps(form: FormData, t: TFunction): { caps: Caps; problems: { [Cap in keyof Caps]?: string } } {
  const caps: Caps = { rpm: null, tpm: null, parallel: null };
  const problems: { [Cap in keyof Caps]?: string } = {};
  for (const cap of CAPS) {
    const text = textOf(form, cap).trim();
    if (text === "") continue;
    if (/^[1-9]\d{0,8}$/.test(text)) caps[cap] = Number(text);
    else problems[cap] = t("keys.capInvalid");
  }
  return { caps, problems };
}

/** The last second of the day that a form names, UTC; null for none. A day that was not changed keeps its time. */
export function readExpiry(form: FormData, before: number | null = null): number | null {
  const day = textOf(form, "expiresAt");
  if (day === "") return null;
  return before !== null && day === dayText(before) ? before : Date.parse(`${day}T23:59:59Z`);
}

/** A time's UTC day, as a date field holds it. */
export function dayText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** What is wrong with an amount; undefined when nothing is. */
export function limitProblem({ limitUsd }: LimitEntry, t: TFunction): string | undefined {
  return limitUsd === null || isAmount(limitUsd) ? undefined : t("keys.limitInvalid");
}

const AMOUNT_IN = {
  daily: "keys.amount_daily",
  weekly: "keys.amount_weekly",
  monthly: "keys.amount_monthly",
} as const;

/** "$5.00 a day", or "$5.00" for a limit that never begins anew. */
export function limitText(limit: { limitUsd: string; limitReset: LimitReset | null }, t: TFunction, locale: Locale) {
  const amount = formatUsd(limit.limitUsd, locale);
  return limit.limitReset === null ? amount : t(AMOUNT_IN[limit.limitReset], { amount });
}

/** The host of an app, for people; null for a program to which a person carried the code. */
export function appHost(origin: string): string | null {
  return URL.canParse(origin) && /^https?:/.test(origin) ? new URL(origin).host : null;
}
