/**
 * The configuration in force: flags over environment over gapura.config.yaml over defaults.
 *
 * Invariants: either a complete, checked Config or every problem at once, never the first one only; secrets live in
 * `Secret` from the moment they are checked and appear in no problem, warning or source.
 * Failure modes: none of its own. Nothing is read but what `input` hands in, so a test holds all of it.
 */
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { vendorTypes } from "../catalog/vendors/vendors.ts";
import { absolute, type ConfigInput, type Gathered, gather } from "./gather.ts";
import { isLoopbackHost, urlOfListener } from "./hosts.ts";
import { filePriceSchema } from "./model-price.ts";
import { fileModelSchema, MODEL_EXAMPLE, modelFixes, readModels } from "./models.ts";
import { nearest } from "./nearest.ts";
import type { Problem, Source } from "./problem.ts";
import { readProviders } from "./providers.ts";
import { type Config, fileCredentialSchema, fileProviderSchema, type Settings, settingsSchema } from "./schema.ts";
import { type SettingName, settingEntries, settings } from "./settings.ts";
import { checkSingleSignOn, singleSignOnOf } from "./sign-on.ts";
import { fileTimeoutsSchema, TIMEOUTS_FIX } from "./timeouts.ts";

export interface LoadedConfig {
  ok: true;
  config: Config;
  /** Where each value in force came from. */
  sources: Record<SettingName, Source>;
  /** The file that was read, null when there is none. */
  configFile: string | null;
  warnings: Problem[];
  /** Environment variables that held secrets; the entry point deletes them. */
  secretVariables: string[];
}

export interface RefusedConfig {
  ok: false;
  problems: Problem[];
  warnings: Problem[];
}

export type { ConfigInput } from "./gather.ts";

export function loadConfig(input: ConfigInput): LoadedConfig | RefusedConfig {
  const gathered = gather(input);
  const raw: Record<string, unknown> = { providers: gathered.providers, models: gathered.models };
  for (const [name] of settingEntries()) raw[name] = gathered.values.get(name)?.raw;
  const result = settingsSchema.safeParse(raw);
  if (!result.success) gathered.problems.push(...result.error.issues.flatMap((issue) => problemsOf(gathered, issue)));
  const providers = readProviders(gathered, wellFormed(gathered.providers, fileProviderSchema));
  const models = readModels(gathered, wellFormed(gathered.models, fileModelSchema));
  checkSignUp(gathered, raw);
  checkSingleSignOn(gathered);
  if (!result.success || gathered.problems.length > 0) {
    return { ok: false, problems: gathered.problems, warnings: gathered.warnings };
  }
  const config = { ...complete(result.data, input.cwd), providers, models };
  gathered.warnings.push(...warningsOf(config, gathered));
  return {
    ok: true,
    config,
    sources: sourcesOf(gathered),
    configFile: gathered.configFile,
    warnings: gathered.warnings,
    secretVariables: [...gathered.secretVariables],
  };
}

function complete(values: Settings, cwd: string): Omit<Config, "providers" | "models"> {
  const { encryptionKey: _key, providers: _, models: _models, ...shown } = values;
  const { oidcIssuer: _issuer, oidcClientId: _id, oidcClientSecret: _secret, ...visible } = shown;
  const { oidcName: _name, oidcDomains: _domains, ...plain } = visible;
  const { signUpPolicy, signUpDomains, displayCurrency, displayRate, ...others } = plain;
  const { connectTimeout, firstByteTimeout, wholeAnswerTimeout, ...further } = others;
  const { silenceTimeout, answerTimeout, streamTimeout, ...rest } = further;
  const baseUrl = values.baseUrl ?? urlOfListener(values.host, values.port);
  const baseHost = new URL(baseUrl).hostname;
  const staysHere = isLoopbackHost(values.host) && isLoopbackHost(baseHost);
  const impliedPolicy = signUpDomains.length > 0 ? "domains" : staysHere ? "open" : "invitation";
  return {
    ...rest,
    baseUrl,
    dataDir: absolute(cwd, values.dataDir),
    webDir:
      values.webDir === undefined
        ? fileURLToPath(new URL("../../web/dist", import.meta.url))
        : absolute(cwd, values.webDir),
    databaseUrl: values.databaseUrl ?? null,
    smtpUrl: values.smtpUrl ?? null,
    mailFrom: values.mailFrom ?? `Gapura <gapura@${baseHost}>`,
    secret: values.secret ?? null,
    encryptionKeys: encryptionKeysOf(values),
    priceRefreshUrl: values.priceRefreshUrl ?? null,
    githubKeysUrl: values.githubKeysUrl ?? null,
    display:
      displayCurrency === undefined || displayRate === undefined
        ? null
        : { currency: displayCurrency, rate: displayRate },
    singleSignOn: singleSignOnOf(values),
    signUp: { policy: signUpPolicy ?? impliedPolicy, domains: signUpDomains },
    timeouts: {
      connectMs: connectTimeout,
      firstByteMs: firstByteTimeout,
      wholeAnswerMs: wholeAnswerTimeout,
      silenceMs: silenceTimeout,
      answerMs: answerTimeout,
      streamMs: streamTimeout,
    },
  };
}

