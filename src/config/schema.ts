/** The one schema of the configuration, and the shape that the rest of the program sees. */
import { z } from "zod";
import type { DataPolicy } from "../catalog/catalog.ts";
import type { ModelOverride } from "../catalog/overrides.ts";
import { type VendorType, vendorTypes } from "../catalog/vendors/vendors.ts";
import type { WrappingKey } from "../kernel/envelope.ts";
import type { Secret } from "../kernel/secret.ts";
import { type AnswerTimeouts, DEFAULT_TIMEOUTS, type Timeouts } from "../kernel/timeouts.ts";
import { fileModelSchema } from "./models.ts";
import type { SingleSignOnConfig } from "./sign-on.ts";
import { fileTimeoutsSchema, phaseSeconds } from "./timeouts.ts";
import {
  apiKeyValue,
  baseUrlValue,
  currencyValue,
  databaseUrlValue,
  encryptionKeyList,
  encryptionKeyValue,
  headerName,
  hiddenText,
  hostsWithPort,
  hostValue,
  instanceSecretValue,
  issuerValue,
  mailDomains,
  mailFromValue,
  networks,
  oneOf,
  rateValue,
  seconds,
  smtpUrlValue,
  switchValue,
  texts,
  textValue,
  triState,
  upstreamUrlValue,
  weightValue,
  wholeNumber,
} from "./values.ts";

/** Slugs that the program gives to what it brings itself. */
const RESERVED_SLUGS = ["sandbox", "gapura"];
const MIB = 1024 * 1024;
/** Who may make an account. The last: only whom the OpenID provider knows. */
export const SIGN_UP_POLICIES = ["open", "invitation", "domains", "single-sign-on"] as const;
const HEDGING = ["off", "request", "always"] as const;
const priorityValue = wholeNumber({ minimum: 0, maximum: 1_000 });

export const slugSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, "write 1 to 32 lower-case letters, digits and dashes")
  .refine((slug) => !RESERVED_SLUGS.includes(slug), "this slug is taken by Gapura itself; choose another");

/** A further key of a provider. */
export const fileCredentialSchema = z.strictObject({
  id: slugSchema,
  apiKey: apiKeyValue.optional(),
  apiKeyFile: textValue.optional(),
  apiKeyVariable: textValue.optional(),
  fields: z.record(z.string(), hiddenText, "write it like { accessKeyId: AKIA… }").optional(),
  weight: weightValue.optional(),
  priority: priorityValue.optional(),
});
export type FileCredential = z.output<typeof fileCredentialSchema>;

export const fileProviderSchema = z.strictObject({
  type: oneOf(vendorTypes),
  slug: slugSchema.optional(),
  name: textValue.optional(),
  baseUrl: upstreamUrlValue.optional(),
  apiKey: apiKeyValue.optional(),
  apiKeyFile: textValue.optional(),
  apiKeyVariable: textValue.optional(),
  /** What else its vendor has to be told, by the names of its fields. */
  fields: z.record(z.string(), hiddenText, "write it like { region: eu-central-1 }").optional(),
  models: texts.optional(),
  /** Whether it keeps prompts for training or publishes them, and whether it keeps nothing at all. */
  dataCollection: switchValue.optional(),
  zeroDataRetention: switchValue.optional(),
  /** Its share and its turn among the providers of the same model. */
  weight: weightValue.optional(),
  priority: priorityValue.optional(),
  credentials: z.array(fileCredentialSchema, "write a list: every key begins with a dash").optional(),
  timeouts: fileTimeoutsSchema.optional(),
});
export type FileProvider = z.output<typeof fileProviderSchema>;

