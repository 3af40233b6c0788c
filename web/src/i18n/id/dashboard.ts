import type { Texts } from "../texts.ts";

export const dashboard: Texts["dashboard"] = {
  title: "Dashboard",
  lead: "30 hari terakhir Anda, dihitung menurut UTC.",
  topKeys: "Kunci yang paling banyak memakai",
  topModels: "Model yang paling mahal",
  overTime: "Tiga puluh hari",
  toActivity: "Selengkapnya di Aktivitas",
  activeKeys_other: "{{active}} dari {{count}} kunci berfungsi",
  topRequests_other: "{{count}} permintaan",
  stepsTitle: "Tiga langkah menuju jawaban pertama",
  stepKeyTitle: "Buat API key",
  stepKeyText: "Satu untuk tiap program yang akan memanggil instans ini.",
  stepRequestTitle: "Kirim permintaan",
  stepRequestText: "Di halaman kunci sudah tersedia contoh siap tempel untuk curl, Postman, JavaScript, dan Python.",
  stepProviderTitle: "Sambungkan penyedia",
  stepProviderText: "Sampai saat itu sandbox yang menjawab: bagus untuk mencoba-coba, tetapi bukan model bahasa.",
  stepDone: "Selesai",
  stepOpen: "Belum selesai",
  sandboxTitle: "Baru sandbox yang tersambung",
  sandboxText: "Jawabannya jawaban latihan: selalu sama, dan bukan dari model bahasa.",
  sandboxLink: "Sambungkan penyedia sungguhan",
};
