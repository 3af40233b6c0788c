/**
 * Every setting as data: where it may be written, what happens without it, and what to say about it. The schema checks
 * the values; flags, help, `gapura doctor`, the example file and docs/configuration.md are made from, or held to, this
 * table. Adding a setting: one row here, one line in `schema.ts`.
 */
import { plain, type Setting, secret } from "./setting.ts";
import { signOnSettings } from "./sign-on-settings.ts";
import { waitingSettings } from "./waiting-settings.ts";

export const settings = {
  host: plain("host", "HOST", "host", "localhost", {
    summary: {
      en: "The address to listen on. `localhost` answers only this machine; `0.0.0.0` answers every network it is in.",
      id: "Alamat tempat Gapura mendengarkan. `localhost` hanya melayani komputer ini; `0.0.0.0` melayani semua jaringan yang tersambung.",
    },
    accepts: { en: "`localhost`, an IP address or a host name", id: "`localhost`, alamat IP, atau nama host" },
  }),
  port: plain("port", "PORT", "port", "8787", {
    summary: { en: "The port to listen on.", id: "Port tempat Gapura mendengarkan." },
    accepts: {
      en: "a whole number from 0 to 65535; 0 takes any free port",
      id: "bilangan bulat 0 sampai 65535; 0 berarti port mana pun yang kosong",
    },
  }),
  baseUrl: plain(
    "baseUrl",
    "BASE_URL",
    "base-url",
    {
      en: "`http://localhost:<port>`, or HOST itself when that is one address of this machine",
      id: "`http://localhost:<port>`, atau HOST itu sendiri bila berupa satu alamat komputer ini",
    },
    {
      summary: {
        en: "The address people open. Every link in a mail and every snippet begins with it.",
        id: "Alamat yang dibuka orang. Setiap tautan di surel dan setiap contoh perintah diawali alamat ini.",
      },
      accepts: {
        en: "an http:// or https:// URL that ends after the host or port, without a slash, for example `https://gateway.example.com`",
        id: "URL http:// atau https:// yang berakhir setelah host atau port, tanpa garis miring, misalnya `https://gateway.example.com`",
      },
    },
  ),
  dataDir: plain("dataDir", "DATA_DIR", "data-dir", "./data", {
    summary: {
      en: "The folder of the embedded database and of the instance's secret.",
      id: "Folder untuk basis data bawaan dan rahasia instans.",
    },
    accepts: {
      en: "a path; a relative one starts at the current folder",
      id: "path; yang relatif dihitung dari folder saat ini",
    },
  }),
  databaseUrl: secret("databaseUrl", "DATABASE_URL", {
    summary: {
      en: "PostgreSQL instead of the embedded SQLite.",
      id: "PostgreSQL sebagai pengganti SQLite bawaan.",
    },
    accepts: {
      en: "`postgres://user:password@host:5432/database`",
      id: "`postgres://pengguna:sandi@host:5432/basisdata`",
    },
  }),
  smtpUrl: secret("smtpUrl", "SMTP_URL", {
    summary: {
      en: "The mail server. Without it mails are shown on the mailbox page, on this machine only.",
      id: "Server surel. Tanpa ini surel tampil di halaman kotak surat, hanya di komputer ini.",
    },
    accepts: {
      en: "`smtp://user:password@mail.example.com:587`, or smtps:// for port 465",
      id: "`smtp://pengguna:sandi@mail.example.com:587`, atau smtps:// untuk port 465",
    },
  }),
  mailFrom: plain(
    "mailFrom",
    "MAIL_FROM",
    "mail-from",
    {
      en: "`Gapura <gapura@…>` with the host of BASE_URL",
      id: "`Gapura <gapura@…>` dengan host dari BASE_URL",
    },
    {
      summary: { en: "The sender of every mail.", id: "Pengirim setiap surel." },
      accepts: {
        en: "`Name <address@example.com>`, or the address alone",
        id: "`Nama <alamat@example.com>`, atau alamatnya saja",
      },
    },
  ),
  secret: secret("secret", "GAPURA_SECRET", {
    summary: {
      en: "Signs sessions and mailed links. Without it one is made and kept in the data folder; several nodes must share one.",
      id: "Menandatangani sesi dan tautan surel. Tanpa ini dibuat otomatis dan disimpan di folder data; beberapa node harus memakai yang sama.",
    },
    accepts: {
      en: "at least 32 characters, for example from `openssl rand -hex 32`",
      id: "sedikitnya 32 karakter, misalnya dari `openssl rand -hex 32`",
    },
  }),
  encryptionKey: secret("encryptionKey", "ENCRYPTION_KEY", {
    summary: {
      en: "Wraps the keys that seal provider keys typed into the dashboard. Without it one is made and kept in the data folder; with PostgreSQL it must be set, the same on every node.",
      id: "Membungkus kunci yang menyegel API key penyedia dari dasbor. Tanpa ini dibuat otomatis dan disimpan di folder data; dengan PostgreSQL harus diisi, sama di setiap node.",
    },
    accepts: {
      en: "32 bytes in base64: what `openssl rand -base64 32` prints",
      id: "32 byte dalam base64: hasil `openssl rand -base64 32`",
    },
  }),
  encryptionKeys: secret("encryptionKeys", "ENCRYPTION_KEYS", {
    summary: {
      en: "Several encryption keys, to change the key without a stop: the first seals, every one opens, and ENCRYPTION_KEY opens too.",
      id: "Beberapa kunci enkripsi, untuk mengganti kunci tanpa henti: yang pertama menyegel, semuanya bisa membuka, begitu juga ENCRYPTION_KEY.",
    },
    accepts: {
      en: "a list of such keys, the new one first: in a variable `new,old`",
      id: "daftar kunci seperti itu, yang baru di depan: di variabel ditulis `baru,lama`",
    },
  }),
  signUpPolicy: plain(
    "signUp.policy",
    "SIGN_UP_POLICY",
    "sign-up-policy",
    {
      en: "`open` while both HOST and BASE_URL are loopback, else `invitation`",
      id: "`open` selama HOST dan BASE_URL sama-sama loopback, selain itu `invitation`",
    },
    {
      summary: {
        en: "Who may create an account once the instance has an owner.",
        id: "Siapa yang boleh membuat akun setelah instans punya pemilik.",
      },
      accepts: {
        en: "`open` (everybody), `invitation` (who was invited), `domains` (who has an address in SIGN_UP_DOMAINS) or `single-sign-on` (whom the OpenID provider knows)",
        id: "`open` (siapa saja), `invitation` (yang diundang), `domains` (yang alamat surelnya ada di SIGN_UP_DOMAINS), atau `single-sign-on` (yang dikenal penyedia OpenID)",
      },
    },
  ),
  signUpDomains: plain("signUp.domains", "SIGN_UP_DOMAINS", "sign-up-domains", null, {
    summary: {
      en: "Mail domains whose owners may sign up. Alone, it also sets the policy to `domains`.",
      id: "Domain surel yang pemiliknya boleh mendaftar. Bila hanya ini yang diisi, kebijakannya menjadi `domains`.",
    },
    accepts: {
      en: "a list of domains: in a variable `example.com,example.org`",
      id: "daftar domain: di variabel ditulis `example.com,example.org`",
    },
  }),
  ...signOnSettings,
  trustedProxies: plain("trustedProxies", "TRUSTED_PROXIES", "trusted-proxies", null, {
    summary: {
      en: "Reverse proxies that are believed when they say who calls. Nobody else is. Name the proxies, not the networks that people call from.",
      id: "Reverse proxy yang dipercaya saat menyebut siapa pemanggilnya. Selain itu tidak ada yang dipercaya. Sebut alamat proxy-nya, bukan jaringan asal pemanggil.",
    },
    accepts: {
      en: "a list of IP addresses and networks: `10.0.0.5,192.168.0.0/16`",
      id: "daftar alamat IP dan jaringan: `10.0.0.5,192.168.0.0/16`",
    },
  }),
  proxyAddressHeader: plain("proxyAddressHeader", "PROXY_ADDRESS_HEADER", "proxy-address-header", "x-forwarded-for", {
    summary: {
      en: "The one header in which the trusted proxies write the caller's address. Every other is ignored.",
      id: "Satu-satunya header tempat proxy tepercaya menulis alamat pemanggil. Header lain diabaikan.",
    },
    accepts: {
      en: "the name of a header: `x-forwarded-for` and `forwarded` are read from the right, any other (`cf-connecting-ip`, `x-real-ip`) holds one address",
      id: "nama header: `x-forwarded-for` dan `forwarded` dibaca dari kanan, selain itu (`cf-connecting-ip`, `x-real-ip`) berisi satu alamat",
    },
  }),
  sandbox: plain("sandbox", "SANDBOX", "sandbox", "auto", {
    summary: {
      en: "The built-in practice provider. `auto` lets it answer `gpt-3.5` and its like only while no real provider is connected.",
      id: "Penyedia latihan bawaan. Dengan `auto`, ia menjawab `gpt-3.5` dan sejenisnya hanya selama belum ada penyedia sungguhan.",
    },
    accepts: { en: "`auto`, `on` or `off`", id: "`auto`, `on`, atau `off`" },
  }),
  localProviders: plain("localProviders", "LOCAL_PROVIDERS", "local-providers", "on", {
    summary: {
      en: "Look for Ollama, LM Studio, llama.cpp, vLLM and SGLang on this machine.",
      id: "Mencari Ollama, LM Studio, llama.cpp, vLLM, dan SGLang di komputer ini.",
    },
    accepts: { en: "`on` or `off`", id: "`on` atau `off`" },
  }),
  allowPrivateUpstream: plain("allowPrivateUpstream", "ALLOW_PRIVATE_UPSTREAM", "allow-private-upstream", null, {
    summary: {
      en: "Private addresses that requests may be sent to. Everything else in a private network is refused.",
      id: "Alamat pribadi yang boleh dituju. Alamat lain di jaringan pribadi ditolak.",
    },
    accepts: {
      en: "a list of `host:port`: `10.1.2.3:8000,[fd00::1]:8000`",
      id: "daftar `host:port`: `10.1.2.3:8000,[fd00::1]:8000`",
    },
  }),
  unpricedModels: plain("unpricedModels", "UNPRICED_MODELS", "unpriced-models", "refuse", {
    summary: {
      en: "What a key or account with a limit may do with a model whose price nobody knows. `allow` lets it call, uncounted.",
      id: "Yang boleh dilakukan kunci atau akun berbatas dengan model yang harganya tidak diketahui. `allow` membolehkan, tanpa dihitung.",
    },
    accepts: { en: "`refuse` or `allow`", id: "`refuse` atau `allow`" },
  }),
  maxBodyBytes: plain("maxBodyBytes", "MAX_BODY_BYTES", "max-body-bytes", "10485760", {
    summary: { en: "The largest request body, in bytes.", id: "Ukuran isi permintaan terbesar, dalam byte." },
    accepts: { en: "a whole number from 1024 to 268435456", id: "bilangan bulat 1024 sampai 268435456" },
  }),
  maxJsonDepth: plain("maxJsonDepth", "MAX_JSON_DEPTH", "max-json-depth", "64", {
    summary: { en: "How deep a JSON body may be nested.", id: "Seberapa dalam isi JSON boleh bersarang." },
    accepts: { en: "a whole number from 4 to 1000", id: "bilangan bulat 4 sampai 1000" },
  }),
  slowReaderSeconds: plain("slowReaderSeconds", "SLOW_READER_SECONDS", "slow-reader-seconds", "60", {
    summary: {
      en: "How long a client may take nothing of a stream that waits for it. Then the provider is stopped, what came so far is charged, and the connection is closed.",
      id: "Berapa lama klien boleh tidak mengambil apa pun dari aliran jawaban yang menunggunya. Setelah itu penyedia dihentikan, yang sudah tiba dibebankan, dan sambungan ditutup.",
    },
    accepts: { en: "a whole number of seconds from 5 to 3600", id: "bilangan bulat detik, 5 sampai 3600" },
  }),
  drainSeconds: plain("drainSeconds", "DRAIN_SECONDS", "drain-seconds", "30", {
    summary: {
      en: "How long a stop waits for answers that are under way. What is not over by then is told so, and what came of it is charged.",
      id: "Berapa lama proses berhenti menunggu jawaban yang masih berjalan. Yang belum selesai saat itu diberi tahu, dan yang sudah tiba dibebankan.",
    },
    accepts: { en: "a whole number of seconds from 0 to 3600", id: "bilangan bulat detik, 0 sampai 3600" },
  }),
  workers: plain("workers", "WORKERS", "workers", "1", {
    summary: {
      en: "How many processes answer on the one port, so that more than one core of the machine works. Limits hold over all of them. Needs Linux.",
      id: "Berapa proses yang melayani port yang sama, supaya lebih dari satu inti komputer bekerja. Batas berlaku untuk semuanya sekaligus. Memerlukan Linux.",
    },
    accepts: { en: "a whole number from 1 to 64", id: "bilangan bulat 1 sampai 64" },
  }),
  concurrentAnswers: plain("concurrentAnswers", "CONCURRENT_ANSWERS", "concurrent-answers", "1000", {
    summary: {
      en: "How many answers you expect to run at once. It limits nothing: a start warns when the system lets Gapura open too few files for them.",
      id: "Berapa banyak jawaban yang Anda perkirakan berjalan bersamaan. Ini tidak membatasi apa pun: saat mulai, Gapura memperingatkan bila sistem mengizinkan terlalu sedikit berkas terbuka untuk itu.",
    },
    accepts: { en: "a whole number from 1 to 100000", id: "bilangan bulat 1 sampai 100000" },
  }),
  ...waitingSettings,
  payloadLogging: plain("payloadLogging", "PAYLOAD_LOGGING", "payload-logging", "off", {
    summary: {
      en: "Keep requests and answers, encrypted, so that their account can read them again. Off, nothing of a body is ever stored.",
      id: "Menyimpan permintaan dan jawaban, terenkripsi, agar akunnya bisa membacanya lagi. Bila mati, isi apa pun tidak pernah disimpan.",
    },
    accepts: { en: "`on` or `off`", id: "`on` atau `off`" },
  }),
  payloadRetentionDays: plain("payloadRetentionDays", "PAYLOAD_RETENTION_DAYS", "payload-retention-days", "30", {
    summary: {
      en: "After how many days kept requests and answers are deleted.",
      id: "Setelah berapa hari permintaan dan jawaban yang disimpan dihapus.",
    },
    accepts: { en: "a whole number from 1 to 3650", id: "bilangan bulat 1 sampai 3650" },
  }),
  usageRetentionDays: plain("usageRetentionDays", "USAGE_RETENTION_DAYS", "usage-retention-days", "400", {
    summary: {
      en: "After how many days records of single requests are deleted. Sums for each day are kept.",
      id: "Setelah berapa hari catatan tiap permintaan dihapus. Jumlah per hari tetap disimpan.",
    },
    accepts: { en: "a whole number from 1 to 3650", id: "bilangan bulat 1 sampai 3650" },
  }),
  usageMaxGigabytes: plain("usageMaxGigabytes", "USAGE_MAX_GIGABYTES", "usage-max-gigabytes", "20", {
    summary: {
      en: "How much room records of single requests may take. Beyond it the oldest days are deleted, whatever USAGE_RETENTION_DAYS says.",
      id: "Berapa banyak tempat yang boleh dipakai catatan tiap permintaan. Bila lebih, hari tertua dihapus, apa pun isi USAGE_RETENTION_DAYS.",
    },
    accepts: { en: "a whole number of gigabytes from 1 to 100000", id: "bilangan bulat gigabita, 1 sampai 100000" },
  }),
  priceRefreshUrl: plain("priceRefresh.url", "PRICE_REFRESH_URL", "price-refresh-url", null, {
    summary: {
      en: "Where newer prices are fetched from, in the format of the genai-prices project. Without it nothing is fetched and the bundled prices hold.",
      id: "Tempat mengambil harga terbaru, dalam format proyek genai-prices. Tanpa ini tidak ada yang diambil dan harga bawaan yang berlaku.",
    },
    accepts: {
      en: "an http:// or https:// URL, for example `https://prices.example.com/data.json`",
      id: "URL http:// atau https://, misalnya `https://prices.example.com/data.json`",
    },
  }),
  priceRefreshHours: plain("priceRefresh.hours", "PRICE_REFRESH_HOURS", "price-refresh-hours", "24", {
    summary: {
      en: "How many hours pass between two fetches of prices.",
      id: "Berapa jam jeda antara dua pengambilan harga.",
    },
    accepts: { en: "a whole number from 1 to 720", id: "bilangan bulat 1 sampai 720" },
  }),
  githubKeysUrl: plain("githubSecretScanning.keysUrl", "GITHUB_KEYS_URL", "github-keys-url", null, {
    summary: {
      en: "Where the keys are read that GitHub signs the findings of its secret scanning with. Without it the endpoint that takes them is not there.",
      id: "Tempat membaca kunci yang dipakai GitHub menandatangani temuan pemindaian rahasianya. Tanpa ini, alamat yang menerimanya tidak ada.",
    },
    accepts: {
      en: "an http:// or https:// URL; GitHub's own is `https://api.github.com/meta/public_keys/secret_scanning`",
      id: "URL http:// atau https://; milik GitHub `https://api.github.com/meta/public_keys/secret_scanning`",
    },
  }),
  displayCurrency: plain("display.currency", "DISPLAY_CURRENCY", "display-currency", null, {
    summary: {
      en: "A currency that the dashboard and mails show beside every amount in US dollars. Needs DISPLAY_RATE.",
      id: "Mata uang yang ditampilkan dasbor dan surel di samping setiap jumlah dalam dolar AS. Perlu DISPLAY_RATE.",
    },
    accepts: {
      en: "the three letters of a currency, for example `IDR`",
      id: "tiga huruf kode mata uang, misalnya `IDR`",
    },
  }),
  displayRate: plain("display.rate", "DISPLAY_RATE", "display-rate", null, {
    summary: {
      en: "What one US dollar is worth in DISPLAY_CURRENCY. Only for showing: Gapura counts in dollars.",
      id: "Nilai satu dolar AS dalam DISPLAY_CURRENCY. Hanya untuk tampilan: Gapura menghitung dalam dolar.",
    },
    accepts: {
      en: "a number above zero with up to nine decimals, for example `16500`",
      id: "bilangan di atas nol dengan paling banyak sembilan desimal, misalnya `16500`",
    },
  }),
  logLevel: plain("logLevel", "LOG_LEVEL", "log-level", "info", {
    summary: {
      en: "The least important lines that are still logged.",
      id: "Tingkat terendah yang masih dicatat di log.",
    },
    accepts: { en: "`debug`, `info`, `warn` or `error`", id: "`debug`, `info`, `warn`, atau `error`" },
  }),
  webDir: plain(
    "webDir",
    "WEB_DIR",
    "web-dir",
    {
      en: "`web/dist` of the program's own folder",
      id: "`web/dist` di folder program sendiri",
    },
    {
      summary: { en: "The folder of the built dashboard.", id: "Folder dasbor yang sudah dibangun." },
      accepts: {
        en: "a path; a relative one starts at the current folder",
        id: "path; yang relatif dihitung dari folder saat ini",
      },
    },
  ),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}

/** The rows of the table in its order, which is the order of the documentation. */
export function settingEntries(): [SettingName, Setting][] {
  return Object.keys(settings)
    .filter(isSettingName)
    .map((name) => [name, settings[name]]);
}

/** Names the configuration file itself. */
export const CONFIG_FILE_VARIABLE = "GAPURA_CONFIG";
export const CONFIG_FILE_FLAG = "config";
export const DEFAULT_CONFIG_FILE = "gapura.config.yaml";