/** One entry per row of `settings.ts`, and the lists of the file. Undefined means: nobody wrote it. */
export const settingsSchema = z.object({
  host: hostValue.default("localhost"),
  port: wholeNumber({ minimum: 0, maximum: 65_535 }).default(8787),
  baseUrl: baseUrlValue.optional(),
  dataDir: textValue.default("./data"),
  databaseUrl: databaseUrlValue.optional(),
  smtpUrl: smtpUrlValue.optional(),
  mailFrom: mailFromValue.optional(),
  secret: instanceSecretValue.optional(),
  encryptionKey: encryptionKeyValue.optional(),
  encryptionKeys: encryptionKeyList.optional(),
  signUpPolicy: oneOf(SIGN_UP_POLICIES).optional(),
  signUpDomains: mailDomains.default([]),
  oidcIssuer: issuerValue.optional(),
  oidcClientId: textValue.optional(),
  oidcClientSecret: hiddenText.optional(),
  oidcName: textValue.optional(),
  oidcDomains: mailDomains.default([]),
  trustedProxies: networks.default([]),
  proxyAddressHeader: headerName.default("x-forwarded-for"),
  sandbox: triState.default("auto"),
  localProviders: switchValue.default(true),
  allowPrivateUpstream: hostsWithPort.default([]),
  unpricedModels: oneOf(["refuse", "allow"]).default("refuse"),
  maxBodyBytes: wholeNumber({ minimum: 1024, maximum: 256 * MIB }).default(10 * MIB),
  maxJsonDepth: wholeNumber({ minimum: 4, maximum: 1000 }).default(64),
  slowReaderSeconds: wholeNumber({ minimum: 5, maximum: 3_600 }).default(60),
  drainSeconds: wholeNumber({ minimum: 0, maximum: 3_600 }).default(30),
  workers: wholeNumber({ minimum: 1, maximum: 64 }).default(1),
  concurrentAnswers: wholeNumber({ minimum: 1, maximum: 100_000 }).default(1_000),
  connectTimeout: seconds({ minimum: 0.1, maximum: 600 }).prefault(DEFAULT_TIMEOUTS.connectMs / 1000),
  firstByteTimeout: phaseSeconds.prefault(DEFAULT_TIMEOUTS.firstByteMs / 1000),
  wholeAnswerTimeout: phaseSeconds.prefault(DEFAULT_TIMEOUTS.wholeAnswerMs / 1000),
  silenceTimeout: phaseSeconds.prefault(DEFAULT_TIMEOUTS.silenceMs / 1000),
  answerTimeout: phaseSeconds.prefault(DEFAULT_TIMEOUTS.answerMs / 1000),
  streamTimeout: phaseSeconds.prefault(DEFAULT_TIMEOUTS.streamMs / 1000),
  hedging: oneOf(HEDGING).default("off"),
  payloadLogging: switchValue.default(false),
  payloadRetentionDays: wholeNumber({ minimum: 1, maximum: 3650 }).default(30),
  usageRetentionDays: wholeNumber({ minimum: 1, maximum: 3650 }).default(400),
  usageMaxGigabytes: wholeNumber({ minimum: 1, maximum: 100_000 }).default(20),
  logLevel: oneOf(["debug", "info", "warn", "error"]).default("info"),
  webDir: textValue.optional(),
  priceRefreshUrl: upstreamUrlValue.optional(),
  githubKeysUrl: upstreamUrlValue.optional(),
  priceRefreshHours: wholeNumber({ minimum: 1, maximum: 720 }).default(24),
  displayCurrency: currencyValue.optional(),
  displayRate: rateValue.optional(),
  models: z.array(fileModelSchema, "write a list: every model begins with a dash").default([]),
  providers: z.array(fileProviderSchema, "write a list: every provider begins with a dash").default([]),
});
export type Settings = z.output<typeof settingsSchema>;

export type SignUpPolicy = (typeof SIGN_UP_POLICIES)[number];
export type LogLevel = Settings["logLevel"];

/** `request`: where a request asks for it. */
export type Hedging = (typeof HEDGING)[number];

/** One key of a provider that has several. */
export interface CredentialConfig {
  /** Unique within the provider; no part of the key. */
  id: string;
  secret: Secret | null;
  weight: number;
  priority: number;
}

export interface ProviderConfig {
  /** Lower-case and unique: the first part of this provider's model ids. */
  slug: string;
  type: VendorType;
  /** What people read. */
  name: string;
  /** Up to and without `/chat/completions`, no trailing slash. */
  baseUrl: string;
  /** The key, or the vendor's fields as JSON where it has several (catalog/vendors/fields.ts). */
  credential: Secret | null;
  /** All of them, `credential` first, where there are several. */
  credentials?: CredentialConfig[];
  /** Its share and its turn among the providers of the same model. */
  weight?: number;
  priority?: number;
  timeouts?: Partial<AnswerTimeouts>;
  /** The models to offer; null means: ask the provider. */
  models: string[] | null;
  source: "environment" | "file";
  /** What the file says of it. */
  dataPolicy?: DataPolicy;
}

export interface Config {
  host: string;
  /** 0 asks the system for a free port; `withActualPort` then puts the real one in. */
  port: number;
  /** Scheme, host and port, no trailing slash. */
  baseUrl: string;
  /** Absolute. */
  dataDir: string;
  databaseUrl: Secret | null;
  smtpUrl: Secret | null;
  mailFrom: string;
  /** Null means: `ensureSecret(dataDir)` makes one and keeps it. */
  secret: Secret | null;
  /** The first seals, all open. Null means: the file in the data folder, or none with PostgreSQL. */
  encryptionKeys: readonly [WrappingKey, ...WrappingKey[]] | null;
  signUp: { policy: SignUpPolicy; domains: string[] };
  /** Null while no OpenID provider is configured. */
  singleSignOn: SingleSignOnConfig | null;
  /** IP addresses and CIDR networks. */
  trustedProxies: string[];
  /** Lower-case. */
  proxyAddressHeader: string;
  sandbox: "auto" | "on" | "off";
  localProviders: boolean;
  /** `host:port`, lower-case, IPv6 without brackets: `10.1.2.3:8000`, `fd00::1:8000`. */
  allowPrivateUpstream: string[];
  unpricedModels: "refuse" | "allow";
  providers: ProviderConfig[];
  /** What the file says of models. */
  models: ModelOverride[];
  /** Where newer prices are fetched from; null means: nowhere, the bundled ones hold. */
  priceRefreshUrl: string | null;
  /** Null: findings of GitHub's secret scanning are not taken. */
  githubKeysUrl: string | null;
  priceRefreshHours: number;
  /** What stands beside every amount of dollars, and how many units of it a dollar is worth; null for nothing. */
  display: { currency: string; rate: string } | null;
  maxBodyBytes: number;
  maxJsonDepth: number;
  slowReaderSeconds: number;
  drainSeconds: number;
  workers: number;
  concurrentAnswers: number;
  timeouts: Timeouts;
  hedging: Hedging;
  payloadLogging: boolean;
  payloadRetentionDays: number;
  usageRetentionDays: number;
  usageMaxGigabytes: number;
  logLevel: LogLevel;
  /** Absolute. */
  webDir: string;
}
