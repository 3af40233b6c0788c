import type { Texts } from "../texts.ts";

export const oauth: Texts["oauth"] = {
  title: "Sebuah aplikasi meminta akses",
  askedBy: "{{host}} meminta API key",
  askedByProgram: "Sebuah program meminta API key",
  lead: "Anda masuk sebagai {{email}}.",
  leadTeam: "Anda masuk sebagai {{email}}. Kuncinya akan menjadi milik tim {{team}}.",
  app: "Kunci akan diberikan ke",
  noAddress: "Program yang kodenya Anda bawa sendiri",
  keyName: "Nama kunci",
  expires: "Berakhir",
  may: "Dengan kunci ini, ia bisa memanggil model atas nama Anda sampai batas yang Anda tentukan di sini. Ia tidak bisa melihat atau mengubah akun Anda.",
  trust:
    "Izinkan hanya kalau Anda sendiri yang baru saja memulainya dari aplikasi itu. Kuncinya bisa Anda hapus kapan saja di halaman API Keys.",
  allow: "Izinkan",
  deny: "Tolak",
  codeTitle: "Kode Anda",
  codeText: "Salin ke program yang mengarahkan Anda ke sini. Berlaku sekali, selama sepuluh menit.",
  codeWarning: "Jangan berikan kepada siapa pun: nilainya sama dengan sebuah kunci.",
  copyCode: "Salin kode",
  deniedTitle: "Tidak ada yang diberikan",
  deniedText: "Program itu tidak mendapat kunci. Halaman ini boleh ditutup.",
  brokenTitle: "Permintaan ini tidak bisa dijawab",
  brokenText:
    "Aplikasi yang mengarahkan Anda ke sini meminta dengan cara yang tidak diterima, jadi tidak ada yang diberikan. Untuk pembuatnya:",
};
