import type { Texts } from "../texts.ts";

export const landing: Texts["landing"] = {
  headline: "Satu gerbang. Banyak model. Kunci Anda sendiri.",
  lead: "Gapura menyatukan OpenAI, OpenRouter, dan model di komputer Anda di balik satu alamat. Bagikan kunci, lalu lihat siapa bertanya apa dan berapa biayanya.",
  guideLink: "Baca referensi API",
  tryTitle: "Ganti satu alamat, program tetap sama",
  tryText: "Program apa pun yang bicara dengan OpenAI atau OpenRouter bisa bicara dengan instans ini. Alamatnya:",
  pointKeysTitle: "Satu kunci untuk satu program",
  pointKeysText: "Langsung terlihat mana yang sibuk, dan satu kunci bisa dicabut tanpa mengganggu yang lain.",
  pointMoneyTitle: "Setiap sen ada keterangannya",
  pointMoneyText: "Setiap permintaan tercatat: model, token, waktu, dan biaya, tepat sampai sepermiliar dolar.",
  pointOwnTitle: "Milik Anda sendiri",
  pointOwnText: "Jalan di komputer Anda, datanya tersimpan di sana, dan hanya menghubungi yang Anda sambungkan.",
  needsOwner:
    "Instans ini belum punya pemilik. Daftarlah dengan token penyiapan dari terminal tempat Gapura dijalankan.",
  firstAccount: "Instans ini belum punya pemilik: akun pertama yang mendaftar akan memilikinya.",
  imageLabel: "Gapura terbelah dengan banyak jalan yang bertemu di bukaannya",
  footer: "Gapura {{version}}, perangkat lunak bebas berlisensi MIT",
};
