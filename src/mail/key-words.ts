/** What a mail says of keys that end soon. */
import type { Locale } from "../kernel/locale.ts";
import { oneLine } from "./one-line.ts";
import { dayText, timeText } from "./time-text.ts";

export interface EndingKey {
  name: string;
  label: string;
  expiresAt: number;
}

const MOST_NAMED = 10;

export function endingWords(keys: readonly EndingKey[], locale: Locale) {
  const words = WORDS[locale];
  const named = keys.slice(0, MOST_NAMED);
  const left = keys.length - named.length;
  const [first] = named;
  const subject =
    keys.length === 1 && first
      ? words.one(oneLine(first.name), dayText(first.expiresAt, locale))
      : words.several(keys.length, dayText(first?.expiresAt ?? 0, locale));
  return {
    subject,
    lines: [
      ...named.map((key) => words.line(`“${oneLine(key.name)}” (${key.label})`, timeText(key.expiresAt, locale))),
      ...(left === 0 ? [] : [words.more(left)]),
      words.what,
    ],
    button: words.button,
    after: [words.after],
  };
}

const WORDS = {
  en: {
    one: (name: string, day: string) => `Your API key “${name}” ends on ${day}`,
    several: (count: number, day: string) => `${count} of your API keys end soon, the first on ${day}`,
    line: (key: string, time: string) => `${key} ends on ${time}.`,
    more: (count: number) => `${count} more are on the page.`,
    what: "From then on its programs are refused. Choose a later last day, or rotate the key and put the new secret in place before.",
    button: "Open API Keys",
    after: "You are told seven days and one day before a key ends. A key that is no longer needed needs nothing.",
  },
  id: {
    one: (name: string, day: string) => `API key Anda “${name}” berakhir pada ${day}`,
    several: (count: number, day: string) => `${count} API key Anda segera berakhir, yang pertama pada ${day}`,
    line: (key: string, time: string) => `${key} berakhir pada ${time}.`,
    more: (count: number) => `${count} lainnya ada di halaman itu.`,
    what: "Sejak saat itu program yang memakainya ditolak. Pilih hari terakhir yang lebih jauh, atau rotasi kuncinya dan pasang rahasia baru sebelum itu.",
    button: "Buka API Keys",
    after:
      "Anda diberi tahu tujuh hari dan satu hari sebelum sebuah kunci berakhir. Kunci yang tidak diperlukan lagi boleh dibiarkan.",
  },
} satisfies Record<Locale, object>;
