/**
 * The sentences of an alert, in both languages, made from its parts: one source for mails, messages and the dashboard, so
 * that none says something else than another. Nothing of it is stored.
 */
import { LANGUAGE_TAG, type Locale } from "../locale.ts";
import type { Evidence } from "./facts.ts";
import { englishWords } from "./words-en.ts";
import { indonesianWords } from "./words-id.ts";
import type { AlertLine, AlertSubject, AlertWords, LanguageWords, Writing } from "./words-parts.ts";

const WORDS: Record<Locale, LanguageWords> = { en: englishWords, id: indonesianWords };

export function alertWords(
  subject: AlertSubject,
  { locale, money }: { locale: Locale; money: Writing["money"] },
): AlertWords {
  const words = WORDS[locale];
  const { facts } = subject;
  const number = new Intl.NumberFormat(LANGUAGE_TAG[locale]);
  const percent = new Intl.NumberFormat(LANGUAGE_TAG[locale], { style: "percent" });
  const writing: Writing = { money, count: (value) => number.format(value), share: (value) => percent.format(value) };
  const lines =
    facts.kind === "unusual_use"
      ? [
          ...words.facts(facts, writing),
          ...[...facts.evidence].sort(byPoints).map((each) => words.evidence(each, writing)),
        ]
      : facts.kind === "limits_changed"
        ? facts.changes.map((change) => words.limit(change, writing))
        : words.facts(facts, writing);
  return { title: words.title(subject), lines, advice: words.advice(facts) };
}

function byPoints(one: Evidence, other: Evidence): number {
  return other.points - one.points;
}

/** One line as a sentence, for mails and messages. */
export function lineText({ what, now, usual }: AlertLine, locale: Locale): string {
  return usual === "" ? `${what}: ${now}.` : `${what}: ${now}. ${WORDS[locale].usually(usual)}`;
}
