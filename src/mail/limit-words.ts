/** What a mail says about limits that are nearly or wholly used, in both languages. */
import type { Locale } from "../kernel/locale.ts";
import { moneyWriter, type SecondCurrency } from "../kernel/money-text.ts";
import type { LimitReset } from "../kernel/windows.ts";
import { oneLine } from "./one-line.ts";
import { dayText, timeText } from "./time-text.ts";

/** How much of a limit has to be used for a notice, in percent. */
export const NOTICE_MARKS = [50, 80, 100] as const;
export type NoticeMark = (typeof NOTICE_MARKS)[number];

export interface LimitNotice {
  /** Whose limit it is; the name of the key is its description. */
  about: { scope: "key"; name: string } | { scope: "account" | "credit" | "instance" };
  reset: LimitReset | null;
  spentUsd: string;
  limitUsd: string;
  /** What was reached, or when the money ends at the present pace. */
  news: { mark: NoticeMark } | { endsAtMs: number };
  /** When the limit begins anew; null for never. */
  resetsAtMs: number | null;
}

export interface LimitWords {
  subject: string;
  lines: string[];
  button: string;
  after: string[];
}

/** A mail is for reading: what is beyond is on the page. */
const MOST_LINES = 20;

/** The notices of one mail, the most urgent first; at least one. */
export function limitWords(
  notices: readonly LimitNotice[],
  { locale, display }: { locale: Locale; display: SecondCurrency | null },
): LimitWords {
  const words = WORDS[locale];
  const [first, ...rest] = notices;
  if (first === undefined) throw new Error("a mail about limits names at least one");
  const money = moneyWriter(locale, display);
  const lines = notices.slice(0, MOST_LINES).map((notice) => lineOf(notice, { locale, money }));
  const unsaid = notices.length - lines.length;
  const subject = subjectOf(first, locale);
  return {
    subject: rest.length === 0 ? subject : words.andMore(subject, rest.length),
    lines: unsaid > 0 ? [...lines, words.moreOnPage(unsaid)] : lines,
    button: words.button,
    after: [words.after],
  };
}

function subjectOf(notice: LimitNotice, locale: Locale): string {
  const words = WORDS[locale];
  const { news } = notice;
  const whose = words.whose(notice);
  if ("endsAtMs" in news) return words.endsOn(whose, dayText(news.endsAtMs, locale));
  return news.mark === 100 ? capital(words.usedUp(whose)) : words.percentUsed(whose, news.mark);
}

function lineOf(notice: LimitNotice, { locale, money }: { locale: Locale; money(usd: string): string }): string {
  const words = WORDS[locale];
  const { news, resetsAtMs, about } = notice;
  const anew = resetsAtMs === null ? "" : words.anew(timeText(resetsAtMs, locale));
  const used = capital(words.used(words.whose(notice), money(notice.spentUsd), money(notice.limitUsd)));
  if ("endsAtMs" in news) return sentences(used, words.pace(timeText(news.endsAtMs, locale)), anew);
  if (news.mark < 100) return sentences(used, anew);
  const refused = resetsAtMs === null ? words.refused[about.scope] : words.refusedUntil(timeText(resetsAtMs, locale));
  return sentences(used, refused);
}

interface LocaleWords {
  whose(notice: LimitNotice): string;
  endsOn(whose: string, day: string): string;
  usedUp(whose: string): string;
  percentUsed(whose: string, percent: number): string;
  andMore(subject: string, others: number): string;
  used(whose: string, spent: string, limit: string): string;
  anew(time: string): string;
  pace(time: string): string;
  refusedUntil(time: string): string;
  /** Where nothing begins anew. */
  refused: Record<LimitNotice["about"]["scope"], string>;
  moreOnPage(others: number): string;
  button: string;
  after: string;
}

const WORDS: Record<Locale, LocaleWords> = {
  en: {
    whose: ({ about, reset }) => {
      const every = reset === null ? "" : `${reset} `;
      if (about.scope === "key") return `the ${every}limit of the key “${oneLine(about.name)}”`;
      if (about.scope === "credit") return "your credit";
      return about.scope === "account" ? `your account’s ${every}budget` : `the instance’s ${every}budget`;
    },
    endsOn: (whose, day) => `At this pace ${whose} ends on ${day}`,
    usedUp: (whose) => `${whose} is used up`,
    percentUsed: (whose, percent) => `${percent} % of ${whose} is used`,
    andMore: (subject, others) => `${subject}, and ${others} more`,
    used: (whose, spent, limit) => `${whose}: ${spent} of ${limit} is used.`,
    anew: (time) => `It begins anew on ${time}.`,
    pace: (time) => `At the present pace nothing is left on ${time}.`,
    refusedUntil: (time) => `Requests are refused until it begins anew on ${time}, or somebody raises it.`,
    refused: {
      key: "Requests are refused until its limit is raised.",
      account: "Requests are refused until the budget is raised.",
      instance: "Requests are refused until the budget is raised.",
      credit: "Requests are refused until credit is added.",
    },
    moreOnPage: (others) => `${others} more are on the page.`,
    button: "See budgets",
    after: "Each notice comes once for each window. On the Budgets page they can be switched off.",
  },
  id: {
    whose: ({ about, reset }) => {
      const every = reset === null ? "" : ` ${EVERY_ID[reset]}`;
      if (about.scope === "key") return `batas${every} kunci “${oneLine(about.name)}”`;
      if (about.scope === "credit") return "kredit Anda";
      return about.scope === "account" ? `anggaran${every} akun Anda` : `anggaran${every} instans`;
    },
    endsOn: (whose, day) => `Dengan laju ini ${whose} habis pada ${day}`,
    usedUp: (whose) => `${whose} sudah habis`,
    percentUsed: (whose, percent) => `${percent}% dari ${whose} sudah terpakai`,
    andMore: (subject, others) => `${subject}, dan ${others} lainnya`,
    used: (whose, spent, limit) => `${whose}: terpakai ${spent} dari ${limit}.`,
    anew: (time) => `Dimulai lagi pada ${time}.`,
    pace: (time) => `Dengan laju sekarang, sisanya habis pada ${time}.`,
    refusedUntil: (time) => `Permintaan ditolak sampai dimulai lagi pada ${time}, atau sampai batasnya dinaikkan.`,
    refused: {
      key: "Permintaan ditolak sampai batasnya dinaikkan.",
      account: "Permintaan ditolak sampai anggarannya dinaikkan.",
      instance: "Permintaan ditolak sampai anggarannya dinaikkan.",
      credit: "Permintaan ditolak sampai kreditnya ditambah.",
    },
    moreOnPage: (others) => `${others} lainnya ada di halaman itu.`,
    button: "Lihat anggaran",
    after: "Setiap pemberitahuan datang satu kali untuk tiap periode. Semuanya bisa dimatikan di halaman Anggaran.",
  },
};

const EVERY_ID = { daily: "harian", weekly: "mingguan", monthly: "bulanan" } as const;

function sentences(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
