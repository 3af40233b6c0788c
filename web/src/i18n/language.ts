/** Which language the pages speak: the reader's choice, else the first that the browser asks for, else English. */
import i18next, { type i18n } from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import { LOCALES, type Locale } from "../../../src/kernel/locale.ts";
import { readStored, writeStored } from "../lib/storage.ts";
import { englishTexts } from "./en/texts.ts";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof englishTexts };
  }
}

const STORED_AS = "gapura.language";

/** The languages' own names: a reader who landed in the wrong one still finds the right one. */
export const LANGUAGE_NAMES: Record<Locale, string> = { en: "English", id: "Bahasa Indonesia" };

export function isLocale(text: unknown): text is Locale {
  return LOCALES.some((locale) => locale === text);
}

/** The first language of the list that there is. "in" is what Indonesian was called before 1989, and some still do. */
export function preferredLocale(stored: string | null, asked: readonly string[]): Locale {
  if (isLocale(stored)) return stored;
  const found = asked.map((tag) => tag.toLowerCase().split("-")[0]?.replace(/^in$/, "id")).find(isLocale);
  return found ?? "en";
}

/** Call once, before anything is drawn. */
export async function startLanguage(): Promise<i18n> {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  const locale = preferredLocale(readStored(STORED_AS), navigator.languages);
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: englishTexts } },
    interpolation: { escapeValue: false },
  });
  await show(locale);
  return i18next;
}

export async function chooseLanguage(locale: Locale): Promise<void> {
  writeStored(STORED_AS, locale);
  await show(locale);
}

/** English is what everything else falls back to, so it is there already. */
async function show(locale: Locale): Promise<void> {
  if (locale === "id" && !i18next.hasResourceBundle("id", "translation")) {
    const { indonesianTexts } = await import("./id/texts.ts");
    i18next.addResourceBundle("id", "translation", indonesianTexts);
  }
  await i18next.changeLanguage(locale);
}

/** The language that is shown now. */
export function useLocale(): Locale {
  const { i18n: current } = useTranslation();
  return isLocale(current.language) ? current.language : "en";
}
