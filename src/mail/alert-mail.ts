/** What a mail about an alert says. Its button leads to the page with the answers; nothing happens before that. */
import { alertWords, lineText } from "../kernel/alerts/words.ts";
import type { AlertSubject } from "../kernel/alerts/words-parts.ts";
import type { Locale } from "../kernel/locale.ts";
import { moneyWriter, type SecondCurrency } from "../kernel/money-text.ts";
import { oneLine } from "./one-line.ts";
import type { Words } from "./templates.ts";

const AROUND: Record<Locale, { button: string; after: string }> = {
  en: {
    button: "Look at it and answer",
    after:
      "There you can say that it was you, freeze the key, replace it, or lower its limit. Opening the link changes nothing.",
  },
  id: {
    button: "Lihat dan jawab",
    after:
      "Di sana Anda bisa mengatakan bahwa itu Anda, membekukan kunci, menggantinya, atau menurunkan batasnya. Membuka tautan ini tidak mengubah apa pun.",
  },
};

export function alertMail(
  { facts, keyName }: AlertSubject,
  { locale, display }: { locale: Locale; display: SecondCurrency | null },
): Words {
  const subject = { facts, keyName: keyName === null ? null : oneLine(keyName) };
  const { title, lines, advice } = alertWords(subject, { locale, money: moneyWriter(locale, display) });
  const { button, after } = AROUND[locale];
  return {
    subject: title,
    lines: [`${title}.`, ...lines.map((line) => oneLine(lineText(line, locale))), advice],
    button,
    after: [after],
  };
}
