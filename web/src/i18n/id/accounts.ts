import type { Texts } from "../texts.ts";

export const accounts: Texts["accounts"] = {
  switcher: "Akun: {{name}}",
  switcherTitle: "Bekerja di",
  ownAccount: "Akun sendiri",
  switched: "Sekarang Anda bekerja di {{name}}.",
  received: "Anda diundang",
  receivedText: "{{inviter}} mengundang Anda ke {{team}} sebagai {{role}}.",
  receivedBySomebody: "Anda diundang ke {{team}} sebagai {{role}}.",
  accept: "Terima",
  decline: "Tolak",
  accepted: "Selamat datang di {{team}}.",
  declined: "Undangan ditolak.",
  role_owner: "Pemilik",
  role_admin: "Admin",
  role_member: "Anggota",
  role_viewer: "Pengamat",
};
