/** What people are told of their teams. */
import type { Locale } from "../kernel/locale.ts";
import { oneLine } from "./one-line.ts";
import type { Words } from "./templates.ts";

type TeamRole = "owner" | "admin" | "member" | "viewer";

export type TeamMail =
  | { kind: "team_invitation"; team: string; invitedBy: string; role: TeamRole }
  | { kind: "team_removed"; team: string }
  | { kind: "team_owner"; team: string };

const ROLE: Record<TeamRole, Record<Locale, string>> = {
  owner: { en: "an owner", id: "pemilik" },
  admin: { en: "an administrator", id: "admin" },
  member: { en: "a member", id: "anggota" },
  viewer: { en: "a viewer", id: "pengamat" },
};

export function teamWords(mail: TeamMail): Record<Locale, Words> {
  const team = `“${oneLine(mail.team)}”`;
  switch (mail.kind) {
    case "team_invitation":
      return invited(team, oneLine(mail.invitedBy), ROLE[mail.role]);
    case "team_removed":
      return removed(team);
    case "team_owner":
      return nowOwner(team);
  }
}

function invited(team: string, invitedBy: string, role: Record<Locale, string>): Record<Locale, Words> {
  return {
    en: {
      subject: `${invitedBy} invites you to the team ${team} on Gapura`,
      lines: [
        `${invitedBy} invites you to join the team ${team} as ${role.en}. Open the link to accept or to decline.`,
      ],
      button: "Look at the invitation",
      after: [
        "The link works once, for seven days, and only for this address. Whoever has no account yet makes one on the way.",
        "If you do not know who this is from, do nothing.",
      ],
    },
    id: {
      subject: `${invitedBy} mengundang Anda ke tim ${team} di Gapura`,
      lines: [
        `${invitedBy} mengundang Anda bergabung dengan tim ${team} sebagai ${role.id}. Buka tautannya untuk menerima atau menolak.`,
      ],
      button: "Lihat undangan",
      after: [
        "Tautan ini berlaku satu kali selama tujuh hari, dan hanya untuk alamat ini. Jika belum punya akun, Anda bisa membuatnya di sana.",
        "Jika Anda tidak mengenal pengirimnya, abaikan saja.",
      ],
    },
  };
}

function removed(team: string): Record<Locale, Words> {
  return {
    en: {
      subject: `You do not belong to the team ${team} any more`,
      lines: [`Somebody who manages the team ${team} has taken you out of it. Your own account stays as it is.`],
      button: "Open Gapura",
      after: ["If you think that this is a mistake, ask the owner of the team."],
    },
    id: {
      subject: `Anda tidak lagi menjadi bagian dari tim ${team}`,
      lines: [`Pengelola tim ${team} mengeluarkan Anda dari tim itu. Akun Anda sendiri tidak berubah.`],
      button: "Buka Gapura",
      after: ["Jika menurut Anda ini keliru, tanyakan kepada pemilik tim."],
    },
  };
}

function nowOwner(team: string): Record<Locale, Words> {
  return {
    en: {
      subject: `You own the team ${team} now`,
      lines: [
        `The team ${team} was handed over to you. You manage its members, keys and budgets from now on, and get its mails.`,
      ],
      button: "Open the team",
      after: ["If you did not expect this, talk to whoever owned the team before."],
    },
    id: {
      subject: `Tim ${team} sekarang milik Anda`,
      lines: [
        `Tim ${team} diserahkan kepada Anda. Mulai sekarang Anda mengelola anggota, kunci, dan anggarannya, dan menerima surelnya.`,
      ],
      button: "Buka tim",
      after: ["Jika Anda tidak menduganya, bicarakan dengan pemilik sebelumnya."],
    },
  };
}
