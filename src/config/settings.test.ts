import { expect, test } from "bun:test";
import { loadConfig } from "./load.ts";
import { settingEntries } from "./settings.ts";

const KEY_A = Buffer.alloc(32, 1).toString("base64");
const KEY_B = Buffer.alloc(32, 2).toString("base64");

function accepted({ file, env = {}, flags = {} }: Given) {
  const loaded = loadConfig({ env, flags, cwd: "/srv/gapura", readFile: () => file });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

interface Given {
  file?: string;
  env?: Record<string, string>;
  flags?: Record<string, string>;
}

test("every setting of the table can be set by its file key, its variable and its flag", () => {
  const example: Record<string, string> = {
    host: "127.0.0.9",
    port: "99",
    baseUrl: "https://a.example.com",
    dataDir: "/d",
    databaseUrl: "postgres://a/b",
    smtpUrl: "smtp://a",
    mailFrom: "a@example.com",
    secret: "s".repeat(40),
    encryptionKey: KEY_A,
    encryptionKeys: `${KEY_A},${KEY_B}`,
    signUpPolicy: "open",
    signUpDomains: "example.com",
    oidcIssuer: "https://login.example.com",
    oidcClientId: "gapura",
    oidcClientSecret: "secret of the client",
    oidcName: "Acme",
    oidcDomains: "example.com",
    trustedProxies: "10.0.0.1",
    proxyAddressHeader: "X-Real-IP",
    sandbox: "off",
    localProviders: "off",
    allowPrivateUpstream: "10.0.0.1:1",
    unpricedModels: "allow",
    maxBodyBytes: "2048",
    maxJsonDepth: "9",
    slowReaderSeconds: "5",
    drainSeconds: "0",
    workers: "2",
    concurrentAnswers: "9",
    connectTimeout: "3",
    firstByteTimeout: "20",
    wholeAnswerTimeout: "100",
    silenceTimeout: "0.5",
    answerTimeout: "200",
    streamTimeout: "900",
    hedging: "always",
    payloadLogging: "on",
    payloadRetentionDays: "5",
    usageRetentionDays: "90",
    usageMaxGigabytes: "3",
    priceRefreshUrl: "https://prices.example.com/data.json",
    githubKeysUrl: "https://api.github.com/meta/public_keys/secret_scanning",
    priceRefreshHours: "6",
    displayCurrency: "IDR",
    displayRate: "16500",
    logLevel: "debug",
    webDir: "/w",
  };
  for (const [name, setting] of settingEntries()) {
    const value = example[name] ?? "";
    const [section = "", key] = setting.file.split(".");
    const file = key === undefined ? `${section}: "${value}"\n` : `${section}:\n  ${key}: "${value}"\n`;
    expect(accepted({ file }).sources[name].kind).toBe("file");
    expect(accepted({ env: { [setting.variable]: value } }).sources[name]).toEqual({
      kind: "environment",
      name: setting.variable,
    });
    if (setting.flag !== null) {
      expect(accepted({ flags: { [setting.flag]: value } }).sources[name].name).toBe(`--${setting.flag}`);
    }
  }
});
