import type { AlertFacts, Evidence } from "./facts.ts";
import {
  type AlertLine,
  type LanguageWords,
  limitName,
  limitText,
  listed,
  roundedUsd,
  type Writing,
} from "./words-parts.ts";

const NEW = {
  "new-network": ["Dari jaringan baru", "tidak ada jaringan"],
  "new-program": ["Dengan program baru", "tidak ada program"],
  "new-model": ["Model baru", "tidak ada model"],
} as const;

const LIMITS: Readonly<Record<string, string>> = {
  total: "Anggaran keseluruhan",
  daily: "Anggaran harian",
  weekly: "Anggaran mingguan",
  monthly: "Anggaran bulanan",
  limitUsd: "Batas",
  limitReset: "Dimulai lagi",
  rpm: "Permintaan per menit",
  tpm: "Token per menit",
  parallel: "Panggilan bersamaan",
  billing: "Cara bayar",
};

const VALUES: Readonly<Record<string, string>> = {
  prepaid: "di muka",
  unmetered: "tidak di muka",
  daily: "setiap hari",
  weekly: "setiap minggu",
  monthly: "setiap bulan",
};

const REASONS: Readonly<Record<string, string>> = {
  unknown_key: "kuncinya tidak lengkap atau tidak ada",
  disabled_key: "kuncinya dinonaktifkan",
  expired_key: "kuncinya sudah berakhir",
  rotated_key: "rahasia lama yang sudah tidak berlaku",
  address_not_allowed: "dari luar alamat yang diizinkan",
  account_inactive: "akunnya tidak aktif",
};

export const indonesianWords: LanguageWords = {
  title: ({ facts, keyName }) => {
    const key = `kunci “${keyName ?? ""}”`;
    switch (facts.kind) {
      case "unusual_use":
        return facts.isFrozen
          ? `Pemakaian kunci “${keyName ?? ""}” tidak biasa, dan kunci itu dibekukan`
          : `Pemakaian kunci “${keyName ?? ""}” tidak seperti biasanya`;
      case "refused_burst":
        return `Banyak panggilan dengan ${key} ditolak`;
      case "dormant_key":
        return `Kunci “${keyName ?? ""}” dipakai lagi setelah ${facts.idleDays} hari`;
      case "address_refused":
        return `Ada yang memakai ${key} dari luar alamat yang diizinkan`;
      case "leak_report":
        return `Kunci “${keyName ?? ""}” ditemukan di tempat umum, dan sudah dibekukan`;
      case "new_device":
        return "Ada yang login ke akun Anda dari tempat atau perangkat baru";
      case "limits_changed":
        return keyName === null
          ? "Pemilik instans ini mengubah anggaran Anda"
          : `Batas ${key} diubah dengan kunci pengelola`;
    }
  },
  evidence: (evidence, writing) => evidenceLine(evidence, writing),
  facts: (facts, writing) => factLines(facts, writing),
  limit: ({ field, before, after }, writing) => {
    const name = limitName(field);
    const shown = (value: string | null) =>
      value === null ? "tidak ada" : (VALUES[value] ?? limitText(name, value, writing));
    return { what: LIMITS[name] ?? name, now: `${shown(after)}, sebelumnya ${shown(before)}`, usual: "" };
  },
  advice: (facts) => {
    switch (facts.kind) {
      case "unusual_use":
        return facts.isFrozen
          ? "Kalau itu Anda, pilih “Itu saya” lalu aktifkan lagi kuncinya. Kalau bukan, ganti kuncinya."
          : "Kalau itu Anda, pilih “Itu saya”; mulai sekarang hal itu dianggap biasa. Kalau bukan, bekukan kuncinya.";
      case "refused_burst":
        return "Mungkin ada program yang masih memakai kunci lama. Kalau tidak ada, seseorang sedang mencoba-cobanya.";
      case "dormant_key":
        return "Kalau sudah tidak dipakai, bekukan saja. Kunci yang tidak diperlukan lebih baik dihapus.";
      case "address_refused":
        return "Panggilannya ditolak, tetapi pemanggilnya memegang kunci yang benar. Kalau itu bukan Anda, ganti kuncinya.";
      case "leak_report":
        return "Buat kunci baru untuk program Anda lalu hapus yang ini. Periksa Aktivitas, adakah permintaan yang bukan dari Anda.";
      case "new_device":
        return "Kalau itu bukan Anda, ganti kata sandi dan akhiri sesi lain di halaman Akun.";
      case "limits_changed":
        return facts.by === "owner"
          ? "Kalau ini di luar dugaan, tanyakan kepada pemilik instans ini."
          : "Kalau ini di luar dugaan, periksa siapa yang memegang kunci pengelola Anda.";
    }
  },
  usually: (usual) => `Biasanya: ${usual}.`,
};

