import type { Texts } from "../texts.ts";

export const models: Texts["models"] = {
  title: "Model",
  lead: "Yang bisa dipanggil dengan kunci Anda. Tulis ID-nya di bidang “model” pada permintaan.",
  search: "Cari model",
  name: "Model",
  context: "Konteks",
  contextTokens: "{{formatted}} token",
  input: "Masukan per sejuta",
  output: "Keluaran per sejuta",
  providers: "Dilayani oleh",
  providerCount_other: "{{count}} penyedia",
  modalities: "Menerima dan memberi",
  priceUnknown: "Tidak diketahui",
  copyId: "Salin ID {{id}}",
  emptyTitle: "Belum ada model",
  emptyText: "Sambungkan penyedia, maka modelnya muncul di sini.",
  noneFound: "Tidak ada model yang cocok dengan “{{query}}”",
  noneFoundText: "Coba sebagian nama atau ID-nya.",
  count_other: "{{count}} model",
};
