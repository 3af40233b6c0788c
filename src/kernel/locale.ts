/** The two languages of everything that a person reads. */
export const LOCALES = ["en", "id"] as const;
export type Locale = (typeof LOCALES)[number];

/** A text for people, in every language. */
export type Bilingual = Readonly<Record<Locale, string>>;

/** What `Intl` calls each of them. */
export const LANGUAGE_TAG: Record<Locale, string> = { en: "en", id: "id-ID" };
