import { expect, test } from "bun:test";
import { LOCALES } from "../kernel/locale.ts";
import { type MailMessage, renderMail } from "./templates.ts";

const limit = {
  about: { scope: "key", name: "Chatbot" },
  reset: "daily",
  spentUsd: "4.1",
  limitUsd: "5",
  news: { mark: 80 },
  resetsAtMs: Date.UTC(2027, 2, 8),
} as const;
const about = { name: "Siti", url: "http://localhost:8787/verify?token=abc" };
const ending = { name: "Bot", label: "gpr_Ab3dE5g7...x9Z", expiresAt: Date.UTC(2027, 2, 8, 23, 59) };
const messages: MailMessage[] = [
  { ...about, kind: "sign_up" },
  { ...about, kind: "test" },
  { ...about, kind: "already_registered" },
  { ...about, kind: "password_reset" },
  { ...about, kind: "password_changed" },
  { ...about, kind: "email_change" },
  { ...about, kind: "email_changed", newEmail: "baru@example.com" },
  { ...about, kind: "invitation", invitedBy: "Budi" },
  { ...about, kind: "key_frozen", keyName: "Bot", label: "gpr_Ab3dE5g7...x9Z", foundAt: null },
  { ...about, kind: "key_frozen", keyName: "Bot", label: "gpr_Ab3dE5g7...x9Z", foundAt: "https://example.com/a" },
  { ...about, kind: "keys_ending", keys: [ending] },
  { ...about, kind: "keys_ending", keys: Array.from({ length: 12 }, () => ending) },
  { ...about, kind: "limits", notices: [limit], display: null },
];

test("every mail exists in both languages, as text and as HTML, with its link and no blank left open", () => {
  for (const message of messages) {
    const [english, indonesian] = LOCALES.map((locale) => renderMail(message, locale));
    expect(english?.subject).not.toBe(indonesian?.subject);
    for (const mail of [english, indonesian]) {
      expect(mail?.text).toContain(message.url);
      expect(mail?.html).toContain(message.url);
      expect(`${mail?.subject}${mail?.text}`).not.toMatch(/undefined|\{\w+\}|null/);
    }
    expect(indonesian?.html).toContain('lang="id"');
  }
});

test("a name can neither add a header, nor a line, nor markup", () => {
  for (const locale of LOCALES) {
    const nasty = { ...about, name: 'Siti\r\nBcc: x@example.com\n\n<img src=x onerror="alert(1)">' };
    const mail = renderMail({ ...nasty, kind: "invitation", invitedBy: nasty.name }, locale);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.html).not.toContain("<img");
    expect(mail.text).not.toMatch(/^Bcc:/m);
    const keys = [{ ...ending, name: nasty.name }];
    const end = renderMail({ ...about, kind: "keys_ending", keys }, locale);
    expect([end.subject, end.html]).toEqual([expect.not.stringMatching(/[\r\n]/), expect.not.stringContaining("<img")]);
    const notices = [{ ...limit, about: { scope: "key", name: nasty.name } as const }];
    const notice = renderMail({ ...about, kind: "limits", notices, display: null }, locale);
    expect(notice.subject).not.toMatch(/[\r\n]/);
    expect(notice.html).not.toContain("<img");
    expect(notice.text).not.toMatch(/^Bcc:/m);
  }
});