/** The entries that pass alone: so one bad entry, or one bad setting, does not hide what is wrong with the others. */
function wellFormed<Entry>(raw: unknown, schema: z.ZodType<Entry>): Map<number, Entry> {
  const entries = new Map<number, Entry>();
  for (const [index, entry] of (Array.isArray(raw) ? raw : []).entries()) {
    const result = schema.safeParse(entry);
    if (result.success) entries.set(index, result.data);
  }
  return entries;
}

/** What only shows when policy and domains are seen side by side. */
function checkSignUp(gathered: Gathered, raw: Record<string, unknown>): void {
  const policy = settingsSchema.shape.signUpPolicy.safeParse(raw.signUpPolicy).data;
  const domains = settingsSchema.shape.signUpDomains.safeParse(raw.signUpDomains).data;
  const whereOf = (name: SettingName) => gathered.values.get(name)?.source.name ?? settings[name].variable;
  if (policy === "domains" && domains?.length === 0) {
    gathered.problems.push({
      where: whereOf("signUpPolicy"),
      what: "the policy is domains, but no domain is named",
      fix: "Set SIGN_UP_DOMAINS, for example example.com.",
    });
  }
  if (policy !== undefined && policy !== "domains" && domains !== undefined && domains.length > 0) {
    gathered.problems.push({
      where: whereOf("signUpDomains"),
      what: `domains are named, but the policy is ${policy}, so they would be ignored`,
      fix: "Set SIGN_UP_POLICY to domains, or take the domains away.",
    });
  }
}

/** Every key that was named opens; those of the list come first, and the first of all seals. */
function encryptionKeysOf({ encryptionKey, encryptionKeys }: Settings): Config["encryptionKeys"] {
  const named = [...(encryptionKeys ?? []), ...(encryptionKey ? [encryptionKey] : [])];
  const [first, ...rest] = named.filter(({ id }, index) => named.findIndex((key) => key.id === id) === index);
  return first === undefined ? null : [first, ...rest];
}

function warningsOf(config: Config, gathered: Gathered): Problem[] {
  const warnings: Problem[] = [];
  const { protocol, hostname } = new URL(config.baseUrl);
  if (protocol === "http:" && !isLoopbackHost(hostname)) {
    warnings.push({
      where: "BASE_URL",
      what: `${config.baseUrl} is reached without encryption: passwords and keys can be read on the way`,
      fix: "Put a reverse proxy with TLS in front and set BASE_URL to its https:// address.",
    });
  }
  if (!isLoopbackHost(config.host) && isLoopbackHost(hostname)) {
    warnings.push({
      where: "BASE_URL",
      what: `Gapura listens beyond this machine, but the links in its mails begin with ${config.baseUrl}`,
      fix: "Set BASE_URL to the address that people open.",
    });
  }
  const everybody = config.trustedProxies.find((network) => network.endsWith("/0"));
  if (everybody !== undefined) {
    warnings.push({
      where: "TRUSTED_PROXIES",
      what: `${everybody} trusts everybody, so that every caller can claim any address and pass every allow-list`,
      fix: "Name the addresses of the proxies alone.",
    });
  }
  if (config.smtpUrl !== null && !gathered.values.has("mailFrom")) {
    warnings.push({
      where: "MAIL_FROM",
      what: `mails will come from ${config.mailFrom}, which the mail server may refuse`,
      fix: "Set MAIL_FROM to an address that your mail server may send for.",
    });
  }
  const pair = [gathered.values.get("displayCurrency"), gathered.values.get("displayRate")];
  const alone = config.display === null ? pair.find((value) => value !== undefined) : undefined;
  if (alone !== undefined) {
    warnings.push({
      where: alone.source.name,
      what: "a second currency needs a name and a rate; only dollars will be shown",
      fix: "Set both DISPLAY_CURRENCY and DISPLAY_RATE, for example to IDR and 16500.",
    });
  }
  return warnings;
}

type Issue = { path: PropertyKey[]; message: string; code?: string; keys?: string[] };

/** One schema issue in the operator's terms: the place it was written, what is wrong, how to mend it. */
function problemsOf(gathered: Gathered, issue: Issue): Problem[] {
  const [head, , field] = issue.path;
  const row = settingEntries().find(([name]) => name === head);
  if (row !== undefined) {
    const [name, setting] = row;
    const where = gathered.values.get(name)?.source.name ?? setting.variable;
    return [{ where, what: issue.message, fix: `Expected: ${setting.accepts.en.replaceAll("`", "")}.` }];
  }
  const list = head === "models" ? modelWords : providerWords;
  if (issue.keys !== undefined) {
    const known = FIELDS_INSIDE.get(String(field)) ?? list.fields;
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const fix = meant === undefined ? `Known fields: ${known.join(", ")}.` : `Did you mean ${meant}?`;
      return { where: gathered.whereInFile([...issue.path, key]), what: `${list.one} has no such field`, fix };
    });
  }
  const what = issue.code === "invalid_type" ? "this has the wrong form" : issue.message;
  const fix = field === undefined ? list.example : (list.fixes.get(String(field)) ?? "");
  return [{ where: gathered.whereInFile(issue.path), what, fix }];
}

