/** Single sign-on with an OpenID provider: the rows of the table of settings that are about it. */
import { plain, type Setting, secret } from "./setting.ts";

export const signOnSettings = {
  oidcIssuer: plain("singleSignOn.issuer", "OIDC_ISSUER", "oidc-issuer", null, {
    summary: {
      en: "The OpenID provider that people can log in with. Off until this, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are set. Register `<BASE_URL>/login/single-sign-on` there as the redirect URI.",
      id: "Penyedia OpenID yang bisa dipakai orang untuk login. Nonaktif sampai ini, OIDC_CLIENT_ID, dan OIDC_CLIENT_SECRET diisi. Daftarkan `<BASE_URL>/login/single-sign-on` di sana sebagai redirect URI.",
    },
    accepts: {
      en: "the issuer exactly as the provider writes it, an https:// URL, for example `https://login.example.com/realms/team`",
      id: "issuer persis seperti yang ditulis penyedianya, berupa URL https://, misalnya `https://login.example.com/realms/team`",
    },
  }),
  oidcClientId: plain("singleSignOn.clientId", "OIDC_CLIENT_ID", "oidc-client-id", null, {
    summary: {
      en: "The id under which Gapura is registered with the OpenID provider.",
      id: "ID yang dipakai Gapura saat didaftarkan di penyedia OpenID.",
    },
    accepts: { en: "the client id that the provider gave", id: "client ID yang diberikan penyedia" },
  }),
  oidcClientSecret: secret("singleSignOn.clientSecret", "OIDC_CLIENT_SECRET", {
    summary: {
      en: "The secret that belongs to OIDC_CLIENT_ID.",
      id: "Rahasia milik OIDC_CLIENT_ID.",
    },
    accepts: { en: "the client secret that the provider gave", id: "client secret yang diberikan penyedia" },
  }),
  oidcName: plain(
    "singleSignOn.name",
    "OIDC_NAME",
    "oidc-name",
    { en: "the host of OIDC_ISSUER", id: "host dari OIDC_ISSUER" },
    {
      summary: {
        en: "What the button on the login page calls the provider.",
        id: "Nama penyedia di tombol pada halaman login.",
      },
      accepts: { en: "a short name, for example `Acme`", id: "nama pendek, misalnya `Acme`" },
    },
  ),
  oidcDomains: plain("singleSignOn.domains", "OIDC_DOMAINS", "oidc-domains", null, {
    summary: {
      en: "Mail domains whose owners may log in with the provider. Without it everybody whom the provider knows may, so set it with a provider that is open to the public.",
      id: "Domain surel yang pemiliknya boleh login lewat penyedia itu. Tanpa ini semua orang yang dikenal penyedia boleh masuk, jadi isilah bila penyedianya terbuka untuk umum.",
    },
    accepts: {
      en: "a list of domains: in a variable `example.com,example.org`",
      id: "daftar domain: di variabel ditulis `example.com,example.org`",
    },
  }),
} as const satisfies Record<string, Setting>;
