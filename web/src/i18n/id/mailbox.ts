import type { Texts } from "../texts.ts";

export const mailbox: Texts["mailbox"] = {
  title: "Kotak surat",
  lead: "Surel yang mestinya dikirim instans ini seandainya ada server surel. Hanya komputer ini yang bisa membuka halaman ini.",
  empty: "Belum ada surel",
  emptyText: "Begitu ada yang mendaftar atau meminta kata sandi baru, surelnya muncul di sini dengan sendirinya.",
  list: "Daftar surel",
  choose: "Pilih surel untuk membacanya.",
  to: "Kepada",
  received: "Diterima",
  back: "Semua surel",
  closedTitle: "Tidak ada kotak surat di sini",
  closedText: "Surel instans ini dikirim lewat server surel, atau halaman ini dibuka dari komputer lain.",
};
