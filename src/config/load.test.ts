import { describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import { type LoadedConfig, loadConfig, type RefusedConfig } from "./load.ts";
import { problemText } from "./problem.ts";
import { settingEntries } from "./settings.ts";

const CANARY = "canary-3f9c1d-do-not-print";

interface Given {
  env?: Record<string, string | undefined>;
  flags?: Record<string, string | undefined>;
  /** gapura.config.yaml in /srv. */
  file?: string;
  /** Other files by absolute path. */
  files?: Record<string, string>;
}

function load(given: Given): LoadedConfig | RefusedConfig {
  const files: Record<string, string | undefined> = { "/srv/gapura.config.yaml": given.file, ...given.files };
  return loadConfig({ env: given.env ?? {}, flags: given.flags ?? {}, cwd: "/srv", readFile: (path) => files[path] });
}

function accepted(given: Given): LoadedConfig {
  const result = load(given);
  if (!result.ok) throw new Error(result.problems.map(problemText).join("\n"));
  return result;
}

function refused(given: Given): string[] {
  const result = load(given);
  if (result.ok) throw new Error("this configuration should have been refused");
  return result.problems.map(problemText);
}

describe("precedence", () => {
  test("a flag wins over the environment, the environment over the file, the file over the default", () => {
    const file = "port: 1001\nlogLevel: warn\nhost: 127.0.0.2\n";
    const { config, sources } = accepted({
      file,
      env: { PORT: "1002", LOG_LEVEL: "error" },
      flags: { port: "1003" },
    });
    expect([config.port, config.logLevel, config.host, config.maxJsonDepth]).toEqual([1003, "error", "127.0.0.2", 64]);
    expect([sources.port.name, sources.logLevel.name, sources.host.name, sources.maxJsonDepth.name]).toEqual([
      "--port",
      "LOG_LEVEL",
      "/srv/gapura.config.yaml, line 3, host",
      "default",
    ]);
  });

  test("an empty variable counts as unset, as compose files write it", () => {
    expect(accepted({ env: { PORT: "", DATABASE_URL: " ", OPENAI_API_KEY: "" } }).config).toMatchObject({
      port: 8787,
      databaseUrl: null,
      providers: [],
    });
  });

  test("a file named by flag or variable must exist; the default one need not", () => {
    expect(refused({ flags: { config: "other.yaml" } })).toEqual([
      "--config: /srv/other.yaml cannot be read (there is no such file). Check the path and its permissions.",
    ]);
    expect(refused({ env: { GAPURA_CONFIG: "/etc/gapura.yaml" } })[0]).toStartWith("GAPURA_CONFIG: /etc/gapura.yaml");
    expect(accepted({}).configFile).toBeNull();
  });
});

describe("violations", () => {
  test("everything wrong in file, environment and flags is reported in one go, each with its place and its remedy", () => {
    const problems = refused({
      flags: { host: "127.0.0.300" },
      env: { PORT: "80a", TRUSTED_PROXIES: "10.0.0.0/33", OPENAI_API_KEY_FILE: "/run/none" },
      file: [
        "hots: example",
        "signUp:",
        "  policy: domains",
        "providers:",
        "  - type: openai-compatible",
        "  - type: openai",
        "    slug: second",
        "    nmae: x",
        "  - { type: openrouter, slug: third }",
      ].join("\n"),
    });
    const expected = [
      /line 1, hots: there is no such setting. Did you mean host\?/,
      /^--host: "127.0.0.300" is neither an IP address nor a host name. Expected: /,
      /^PORT: "80a" is not a whole number. Expected: .*0 to 65535/,
      /^TRUSTED_PROXIES: "10.0.0.0\/33" is neither/,
      /line 8, providers.1.nmae: a provider has no such field. Did you mean name\?/,
      /line 5, providers.0.slug: this provider has no slug. Add a line/,
      /line 5, providers.0.baseUrl: this provider has no address. Add a line/,
      /line 9, providers.2.apiKey: the provider third has no API key/,
      /^OPENAI_API_KEY_FILE: the secret in \/run\/none cannot be read \(there is no such file\)/,
      /line 3, signUp.policy: the policy is domains, but no domain is named/,
    ];
    for (const pattern of expected) expect(problems.filter((problem) => pattern.test(problem))).toHaveLength(1);
    expect(problems).toHaveLength(expected.length);
  });

  test("broken YAML is reported with its line and nothing of its text", () => {
    const problems = refused({ file: `port: 1\nsecret: "${CANARY}\n` });
    expect(problems[0]).toMatch(/^\/srv\/gapura.config.yaml, line \d: this is not valid YAML/);
    expect(problems.join()).not.toContain(CANARY);
  });

  test.each([
    ["BASE_URL", "https://example.com/path"],
    ["BASE_URL", "https://example.com/"],
    ["BASE_URL", "https://user:password@example.com"],
    ["BASE_URL", "ftp://example.com"],
    ["BASE_URL", "http://localhost:0"],
    ["HOST", "bad host"],
    ["HOST", "300.1.1.1"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["DATABASE_URL", "mysql://user:password@localhost/gapura"],
    ["DATABASE_URL", "postgres://localhost"],
    ["SMTP_URL", "https://mail.example.com"],
    ["SMTP_URL", "smtp://"],
    ["MAIL_FROM", "Gapura <nobody>"],
    ["MAIL_FROM", "a@example.com\nBcc: b@example.com"],
    ["GAPURA_SECRET", "too-short"],
    ["SIGN_UP_POLICY", "closed"],
    ["SIGN_UP_DOMAINS", "example"],
    ["TRUSTED_PROXIES", "fe80::/129"],
    ["TRUSTED_PROXIES", "proxy.example.com"],
    ["ALLOW_PRIVATE_UPSTREAM", "10.0.0.1"],
    ["ALLOW_PRIVATE_UPSTREAM", "10.0.0.1:70000"],
    ["SANDBOX", "maybe"],
    ["LOCAL_PROVIDERS", "2"],
    ["MAX_BODY_BYTES", "10MB"],
    ["MAX_JSON_DEPTH", "1"],
    ["DISPLAY_CURRENCY", "rupiah"],
    ["DISPLAY_CURRENCY", "USD"],
    ["DISPLAY_RATE", "0.00"],
    ["DISPLAY_RATE", "1e5"],
    ["DISPLAY_RATE", "-3"],
    ["LOG_LEVEL", "loud"],
    ["OPENAI_API_KEY", "sk two words"],
    ["OPENROUTER_API_KEY", "sk-or-é"],
  ])("%s=%s is refused with its own name in front", (variable, value) => {
    const problems = refused({ env: { [variable]: value } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toStartWith(`${variable}: `);
  });

  test("a variable and its _FILE together are refused, because nobody could tell which one holds", () => {
    const problems = refused({
      env: { SMTP_URL: "smtp://a", SMTP_URL_FILE: "/run/s" },
      files: { "/run/s": "smtp://b" },
    });
    expect(problems).toEqual(["SMTP_URL and SMTP_URL_FILE: both are set. Keep one of them."]);
  });

  test("an unknown GAPURA_ variable is a warning that names the likely one, others are left alone", () => {
    const { warnings } = accepted({
      env: { GAPURA_PORT: "1", GAPURA_SECERT_FILE: "x", GAPURA_API_KEY: "gpr_x", PROT: "1" },
    });
    expect(warnings.map(problemText)).toEqual([
      "GAPURA_PORT: Gapura knows no such variable. Did you mean PORT?",
      "GAPURA_SECERT_FILE: Gapura knows no such variable. Did you mean GAPURA_SECRET_FILE?",
    ]);
  });
});

describe("a second currency", () => {
  test("is the name and the rate together, the rate as exact as it was written", () => {
    const { config } = accepted({ env: { DISPLAY_CURRENCY: "idr", DISPLAY_RATE: "16500.123456789" } });
    expect(config.display).toEqual({ currency: "IDR", rate: "16500.123456789" });
    expect(accepted({ file: "display: { currency: EUR, rate: 0.92 }\n" }).config.display?.rate).toBe("0.92");
  });

  test("of which one half is missing shows nothing, and says so", () => {
    const { config, warnings } = accepted({ env: { DISPLAY_RATE: "16500" } });
    expect(config.display).toBeNull();
    expect(warnings.map(problemText)).toEqual([
      "DISPLAY_RATE: a second currency needs a name and a rate; only dollars will be shown. Set both DISPLAY_CURRENCY and DISPLAY_RATE, for example to IDR and 16500.",
    ]);
  });
});

describe("secrets", () => {
  const env = {
    DATABASE_URL: `postgres://gapura:${CANARY}@db.example.com/gapura`,
    SMTP_URL: `smtp://gapura:${CANARY}@mail.example.com`,
    GAPURA_SECRET: `${CANARY}-${CANARY}`,
    OPENAI_API_KEY: `sk-${CANARY}`,
  };

  test("neither JSON nor inspection of the loaded configuration shows a secret; reveal() does", () => {
    const loaded = accepted({
      env: { ...env, TWO: CANARY },
      file: "providers:\n  - { type: openrouter, apiKeyFile: /run/or }\n  - { type: openai, slug: two, apiKeyVariable: TWO }\n",
      files: { "/run/or": `${CANARY}\n` },
    });
    expect(JSON.stringify(loaded)).not.toContain(CANARY);
    expect(inspect(loaded, { depth: 10, showHidden: true })).not.toContain(CANARY);
    expect(Bun.inspect(loaded)).not.toContain(CANARY);
    const keys = loaded.config.providers.map((provider) => [provider.slug, provider.credential?.reveal()]);
    expect(keys).toEqual([
      ["openrouter", CANARY],
      ["two", CANARY],
      ["openai", `sk-${CANARY}`],
    ]);
    expect(loaded.secretVariables).toContainValues([
      "DATABASE_URL",
      "SMTP_URL",
      "GAPURA_SECRET",
      "OPENAI_API_KEY",
      "TWO",
    ]);
  });

  test("no problem repeats the wrong value of a secret or of a URL", () => {
    const wrong = Object.fromEntries(
      [
        ...settingEntries()
          .filter(([, row]) => row.isSecret)
          .map(([, row]) => row.variable),
        "BASE_URL",
        "OPENAI_API_KEY",
      ].map((variable) => [variable, `bad ${CANARY}`]),
    );
    wrong.GAPURA_SECRET = CANARY;
    const problems = refused({ env: { ...wrong, OPENAI_BASE_URL: `http://u:${CANARY}@x` } });
    expect(problems).toHaveLength(8);
    expect(problems.join("\n")).not.toContain(CANARY);
  });

  test("a secret read from a file loses the line break at its end", () => {
    const { config } = accepted({
      env: { DATABASE_URL_FILE: "secrets/db" },
      files: { "/srv/secrets/db": "postgres://localhost/gapura\n" },
    });
    expect(config.databaseUrl?.reveal()).toBe("postgres://localhost/gapura");
  });
});

describe("single sign-on", () => {
  const whole = { OIDC_ISSUER: "https://login.example.com/", OIDC_CLIENT_ID: "gapura", OIDC_CLIENT_SECRET: "s3cret" };

  test("is off without settings, and on with an issuer kept as it was written, a client and its secret", () => {
    expect(accepted({ env: {} }).config.singleSignOn).toBeNull();
    const { singleSignOn } = accepted({ env: { ...whole, OIDC_DOMAINS: "Example.com" } }).config;
    expect(singleSignOn).toMatchObject({
      issuer: "https://login.example.com/",
      name: "login.example.com",
      domains: ["example.com"],
    });
    expect(singleSignOn?.clientSecret.reveal()).toBe("s3cret");
  });

  test("stays off with half of its settings, and says what is missing; a policy that needs it is refused", () => {
    for (const missing of Object.keys(whole)) {
      const env = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== missing));
      const { config, warnings } = accepted({ env });
      expect([missing, config.singleSignOn]).toEqual([missing, null]);
      expect(warnings.map(({ fix }) => fix).join(" ")).toContain(missing);
    }
    expect(refused({ env: { SIGN_UP_POLICY: "single-sign-on" } })).toHaveLength(1);
    expect(accepted({ env: { ...whole, SIGN_UP_POLICY: "single-sign-on" } }).config.signUp.policy).toBe(
      "single-sign-on",
    );
  });

  test("an issuer without encryption is taken on this machine alone", () => {
    expect(accepted({ env: { ...whole, OIDC_ISSUER: "http://localhost:9000" } }).ok).toBe(true);
    expect(refused({ env: { ...whole, OIDC_ISSUER: "http://login.example.com" } })).toHaveLength(1);
  });
});

describe("providers", () => {
  test("a key in the environment connects OpenAI and OpenRouter, with an address of one's own where it is set", () => {
    const { config } = accepted({
      env: { OPENAI_API_KEY: "sk-1", OPENAI_BASE_URL: "http://localhost:9000/v1/", OPENROUTER_API_KEY: "sk-or-1" },
    });
    expect(config.providers.map(({ slug, baseUrl, source, models }) => ({ slug, baseUrl, source, models }))).toEqual([
      { slug: "openai", baseUrl: "http://localhost:9000/v1", source: "environment", models: null },
      { slug: "openrouter", baseUrl: "https://openrouter.ai/api/v1", source: "environment", models: null },
    ]);
  });

  test("the environment's key completes the file's entry for the same provider instead of making a second one", () => {
    const { config } = accepted({
      env: { OPENAI_API_KEY: "sk-1" },
      file: "providers:\n  - type: openai\n    name: Work\n    models: [gpt-4o]\n",
    });
    expect(config.providers).toMatchObject([
      { slug: "openai", name: "Work", models: ["gpt-4o"], source: "environment" },
    ]);
  });

  test("any OpenAI-compatible URL connects without a key", () => {
    const { config } = accepted({
      file: "providers:\n  - { type: openai-compatible, slug: lab, baseUrl: 'http://10.1.2.3:8000/v1' }\n",
    });
    expect(config.providers).toMatchObject([
      { slug: "lab", name: "lab", credential: null, models: null, source: "file" },
    ]);
  });

  test("two providers with one slug and the slugs of Gapura itself are refused", () => {
    const entry = (slug: string) => `  - { type: openai-compatible, slug: ${slug}, baseUrl: 'http://a.example.com' }\n`;
    expect(refused({ file: `providers:\n${entry("lab")}${entry("lab")}` })[0]).toContain(
      "two providers have the slug lab",
    );
    expect(refused({ file: `providers:\n${entry("sandbox")}` })[0]).toContain("taken by Gapura itself");
  });

  test("an address without its key is a warning, because it does nothing", () => {
    const { warnings } = accepted({ env: { OPENROUTER_BASE_URL: "http://localhost:1" } });
    expect(warnings.map(problemText)[0]).toContain("no effect without OPENROUTER_API_KEY");
  });
});

const KEY_A = Buffer.alloc(32, 1).toString("base64");
const KEY_B = Buffer.alloc(32, 2).toString("base64");

describe("encryption keys", () => {
  const ids = (env: Record<string, string>) => accepted({ env }).config.encryptionKeys?.map(({ id }) => id) ?? null;

  test("the first of the list seals, and every key that is named opens, once", () => {
    const [a, b] = ids({ ENCRYPTION_KEYS: `${KEY_A},${KEY_B}` }) ?? [];
    expect(a).not.toBe(b);
    expect(ids({})).toBeNull();
    expect(ids({ ENCRYPTION_KEY: KEY_A })).toEqual([a ?? ""]);
    expect(ids({ ENCRYPTION_KEYS: ` ${KEY_B} ,\n${KEY_A}`, ENCRYPTION_KEY: KEY_A })).toEqual([b ?? "", a ?? ""]);
    expect(ids({ ENCRYPTION_KEYS: KEY_B, ENCRYPTION_KEY: KEY_A })).toEqual([b ?? "", a ?? ""]);
  });

  test.each([KEY_A.slice(1), "0".repeat(64), `${KEY_A},short`, "AAAA"])(
    "%s is refused with what makes a key",
    (text) => {
      const [problem] = refused({ env: { ENCRYPTION_KEYS: text } });
      expect(problem).toMatch(/^ENCRYPTION_KEYS: key [12]: this is not 32 bytes in base64/);
      expect(problem).not.toContain(text);
    },
  );
});

describe("what follows from what", () => {
  test("strangers cannot sign up by default once the instance is reachable from elsewhere", () => {
    expect(accepted({}).config.signUp.policy).toBe("open");
    expect(accepted({ env: { HOST: "0.0.0.0" } }).config.signUp.policy).toBe("invitation");
    expect(accepted({ env: { BASE_URL: "https://gateway.example.com" } }).config.signUp.policy).toBe("invitation");
    expect(accepted({ env: { HOST: "0.0.0.0", SIGN_UP_POLICY: "open" } }).config.signUp.policy).toBe("open");
  });

  test("naming domains alone closes sign-up to everybody else; naming them under another policy is refused", () => {
    expect(accepted({ env: { SIGN_UP_DOMAINS: "Example.com, @example.org" } }).config.signUp).toEqual({
      policy: "domains",
      domains: ["example.com", "example.org"],
    });
    expect(refused({ env: { SIGN_UP_DOMAINS: "example.com", SIGN_UP_POLICY: "open" } })[0]).toContain(
      "would be ignored",
    );
  });

  test("the base URL follows host and port until somebody sets it", () => {
    const baseUrl = (env: Record<string, string>) => accepted({ env }).config.baseUrl;
    expect(baseUrl({})).toBe("http://localhost:8787");
    expect(baseUrl({ HOST: "127.0.0.1", PORT: "1" })).toBe("http://localhost:1");
    expect(baseUrl({ HOST: "0.0.0.0" })).toBe("http://localhost:8787");
    expect(baseUrl({ HOST: "[::1]" })).toBe("http://[::1]:8787");
    expect(baseUrl({ HOST: "192.0.2.7" })).toBe("http://192.0.2.7:8787");
    expect(baseUrl({ BASE_URL: "https://GATEWAY.example.com:443" })).toBe("https://gateway.example.com");
  });

  test("the operator is warned of unencrypted addresses, of links that lead nowhere and of an unlikely sender", () => {
    const warned = (env: Record<string, string>) => accepted({ env }).warnings.map((warning) => warning.where);
    expect(warned({ BASE_URL: "http://gateway.example.com" })).toEqual(["BASE_URL"]);
    expect(warned({ HOST: "0.0.0.0" })).toEqual(["BASE_URL"]);
    expect(warned({ SMTP_URL: "smtp://localhost" })).toEqual(["MAIL_FROM"]);
    expect(warned({ HOST: "0.0.0.0", BASE_URL: "https://gateway.example.com" })).toEqual([]);
  });

  test("allowed private addresses are kept in the one form that the outbound client compares with", () => {
    const { config } = accepted({ env: { ALLOW_PRIVATE_UPSTREAM: "Lab.internal:8000, [FD00:0::1]:0443,10.0.0.1:1" } });
    expect(config.allowPrivateUpstream).toEqual(["lab.internal:8000", "fd00::1:443", "10.0.0.1:1"]);
  });
});
