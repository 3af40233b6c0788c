/** The settings in force, as an operator may read them: values with their sources, secrets by their presence alone. */
import type { LoadedConfig } from "../../config/load.ts";
import type { Source } from "../../config/problem.ts";
import type { Config } from "../../config/schema.ts";
import { type SettingName, settingEntries } from "../../config/settings.ts";
import { type Finding, ok, warn } from "./finding.ts";

export interface SettingLine {
  name: string;
  value: string;
  /** Where exactly: `--port`, `PORT`, `gapura.config.yaml, line 3`. */
  source: string;
  kind: Source["kind"];
}

export function settingLines({ config, sources }: Pick<LoadedConfig, "config" | "sources">): SettingLine[] {
  const values = valuesOf(config);
  return settingEntries().map(([name, setting]) => ({
    name: setting.variable,
    value: values[name],
    source: sources[name].name,
    kind: sources[name].kind,
  }));
}

/** Every setting by its variable, as it may be read by anybody. */
export function settingValues(config: Config): Record<string, string> {
  const values = valuesOf(config);
  return Object.fromEntries(settingEntries().map(([name, setting]) => [setting.variable, values[name]]));
}

export function checkSettings(loaded: LoadedConfig): Finding[] {
  const file = loaded.configFile === null ? "no gapura.config.yaml here, which is fine" : loaded.configFile;
  return [
    ok("config", `${file}; every setting is valid`),
    ...loaded.warnings.map((warning) => warn("config", `${warning.where}: ${warning.what}`, warning.fix)),
  ];
}

function valuesOf(config: Config): Record<SettingName, string> {
  return {
    host: config.host,
    port: String(config.port),
    baseUrl: config.baseUrl,
    dataDir: config.dataDir,
    databaseUrl: config.databaseUrl === null ? NOT_SET : placeOf(config.databaseUrl.reveal()),
    smtpUrl: config.smtpUrl === null ? NOT_SET : placeOf(config.smtpUrl.reveal()),
    mailFrom: config.mailFrom,
    secret: config.secret === null ? "kept in the data folder" : "set, not shown",
    encryptionKey: encryptionText(config),
    encryptionKeys: config.encryptionKeys === null ? NOT_SET : config.encryptionKeys.map(({ id }) => id).join(", "),
    signUpPolicy: config.signUp.policy,
    signUpDomains: listText(config.signUp.domains),
    oidcIssuer: config.singleSignOn?.issuer ?? NOT_SET,
    oidcClientId: config.singleSignOn?.clientId ?? NOT_SET,
    oidcClientSecret: config.singleSignOn === null ? NOT_SET : "set, not shown",
    oidcName: config.singleSignOn?.name ?? NOT_SET,
    oidcDomains: listText(config.singleSignOn?.domains ?? []),
    trustedProxies: listText(config.trustedProxies),
    proxyAddressHeader: config.proxyAddressHeader,
    sandbox: config.sandbox,
    localProviders: config.localProviders ? "on" : "off",
    allowPrivateUpstream: listText(config.allowPrivateUpstream),
    unpricedModels: config.unpricedModels,
    maxBodyBytes: String(config.maxBodyBytes),
    maxJsonDepth: String(config.maxJsonDepth),
    slowReaderSeconds: String(config.slowReaderSeconds),
    drainSeconds: String(config.drainSeconds),
    workers: String(config.workers),
    concurrentAnswers: String(config.concurrentAnswers),
    connectTimeout: secondsText(config.timeouts.connectMs),
    firstByteTimeout: secondsText(config.timeouts.firstByteMs),
    wholeAnswerTimeout: secondsText(config.timeouts.wholeAnswerMs),
    silenceTimeout: secondsText(config.timeouts.silenceMs),
    answerTimeout: secondsText(config.timeouts.answerMs),
    streamTimeout: secondsText(config.timeouts.streamMs),
    hedging: config.hedging,
    payloadLogging: config.payloadLogging ? "on" : "off",
    payloadRetentionDays: String(config.payloadRetentionDays),
    usageRetentionDays: String(config.usageRetentionDays),
    usageMaxGigabytes: String(config.usageMaxGigabytes),
    priceRefreshUrl: config.priceRefreshUrl ?? NOT_SET,
    githubKeysUrl: config.githubKeysUrl ?? NOT_SET,
    priceRefreshHours: String(config.priceRefreshHours),
    displayCurrency: config.display?.currency ?? NOT_SET,
    displayRate: config.display?.rate ?? NOT_SET,
    logLevel: config.logLevel,
    webDir: config.webDir,
  };
}

function secondsText(ms: number): string {
  return String(ms / 1000);
}

const NOT_SET = "not set";

function encryptionText({ encryptionKeys, databaseUrl }: Config): string {
  if (encryptionKeys !== null) return "set, not shown";
  return databaseUrl === null ? "kept in the data folder" : NOT_SET;
}

/** Scheme, host and path of a URL that also holds a password: never its user, password or query. */
function placeOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname} (credentials not shown)`;
}

function listText(items: readonly string[]): string {
  return items.length === 0 ? NOT_SET : items.join(", ");
}
