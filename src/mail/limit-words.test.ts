import { expect, test } from "bun:test";
import { type LimitNotice, limitWords } from "./limit-words.ts";

const notice = (changes: Partial<LimitNotice> = {}): LimitNotice => ({
  about: { scope: "key", name: "Chatbot" },
  reset: "daily",
  spentUsd: "4.1",
  limitUsd: "5",
  news: { mark: 80 },
  resetsAtMs: Date.UTC(2027, 2, 8),
  ...changes,
});
const say = (notices: LimitNotice[], locale: "en" | "id" = "en", rate?: string) => {
  const display = rate === undefined ? null : { currency: "IDR", rate };
  const { subject, lines } = limitWords(notices, { locale, display });
  return [subject, ...lines].map((text) => text.replaceAll("\u00a0", " "));
};

test("a notice says whose limit it is, what is used of what, and when it begins anew", () => {
  expect(say([notice()])).toEqual([
    "80 % of the daily limit of the key “Chatbot” is used",
    "The daily limit of the key “Chatbot”: $4.10 of $5.00 is used. It begins anew on March 8, 2027 at 00:00 UTC.",
  ]);
  expect(say([notice()], "id", "16500")).toEqual([
    "80% dari batas harian kunci “Chatbot” sudah terpakai",
    "Batas harian kunci “Chatbot”: terpakai US$4,10 (≈ Rp 67.650) dari US$5,00 (≈ Rp 82.500). Dimulai lagi pada 8 Maret 2027 pukul 00.00 UTC.",
  ]);
});

test("what is used up says that requests are refused, and what ends that", () => {
  const [subject, line] = say([notice({ news: { mark: 100 } })]);
  expect(subject).toBe("The daily limit of the key “Chatbot” is used up");
  expect(line).toContain("Requests are refused until it begins anew on March 8, 2027 at 00:00 UTC");
  const credit = notice({ about: { scope: "credit" }, reset: null, resetsAtMs: null, news: { mark: 100 } });
  expect(say([credit])[1]).toEndWith("Requests are refused until credit is added.");
  expect(say([credit], "id")[0]).toBe("Kredit Anda sudah habis");
});

test("a forecast says when the money ends at the present pace", () => {
  const news = { endsAtMs: Date.UTC(2027, 2, 20, 5) };
  const [subject, line] = say([notice({ about: { scope: "instance" }, reset: "monthly", news })]);
  expect(subject).toBe("At this pace the instance’s monthly budget ends on March 20, 2027");
  expect(line).toContain("nothing is left on March 20, 2027 at 05:00 UTC");
});

test("many notices are one mail of a length that can be read", () => {
  const [subject, ...lines] = say(Array.from({ length: 30 }, () => notice()));
  expect(subject).toEndWith(", and 29 more");
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe("10 more are on the page.");
});
