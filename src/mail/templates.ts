/** Every mail, in both languages, as text and as HTML from the same words. */
import type { AlertSubject } from "../kernel/alerts/words-parts.ts";
import type { Locale } from "../kernel/locale.ts";
import type { SecondCurrency } from "../kernel/money-text.ts";
import { alertMail } from "./alert-mail.ts";
import { type EndingKey, endingWords } from "./key-words.ts";
import { type LimitNotice, limitWords } from "./limit-words.ts";
import { oneLine } from "./one-line.ts";
import { type SignInChange, signInWords } from "./sign-in-words.ts";
import { type TeamMail, teamWords } from "./team-words.ts";

export type MailMessage = { name: string; url: string } & (
  | { kind: "sign_up" }
  | { kind: "test" }
  | { kind: "already_registered" }
  | { kind: "password_reset" }
  | { kind: "password_changed" }
  | { kind: "email_change" }
  | { kind: "email_changed"; newEmail: string }
  | { kind: "sign_in_changed"; change: SignInChange }
  | { kind: "invitation"; invitedBy: string }
  | TeamMail
  | { kind: "key_frozen"; keyName: string; label: string; foundAt: string | null }
  | { kind: "keys_ending"; keys: readonly EndingKey[] }
  | { kind: "alert"; alert: AlertSubject; display: SecondCurrency | null }
  | { kind: "limits"; notices: readonly LimitNotice[]; display: SecondCurrency | null }
);

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

export interface Words {
  subject: string;
  lines: string[];
  button: string;
  after: string[];
}

const GREETING: Record<Locale, (name: string) => string> = {
  en: (name) => (name === "" ? "Hello," : `Hello ${name},`),
  id: (name) => (name === "" ? "Halo," : `Halo ${name},`),
};
const CLOSING: Record<Locale, string> = {
  en: "This mail was sent by your Gapura instance. Nobody will ever ask you for your password or an API key by mail.",
  id: "Surel ini dikirim oleh instans Gapura Anda. Tidak ada yang akan meminta kata sandi atau API Key Anda lewat surel.",
};

/** Subject, text and HTML. Names and addresses are escaped in the HTML and stripped of line breaks in the subject. */
export function renderMail(message: MailMessage, locale: Locale): RenderedMail {
  const words = wordsOf(message, locale);
  const greeting = GREETING[locale](oneLine(message.name));
  const paragraphs = [greeting, ...words.lines, "", message.url, "", ...words.after, CLOSING[locale]];
  return {
    subject: oneLine(words.subject),
    text: `${paragraphs.join("\n\n").replace(/\n{3,}/g, "\n\n")}\n`,
    html: page(locale, { greeting, words, url: message.url }),
  };
}

function wordsOf(message: MailMessage, locale: Locale): Words {
  switch (message.kind) {
    case "sign_up":
      return SIGN_UP[locale];
    case "test":
      return TEST[locale];
    case "already_registered":
      return ALREADY_REGISTERED[locale];
    case "password_reset":
      return PASSWORD_RESET[locale];
    case "password_changed":
      return PASSWORD_CHANGED[locale];
    case "email_change":
      return EMAIL_CHANGE[locale];
    case "email_changed":
      return emailChanged(oneLine(message.newEmail))[locale];
    case "sign_in_changed":
      return signInWords(message.change, locale);
    case "invitation":
      return invitation(oneLine(message.invitedBy))[locale];
    case "team_invitation":
    case "team_removed":
    case "team_owner":
      return teamWords(message)[locale];
    case "key_frozen":
      return keyFrozen(message)[locale];
    case "keys_ending":
      return endingWords(message.keys, locale);
    case "alert":
      return alertMail(message.alert, { locale, display: message.display });
    case "limits":
      return limitWords(message.notices, { locale, display: message.display });
  }
}