function evidenceLine(evidence: Evidence, { money, count, share }: Writing): AlertLine {
  switch (evidence.what) {
    case "day-spend":
      return {
        what: "Terpakai dalam 24 jam terakhir",
        now: money(roundedUsd(evidence.nowUsd)),
        usual: `${money(roundedUsd(evidence.usualUsd))} sehari`,
      };
    case "hour-spend":
      return {
        what: "Terpakai dalam satu jam terakhir",
        now: money(roundedUsd(evidence.nowUsd)),
        usual: `${money(roundedUsd(evidence.usualUsd))} pada jam seperti ini`,
      };
    case "hour-calls":
      return {
        what: "Panggilan dalam satu jam terakhir",
        now: count(evidence.now),
        usual: `paling banyak ${count(evidence.usual)}`,
      };
    case "many-networks":
      return {
        what: "Jaringan dalam sepuluh menit",
        now: count(evidence.now),
        usual: `seluruhnya ${count(evidence.usual)}`,
      };
    case "odd-hours":
      return { what: "Waktu", now: "ramai pada jam ketika kunci ini hampir selalu sepi", usual: "" };
    default: {
      const [what, none] = NEW[evidence.what];
      const part = `${share(evidence.share)} dari yang terpakai belakangan ini`;
      return { what, now: `${listed(evidence.names, none)} (${part})`, usual: listed(evidence.usual, none) };
    }
  }
}

function factLines(facts: AlertFacts, { count }: Writing): AlertLine[] {
  switch (facts.kind) {
    case "unusual_use":
      return facts.limitLastsMinutes === undefined
        ? []
        : [
            {
              what: "Batas akan habis",
              now: `sekitar ${Math.max(1, facts.limitLastsMinutes)} menit lagi kalau terus begini`,
              usual: "",
            },
          ];
    case "refused_burst":
      return [
        { what: "Panggilan yang ditolak", now: `${count(facts.count)} dalam ${facts.minutes} menit`, usual: "" },
        { what: "Alasan", now: REASONS[facts.code] ?? facts.code, usual: "" },
        { what: "Dari", now: listed(facts.networks, "tidak diketahui"), usual: "" },
      ];
    case "dormant_key":
      return [
        { what: "Tidak dipakai selama", now: `${count(facts.idleDays)} hari`, usual: "" },
        { what: "Sekarang dipakai dari", now: facts.network ?? "tidak diketahui", usual: "" },
      ];
    case "address_refused":
      return [
        { what: "Dipanggil dari", now: facts.address ?? "tidak diketahui", usual: "" },
        { what: "Ditolak oleh", now: facts.list === "key" ? "daftar kunci itu sendiri" : "daftar akun", usual: "" },
      ];
    case "leak_report":
      return facts.foundAt === null ? [] : [{ what: "Ditemukan di", now: facts.foundAt, usual: "" }];
    case "new_device":
      return [
        { what: "Dari", now: facts.address ?? "tidak diketahui", usual: "" },
        { what: "Peramban", now: facts.isNewDevice ? "baru untuk akun Anda" : "sudah dikenal", usual: "" },
      ];
    default:
      return [];
  }
}
