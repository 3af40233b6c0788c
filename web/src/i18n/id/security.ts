import type { Texts } from "../texts.ts";

export const security: Texts["security"] = {
  title: "Keamanan",
  lead: "Dari mana kunci Anda boleh dipakai, dan apa yang bisa bermasalah dengannya.",

  allowedFrom: "Boleh dipakai dari",
  fromAnywhere: "Mana saja",
  fromListed: "Alamat tertentu saja",
  addresses: "Alamat IP dan jaringan",
  addressesHint: "Satu per baris. IPv4 dan IPv6; jaringan ditulis 203.0.113.0/24.",
  addressInvalid: "“{{entry}}” bukan alamat IP dan bukan jaringan.",
  addressUnconfirmed: "Tambahkan alamat Anda sendiri, atau centang bahwa ini memang disengaja.",
  lockOutTitle: "Alamat Anda sendiri tidak ada di daftar",
  lockOutText: "Anda sekarang berada di {{address}}. Program di komputer ini akan ditolak.",
  lockOutUnknown:
    "Server ini tidak bisa melihat alamat Anda, jadi daftarnya tidak bisa diperiksa. Bila ada proxy di depannya, pengelola mencantumkannya di TRUSTED_PROXIES.",
  addMyAddress: "Tambahkan alamat saya",
  lockOutConfirm: "Memang disengaja",
  yourAddress: "Alamat Anda sekarang: {{address}}",
  yourAddressUnknown: "Alamat Anda sekarang: tidak terlihat oleh server ini",
  accountAddresses: "Alamat yang diizinkan",
  accountAddressesText:
    "Berlaku untuk semua API key Anda. Sebuah kunci boleh punya daftar sendiri; bila ada, alamat pemanggil harus ada di keduanya. Login ke sini tetap bisa dari mana saja.",
  accountAddressesLabel: "Semua kunci boleh dipakai dari",
  addressesSaved: "Alamat yang diizinkan sudah disimpan.",
};
