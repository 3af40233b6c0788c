/** Days and times as mails say them: UTC's, like windows and the last days of keys. */
import { LANGUAGE_TAG, type Locale } from "../kernel/locale.ts";

export function dayText(timeMs: number, locale: Locale): string {
  return new Intl.DateTimeFormat(LANGUAGE_TAG[locale], { dateStyle: "long", timeZone: "UTC" }).format(timeMs);
}

export function timeText(timeMs: number, locale: Locale): string {
  const options = { dateStyle: "long", timeStyle: "short", hourCycle: "h23", timeZone: "UTC" } as const;
  return `${new Intl.DateTimeFormat(LANGUAGE_TAG[locale], options).format(timeMs)} UTC`;
}