/** What stands under a field of an entry. */
const FIELDS_INSIDE = new Map([
  ["price", Object.keys(filePriceSchema.shape)],
  ["timeouts", Object.keys(fileTimeoutsSchema.shape)],
  ["credentials", Object.keys(fileCredentialSchema.shape)],
]);

const PROVIDER_EXAMPLE =
  "Write it like `- { type: openai-compatible, slug: my-server, baseUrl: https://llm.example.com/v1 }`.";
const providerFixes = new Map([
  ["type", `Use one of ${vendorTypes.join(", ")}.`],
  ["slug", "Write it like `slug: my-server`."],
  ["baseUrl", "Write it like `baseUrl: https://llm.example.com/v1`."],
  ["apiKey", "Copy the key again from the provider's page, or name a file with apiKeyFile."],
  ["dataCollection", "Write on where it keeps prompts for training or publishes them, off where it does not."],
  ["zeroDataRetention", "Write on where it keeps nothing of a request."],
  ["weight", "Write a number like `weight: 2`."],
  ["priority", "Write a whole number like `priority: 1`; lower comes first."],
  ["credentials", "Write it like `credentials: [{ id: second, apiKeyVariable: SECOND_KEY }]`."],
  ["timeouts", TIMEOUTS_FIX],
  ["models", "Write it like `models: [llama-3.3-70b, qwen3-32b]`, or leave it out to ask the provider."],
]);

/** What to say about a wrong entry of each of the file's lists. */
const providerWords = {
  one: "a provider",
  fields: Object.keys(fileProviderSchema.shape),
  example: PROVIDER_EXAMPLE,
  fixes: providerFixes,
};
const modelWords = {
  one: "a model",
  fields: Object.keys(fileModelSchema.shape),
  example: MODEL_EXAMPLE,
  fixes: modelFixes,
};

function sourcesOf(gathered: Gathered): Record<SettingName, Source> {
  const source = (name: SettingName): Source =>
    gathered.values.get(name)?.source ?? { kind: "default", name: "default" };
  return {
    host: source("host"),
    port: source("port"),
    baseUrl: source("baseUrl"),
    dataDir: source("dataDir"),
    databaseUrl: source("databaseUrl"),
    smtpUrl: source("smtpUrl"),
    mailFrom: source("mailFrom"),
    secret: source("secret"),
    encryptionKey: source("encryptionKey"),
    encryptionKeys: source("encryptionKeys"),
    signUpPolicy: source("signUpPolicy"),
    signUpDomains: source("signUpDomains"),
    oidcIssuer: source("oidcIssuer"),
    oidcClientId: source("oidcClientId"),
    oidcClientSecret: source("oidcClientSecret"),
    oidcName: source("oidcName"),
    oidcDomains: source("oidcDomains"),
    trustedProxies: source("trustedProxies"),
    proxyAddressHeader: source("proxyAddressHeader"),
    sandbox: source("sandbox"),
    localProviders: source("localProviders"),
    allowPrivateUpstream: source("allowPrivateUpstream"),
    unpricedModels: source("unpricedModels"),
    maxBodyBytes: source("maxBodyBytes"),
    maxJsonDepth: source("maxJsonDepth"),
    slowReaderSeconds: source("slowReaderSeconds"),
    drainSeconds: source("drainSeconds"),
    workers: source("workers"),
    concurrentAnswers: source("concurrentAnswers"),
    connectTimeout: source("connectTimeout"),
    firstByteTimeout: source("firstByteTimeout"),
    wholeAnswerTimeout: source("wholeAnswerTimeout"),
    silenceTimeout: source("silenceTimeout"),
    answerTimeout: source("answerTimeout"),
    streamTimeout: source("streamTimeout"),
    hedging: source("hedging"),
    payloadLogging: source("payloadLogging"),
    payloadRetentionDays: source("payloadRetentionDays"),
    usageRetentionDays: source("usageRetentionDays"),
    usageMaxGigabytes: source("usageMaxGigabytes"),
    priceRefreshUrl: source("priceRefreshUrl"),
    githubKeysUrl: source("githubKeysUrl"),
    priceRefreshHours: source("priceRefreshHours"),
    displayCurrency: source("displayCurrency"),
    displayRate: source("displayRate"),
    logLevel: source("logLevel"),
    webDir: source("webDir"),
  };
}