const SIGN_UP: Record<Locale, Words> = {
  en: {
    subject: "Verify your e-mail address for Gapura",
    lines: [
      "Somebody, hopefully you, made a Gapura account with this address. Open the link and press the button there to finish.",
    ],
    button: "Verify e-mail address",
    after: [
      "The link works once, for 24 hours. If it was not you, do nothing: without the link the account stays closed.",
    ],
  },
  id: {
    subject: "Verifikasi alamat email Anda untuk Gapura",
    lines: [
      "Seseorang, semoga Anda sendiri, membuat akun Gapura dengan alamat ini. Buka tautannya lalu tekan tombol di sana untuk menyelesaikannya.",
    ],
    button: "Verifikasi alamat email",
    after: [
      "Tautan ini berlaku satu kali selama 24 jam. Jika bukan Anda, abaikan saja: tanpa tautan ini akun tersebut tetap tertutup.",
    ],
  },
};
const TEST: Record<Locale, Words> = {
  en: {
    subject: "Gapura can send mail",
    lines: ["You asked for this mail on the Administration page. It has arrived, so the mail server is set up."],
    button: "Back to Administration",
    after: [],
  },
  id: {
    subject: "Gapura bisa mengirim surel",
    lines: ["Anda meminta surel ini di halaman Administrasi. Karena sudah sampai, server surelnya sudah benar."],
    button: "Kembali ke Administrasi",
    after: [],
  },
};
const ALREADY_REGISTERED: Record<Locale, Words> = {
  en: {
    subject: "You already have a Gapura account",
    lines: [
      "Somebody tried to sign up with your address, which has an account already. If it was you, log in instead.",
    ],
    button: "Log in",
    after: [
      'If you forgot your password, choose "Forgot password" on that page. If it was not you, nothing has changed.',
    ],
  },
  id: {
    subject: "Anda sudah punya akun Gapura",
    lines: [
      "Seseorang mencoba mendaftar dengan alamat Anda, padahal alamat ini sudah punya akun. Jika itu Anda, silakan login saja.",
    ],
    button: "Login",
    after: ['Jika lupa kata sandi, pilih "Lupa kata sandi" di halaman itu. Jika bukan Anda, tidak ada yang berubah.'],
  },
};
const PASSWORD_RESET: Record<Locale, Words> = {
  en: {
    subject: "Choose a new password for Gapura",
    lines: ["Here is the link to choose a new password. Afterwards you are signed out everywhere."],
    button: "Choose a new password",
    after: [
      "The link works once, for 30 minutes. If you did not ask for it, do nothing: your password stays as it is.",
    ],
  },
  id: {
    subject: "Buat kata sandi baru untuk Gapura",
    lines: ["Ini tautan untuk membuat kata sandi baru. Setelah itu Anda akan keluar dari semua perangkat."],
    button: "Buat kata sandi baru",
    after: [
      "Tautan ini berlaku satu kali selama 30 menit. Jika Anda tidak memintanya, abaikan saja: kata sandi Anda tidak berubah.",
    ],
  },
};
const PASSWORD_CHANGED: Record<Locale, Words> = {
  en: {
    subject: "Your Gapura password was changed",
    lines: ["The password of your account was just changed, and all other sessions were signed out."],
    button: "It was not me",
    after: ["If it was you, there is nothing to do."],
  },
  id: {
    subject: "Kata sandi Gapura Anda telah diganti",
    lines: ["Kata sandi akun Anda baru saja diganti, dan semua sesi lain telah dikeluarkan."],
    button: "Itu bukan saya",
    after: ["Jika itu memang Anda, tidak ada yang perlu dilakukan."],
  },
};
const EMAIL_CHANGE: Record<Locale, Words> = {
  en: {
    subject: "Confirm your new e-mail address for Gapura",
    lines: [
      "You asked to use this address for your Gapura account. Open the link and press the button there to confirm it.",
    ],
    button: "Confirm new address",
    after: ["The link works once, for 24 hours. Until then the old address stays in use."],
  },
  id: {
    subject: "Konfirmasi alamat email baru Anda untuk Gapura",
    lines: [
      "Anda meminta agar alamat ini dipakai untuk akun Gapura Anda. Buka tautannya lalu tekan tombol di sana untuk mengonfirmasi.",
    ],
    button: "Konfirmasi alamat baru",
    after: ["Tautan ini berlaku satu kali selama 24 jam. Sampai saat itu alamat lama tetap dipakai."],
  },
};
function emailChanged(newEmail: string): Record<Locale, Words> {
  return {
    en: {
      subject: "Your Gapura account has a new e-mail address",
      lines: [`Your account now uses the address ${newEmail}. This one is no longer used.`],
      button: "Open Gapura",
      after: ["If it was not you, tell the owner of this Gapura instance at once."],
    },
    id: {
      subject: "Akun Gapura Anda memakai alamat email baru",
      lines: [`Akun Anda sekarang memakai alamat ${newEmail}. Alamat ini tidak dipakai lagi.`],
      button: "Buka Gapura",
      after: ["Jika bukan Anda yang melakukannya, segera beri tahu pemilik instans Gapura ini."],
    },
  };
}
function invitation(invitedBy: string): Record<Locale, Words> {
  return {
    en: {
      subject: "You are invited to Gapura",
      lines: [
        `${invitedBy} invites you to a Gapura instance: one address for hundreds of AI models, with your own API keys.`,
      ],
      button: "Create your account",
      after: ["The link works once, for seven days, and only for this address."],
    },
    id: {
      subject: "Anda diundang ke Gapura",
      lines: [
        `${invitedBy} mengundang Anda ke sebuah instans Gapura: satu alamat untuk ratusan model AI, dengan API Key Anda sendiri.`,
      ],
      button: "Buat akun Anda",
      after: ["Tautan ini berlaku satu kali selama tujuh hari, dan hanya untuk alamat ini."],
    },
  };
}

