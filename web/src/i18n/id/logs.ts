import type { Texts } from "../texts.ts";

export const logs: Texts["logs"] = {
  title: "Log",
  lead: "Tiap permintaan dari kunci-kunci Anda, yang terbaru di atas.",
  leadAll:
    "Tiap permintaan dari semua akun, yang terbaru di atas. Isi pertanyaan dan jawabannya tidak ditampilkan di sini.",
  searchId: "ID permintaan diawali dengan",
  costAtLeast: "{{amount}} atau lebih",
  histogramLabel: "Permintaan dari waktu ke waktu: pilih batang dengan tombol panah, Enter menampilkan waktu itu saja",
  histogramLeavesOut:
    "Batang dihitung menurut kunci, model, penyedia, aplikasi, dan anggota; saringan lain hanya berlaku untuk daftar.",
  total: "Permintaan dalam waktu ini: {{requests}} · terpakai {{spent}}",
  totalRequests: "Permintaan dalam waktu ini: {{requests}}",
  live: "Ikuti langsung",
  liveOn: "Langsung",
  liveConnecting: "Menyambung",
  shownSoFar: "{{rows}} ditampilkan, masih ada lagi",
  shownAll: "{{rows}} ditampilkan",
  searchedTo: "Sampai {{time}} belum ada yang ditemukan.",
  columns: "Kolom",
  columnsUsual: "Seperti semula",
};
