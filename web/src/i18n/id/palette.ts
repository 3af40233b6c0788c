import type { Texts } from "../texts.ts";

export const palette: Texts["palette"] = {
  title: "Pencarian dan perintah",
  field: "Cari halaman, kunci, model",
  pages: "Halaman",
  actions: "Tindakan",
  workIn: "Bekerja di {{name}}",
  choice: "{{of}}: {{value}}",
  docsWords: "dokumentasi",
  loading: "Mencari kunci dan model",
  empty: "Tidak ada yang cocok.",
  failed: "Tidak semua kunci dan model dapat dibaca.",
};
