import type { Texts } from "../texts.ts";

export const views: Texts["views"] = {
  title: "Tampilan",
  text: "Isi sebuah halaman dengan sebuah nama: saringan, waktu, dan kolom. Milik Anda, di semua perangkat.",
  none: "Belum ada yang disimpan.",
  name: "Nama untuk yang tampil sekarang",
  nameMissing: "Beri nama dulu.",
  save: "Simpan",
  share: "Semua orang di tim melihatnya",
  sharedByYou: "Dibagikan ke tim",
  sharedBy: "Dibagikan oleh {{name}}",
  delete: "Hapus {{name}}",
  deleted: "“{{name}}” sudah dihapus.",
  deleteTitle: "Hapus “{{name}}”?",
  deleteText: "{{name}} membagikan tampilan ini ke tim. Setelah dihapus, tidak ada lagi yang melihatnya.",
  deleteConfirm: "Hapus",
};
