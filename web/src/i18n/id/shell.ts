import type { Texts } from "../texts.ts";

export const shell: Texts["shell"] = {
  navigation: "Menu utama",
  dashboard: "Dashboard",
  apiManagement: "API Management",
  apiKeys: "API Keys",
  activity: "Aktivitas",
  logs: "Log",
  budgets: "Anggaran",
  statement: "Mutasi",
  reconciliation: "Pencocokan",
  models: "Model",
  providers: "Penyedia",
  routing: "Perutean",
  instance: "Instans",
  security: "Keamanan",
  audit: "Log audit",
  settings: "Pengaturan",
  docs: "Referensi API",
  mailbox: "Kotak surat",
  logout: "Keluar",
  accountMenu: "Akun Anda: {{name}}",
};
