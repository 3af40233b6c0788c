/** What a mail says when the ways to log in to an account have changed. */
import type { Locale } from "../kernel/locale.ts";

export type SignInChange = "on" | "off" | "passkey_added" | "passkey_removed";

interface Words {
  subject: string;
  lines: string[];
  button: string;
  after: string[];
}

const HAPPENED: Record<SignInChange, Record<Locale, { subject: string; line: string }>> = {
  on: {
    en: {
      subject: "Two-step login is on for your Gapura account",
      line: "From now on your account asks for a code of your authenticator app at login. Keep the recovery codes where you find them without your phone.",
    },
    id: {
      subject: "Login dua langkah aktif di akun Gapura Anda",
      line: "Mulai sekarang akun Anda meminta kode dari aplikasi autentikator saat login. Simpan kode pemulihan di tempat yang bisa Anda buka tanpa ponsel.",
    },
  },
  off: {
    en: {
      subject: "Two-step login is off for your Gapura account",
      line: "Your account no longer asks for a code of an authenticator app at login. Its recovery codes have ended, too.",
    },
    id: {
      subject: "Login dua langkah dimatikan di akun Gapura Anda",
      line: "Akun Anda tidak lagi meminta kode dari aplikasi autentikator saat login. Kode pemulihannya juga tidak berlaku lagi.",
    },
  },
  passkey_added: {
    en: {
      subject: "A passkey was added to your Gapura account",
      line: "A new passkey can log in to your account from now on.",
    },
    id: {
      subject: "Passkey baru ditambahkan ke akun Gapura Anda",
      line: "Mulai sekarang ada passkey baru yang bisa dipakai login ke akun Anda.",
    },
  },
  passkey_removed: {
    en: {
      subject: "A passkey was deleted from your Gapura account",
      line: "A passkey of your account was deleted and cannot log in any more.",
    },
    id: {
      subject: "Sebuah passkey dihapus dari akun Gapura Anda",
      line: "Salah satu passkey akun Anda dihapus dan tidak bisa lagi dipakai login.",
    },
  },
};
const FRAME: Record<Locale, Pick<Words, "button" | "after">> = {
  en: {
    button: "Look at the account's security",
    after: ["If it was not you, choose a new password at once, and end all other sessions on that page."],
  },
  id: {
    button: "Periksa keamanan akun",
    after: ["Jika bukan Anda, segera buat kata sandi baru, lalu akhiri semua sesi lain di halaman itu."],
  },
};

export function signInWords(change: SignInChange, locale: Locale): Words {
  const { subject, line } = HAPPENED[change][locale];
  return { subject, lines: [line], ...FRAME[locale] };
}
