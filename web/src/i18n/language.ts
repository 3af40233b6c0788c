/**
 * Which language the pages speak: the reader's choice, else the first that the browser asks for, else English.
 *
 * A language comes in two parts, and nobody loads another's: what the first pages say is there before anything is drawn,
 * all the rest before the first page that needs it (`withAllTexts`, which the router waits for). What belongs to which is
 * held by `start-texts.test.ts`.
 */
import i18next, { type i18n } from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import { LOCALES, type Locale } from "../../../src/kernel/locale.ts";
import { readStored, writeStored } from "../lib/storage.ts";
import type { englishTexts } from "./en/texts.ts";

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

type Part = "start" | "rest";

const LOADERS: Record<Locale, Record<Part, () => Promise<object>>> = {
  en: {
    start: async () => (await import("./en/start.ts")).englishStart,
    rest: async () => (await import("./en/rest.ts")).englishRest,
  },
  id: {
    start: async () => (await import("./id/start.ts")).indonesianStart,
    rest: async () => (await import("./id/rest.ts")).indonesianRest,
  },
};

const wanted = new Set<Part>(["start"]);
const loaded = new Set<string>();

/** Call once, before anything is drawn. */
export async function startLanguage(): Promise<i18n> {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  const locale = preferredLocale(readStored(STORED_AS), navigator.languages);
  await i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
  });
  await show(locale);
  return i18next;
}

export async function chooseLanguage(locale: Locale): Promise<void> {
  writeStored(STORED_AS, locale);
  await show(locale);
}

/** Everything that any page says, in the language that is shown. */
async function loadAllTexts(): Promise<void> {
  wanted.add("rest");
  await load(isLocale(i18next.language) ? i18next.language : "en");
}

/** What is loaded says more than the first pages do: its texts come with it. */
export function withAllTexts<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return async () => (await Promise.all([load(), loadAllTexts()]))[0];
}

async function load(locale: Locale): Promise<void> {
  const missing = [...wanted].filter((part) => !loaded.has(`${locale}.${part}`));
  await Promise.all(
    missing.map(async (part) => {
      i18next.addResourceBundle(locale, "translation", await LOADERS[locale][part](), true);
      loaded.add(`${locale}.${part}`);
    }),
  );
}

async function show(locale: Locale): Promise<void> {
  await load(locale);
  await i18next.changeLanguage(locale);
}

/** The language that is shown now. */
export function useLocale(): Locale {
  const { i18n: current } = useTranslation();
  return isLocale(current.language) ? current.language : "en";
}