function keyFrozen({ keyName, label, foundAt }: Extract<MailMessage, { kind: "key_frozen" }>): Record<Locale, Words> {
  const key = `“${oneLine(keyName)}” (${label})`;
  return {
    en: {
      subject: `Your API key “${oneLine(keyName)}” has leaked and is frozen`,
      lines: [
        `Somebody reported the whole of your API key ${key}, so it can be read by others. It is refused from now on, and what was running with it has ended.`,
        ...(foundAt === null ? [] : [`It was found at ${foundAt}`]),
        "Create a new key for your program and delete this one. Look at Activity for requests that are not yours.",
      ],
      button: "Open API Keys",
      after: ["If you reported it yourself, or are sure that nobody else has seen it, you can enable it again there."],
    },
    id: {
      subject: `API key Anda “${oneLine(keyName)}” bocor dan dibekukan`,
      lines: [
        `Seseorang melaporkan API key Anda ${key} secara utuh, artinya kunci itu bisa dibaca orang lain. Mulai sekarang kunci itu ditolak, dan yang sedang berjalan dengannya sudah dihentikan.`,
        ...(foundAt === null ? [] : [`Ditemukan di ${foundAt}`]),
        "Buat kunci baru untuk program Anda lalu hapus yang ini. Periksa Aktivitas, adakah permintaan yang bukan dari Anda.",
      ],
      button: "Buka API Keys",
      after: [
        "Jika Anda sendiri yang melaporkannya, atau yakin tidak ada orang lain yang melihatnya, kunci bisa diaktifkan lagi di sana.",
      ],
    },
  };
}

function page(locale: Locale, { greeting, words, url }: { greeting: string; words: Words; url: string }): string {
  const paragraph = (text: string) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;
  const small = (text: string) => `<p style="margin:0 0 12px;color:#6b6258;font-size:13px">${escapeHtml(text)}</p>`;
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(words.subject)}</title></head>
<body style="margin:0;background:#f6f2ea;font-family:system-ui,-apple-system,'Segoe UI',sans-serif;color:#2a2420;line-height:1.5">
<div style="max-width:520px;margin:0 auto;padding:32px 20px">
<p style="margin:0 0 20px;font-weight:700;font-size:18px;color:#9a3412">Gapura</p>
<div style="background:#ffffff;border:1px solid #e5ddd0;border-radius:12px;padding:28px">
${paragraph(greeting)}${words.lines.map(paragraph).join("")}
<p style="margin:24px 0"><a href="${escapeHtml(url)}" style="display:inline-block;background:#9a3412;color:#ffffff;text-decoration:none;padding:12px 20px;border-radius:8px;font-weight:600">${escapeHtml(words.button)}</a></p>
<p style="margin:0 0 16px;font-size:13px;word-break:break-all"><a href="${escapeHtml(url)}" style="color:#9a3412">${escapeHtml(url)}</a></p>
${words.after.map(small).join("")}</div>
<div style="padding:16px 4px">${small(CLOSING[locale])}</div>
</div></body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
