/**
 * What the data plane needs from outside, as interfaces. `main.ts` fills them; nothing here knows a database, a web
 * framework or the dashboard.
 */
import type { ListedModel, Resolution } from "../catalog/catalog.ts";
import type { AllowedModels } from "../kernel/allowed-models.ts";
import type { ApiKeyKind } from "../kernel/api-key.ts";
import type { JsonObject, JsonValue } from "../kernel/json.ts";
import type { NanoUsd } from "../kernel/money.ts";
import type { Network } from "../kernel/networks.ts";
import type { SpendLimit } from "../kernel/spend-limit.ts";
import type { StorageTrouble } from "../kernel/storage-trouble.ts";
import type { ApiType } from "./canonical/dialects.ts";
import type { BilledParts } from "./metering/recompute.ts";
import type { SettlementRule } from "./metering/settlement.ts";
import type { Why } from "./router/reasons.ts";
import type { StatedWishes } from "./router/wishes.ts";

/** A key as the data plane sees it: everything that decides whether it may call, nothing secret. */
export interface KeyRecord {
  id: string;
  /** SHA-256 of the secret that it was found by, one of the key's. */
  hash: string;
  userId: string;
  kind: ApiKeyKind;
  name: string;
  label: string;
  createdAt: number;
  expiresAt: number | null;
  /** When the secret that it was found by ends, where the key has been given another; null for the current one. */
  secretEndsAt: number | null;
  disabledAt: number | null;
  deletedAt: number | null;
  /** Grows with every change of the key. */
  version: number;
  ownerActive: boolean;
  /** Every limit that a call with this key is held to but the instance's, in the order of SPEND_SCOPES. */
  spendLimits: readonly SpendLimit[];
  rateCaps: RateCaps;
  /** For all keys of the account together. */
  accountCaps: RateCaps;
  /** Null for anywhere. */
  allowedFrom: AllowedFrom | null;
  /** Null for every model. */
  allowedModels: AllowedModels | null;
}

/** The most requests, and tokens, in any minute, and calls at the same time; null for no cap. */
export interface RateCaps {
  rpm: number | null;
  tpm: number | null;
  parallel: number | null;
}

/** From where a key may be called. Null is no list; an empty list holds nobody. */
export interface AllowedFrom {
  key: readonly Network[] | null;
  account: readonly Network[] | null;
}

/** Where keys come from when the snapshot in memory does not hold one. Rejects when storage fails. */
export interface KeySource {
  findByHash(hash: string): Promise<KeyRecord | null>;
}

export interface ModelResolver {
  resolve(modelName: string): Resolution;
  /** Everything that is on the list of models, with everybody who serves it, ordered by id. */
  listed(): readonly ListedModel[];
  /** Resolves once every provider has had its chance to report, or after its time limit. */
  ready(): Promise<void>;
}

/** A named set of request fields: a model, a system prompt, parameters, `provider`, plugins. */
export interface Preset {
  id: string;
  /** Another one after every change of the fields. */
  versionId: string;
  slug: string;
  /** As the request would write them. `system` is a text that goes before the conversation. */
  fields: JsonObject;
}

/** Where presets are kept. Rejects when storage fails. */
export interface PresetSource {
  /** The preset that the slug means to this person; null for none. */
  find(userId: string, slug: string): Preset | null | Promise<Preset | null>;
}

/** What a person has set for all of their requests. */
export interface AccountRouting {
  wishes: StatedWishes;
  /** For requests that name no model. */
  defaultModel: string | null;
}

/** Where those settings are kept. Rejects when storage fails. */
export interface AccountRoutingSource {
  /** Null for a person who has set nothing. */
  find(userId: string): AccountRouting | null | Promise<AccountRouting | null>;
}

/** One upstream attempt, kept with the usage record. */
export interface AttemptRecord {
  provider: string;
  /** Display name of the provider. */
  providerName: string;
  model: string;
  /** Which of the provider's credentials, by its id, which holds nothing of the secret; null where it has only one. */
  credential: string | null;
  /** HTTP status, or 0 when there was no answer. */
  status: number;
  latencyMs: number;
  /** When it began, counted from the request's beginning; missing in older records. */
  startedMs?: number;
  /** Why this endpoint was tried. */
  reason: string;
  /** The same in words for programs; missing in older records. */
  why?: Why;
  /** Why it failed, by the code of the error; null for the one that answered. */
  errorCode: string | null;
  /** True for a second attempt that was begun because the first was slow. */
  hedged: boolean;
  /** What it may have cost the operator although nobody got its answer; null where that is unknown or nothing. */
  costNano: NanoUsd | null;
}

/** What one request was, cost and gave. Written once, when it is over. */
export interface UsageRecord {
  /** The generation id. */
  id: string;
  requestId: string;
  createdAt: number;
  userId: string;
  keyId: string;
  apiType: ApiType;
  modelRequested: string;
  model: string | null;
  provider: string | null;
  upstreamId: string | null;
  streamed: boolean;
  cancelled: boolean;
  /** HTTP status that the client saw. */
  status: number;
  errorCode: string | null;
  finishReason: string | null;
  nativeFinishReason: string | null;
  promptTokens: number;
  completionTokens: number;
  reasoningTokens: number;
  cachedTokens: number;
  tokensEstimated: boolean;
  /** Null when no price is known. */
  costNano: NanoUsd | null;
  priceVersion: string | null;
  latencyMs: number;
  firstTokenMs: number | null;
  appReferer: string | null;
  appTitle: string | null;
  userAgent: string | null;
  attempts: AttemptRecord[];
  /** The generation whose answer was given again out of the response cache. */
  cacheSourceId: string | null;
  presetId: string | null;
  /** The router that chose the model, such as "openrouter/auto". */
  router: string | null;
  providerSlug: string | null;
  sessionId: string | null;
  /** The caller's own name for their user: the field `user`. */
  externalUser: string | null;
  /** The tier that the provider says it answered on. */
  serviceTier: string | null;
  /** The Origin header, or the origin of the referer. */
  origin: string | null;
  /** At most two of the known words. */
  appCategories: readonly string[];
  /** From asking the provider that answered until the end; null when none answered. */
  generationTimeMs: number | null;
  cacheWriteTokens: number;
  imageCompletionTokens: number;
  /** Pictures, sounds, films and documents in the request. */
  mediaPrompt: number;
  /** Those of them that are sounds. */
  audioPrompt: number;
  /** Pictures and sounds in the answer. */
  mediaCompletion: number;
  /** What the provider says that it charged; null when it says nothing. */
  upstreamCostNano: NanoUsd | null;
  /** What reading from the provider's cache saved, less what writing to it cost; null without a known price. */
  cacheDiscountNano: NanoUsd | null;
  /** What of the usage has a price and stands in no field of its own; null where there is none. */
  billedParts: BilledParts | null;
  /** By which rule of docs/billing.md it is charged. */
  settledAs: SettlementRule;
}

/** Keeps the figures behind a price version. Resolves when they are durable; harmless when repeated. */
export interface PriceSink {
  keep(version: string, rates: string): Promise<void>;
}

/** What a call asks to have set aside for it before anything goes to a provider. */
export interface HoldRequest {
  requestId: string;
  keyId: string;
  userId: string;
  /** When the call began; decides which windows it belongs to. Its usage record says the same. */
  startedAtMs: number;
  /**
   * The limits it is known to be held to, in the order of SPEND_SCOPES; at least one. What is reserved on is what the
   * database says at that moment.
   */
  limits: readonly SpendLimit[];
  /** The most that the call can cost. */
  wantNano: NanoUsd;
  /** The least with which it is worth beginning; what is granted lies between the two. */
  leastNano: NanoUsd;
  /** What the record of the call would say if it ended now. Asked at most once in two seconds, for the case of a crash. */
  draft(): UsageRecord;
}

/** Money set aside for one call. It ends in exactly one of: settled with the usage record, given back, expired. */
export interface Hold {
  requestId: string;
  grantedNano: NanoUsd;
}

export type HoldDecision =
  | { kind: "held"; hold: Hold }
  /**
   * `leftNano` is what the named limit has left at this moment; `heldNano` what of it is set aside for running calls, where
   * no limit is short of anything else; else zero.
   */
  | { kind: "refused"; limit: SpendLimit; leftNano: NanoUsd; heldNano: NanoUsd; resetsAtMs: number | null };

/** A cap that more calls are to be let in by. */
export interface CapAsk {
  name: string;
  kind: keyof RateCaps;
  cap: number;
  /** What is used here already, and what is to be. */
  need: number;
}

/** How caps on rates are divided among the processes that share them. */
export interface CapShares {
  /** What this process may give of a cap by itself. */
  of(name: string): number;
  /** Resolves when `of` says what there is now; rejects when storage fails. */
  grow(asks: readonly CapAsk[]): Promise<unknown>;
  /** No more is needed from now on. */
  shrink(ask: CapAsk): void;
}

/** Where budgets are kept. Exact at any concurrency and with any number of processes. */
export interface Ledger {
  /** Budgets of the whole instance, as of at most a second ago. They come before the limits of the key. */
  instanceLimits(): readonly SpendLimit[];
  /** Why nothing can be recorded at this moment; null while it can. Costs nothing to ask. */
  trouble(): StorageTrouble | null;
  /** At once where a lease of this process covers it, else after a durable write. Rejects when storage fails. */
  reserve(request: HoldRequest): HoldDecision | Promise<HoldDecision>;
  /** Notes what a running answer has cost so far, so that a crash can be settled from it. Durable within two seconds. */
  progress(hold: Hold, costNano: NanoUsd): void;
  /** Gives back a hold of which nothing was used. Resolves when others can have it. */
  release(hold: Hold): Promise<void>;
}

/** What a call was charged. */
export interface Settlement {
  /** What the customer pays: at most what was held. Null when no price is known. */
  chargedNano: NanoUsd | null;
  /** What it cost beyond that, which the operator bears. */
  lossNano: NanoUsd;
}

/** Takes records for keeping. Resolves when the record is durable; rejects when it could not be kept. */
export interface UsageSink {
  /**
   * Keeps the record and ends the hold, if the call had one, in one transaction. `usage.costNano` is what the answer
   * cost; what of it is charged, and stands in the kept record, is the hold's to decide.
   */
  record(usage: UsageRecord, hold: Hold | null): Promise<Settlement>;
}

/** What was asked: a text, or the messages of a conversation. */
export type PayloadInput = { prompt: string } | { messages: JsonValue[] };

export interface PayloadOutput {
  /** Null when no text was sent. */
  completion: string | null;
  reasoning: string | null;
  /** `arguments` is JSON text, as it was sent. */
  toolCalls: { id: string; name: string; arguments: string }[];
}

/** A request and its answer as they passed, cut to a bound. Made only while the operator has payload logging on. */
export interface PayloadRecord {
  generationId: string;
  userId: string;
  createdAt: number;
  input: PayloadInput;
  output: PayloadOutput;
  /** What the client was told instead of an answer, or in the middle of one. */
  error: { status: number; message: string; provider: string | null; raw: string | null } | null;
  /** True when something was longer than what is kept; a mark stands where it is missing. */
  isTruncated: boolean;
}

/** Takes payloads for keeping. A rejection loses the payload, never the answer. */
export interface PayloadSink {
  keep(payload: PayloadRecord): Promise<void>;
}

/** Something that the owner of a key should hear of. An address is "unknown" where it could not be told. */
export type SafetySignal =
  /** A correct key was refused because of where it was called from. */
  | {
      kind: "address_refused";
      key: KeyRecord;
      address: string;
      list: "key" | "account";
      requestId: string;
      atMs: number;
    }
  /** Somebody called with a text that has the form of a key, and was not let in. Perhaps there is a key with this id. */
  | { kind: "key_refused"; keyId: string; address: string; code: string; atMs: number };

/** Takes what the data plane noticed about a key. Returns at once and never throws; may be called in a flood. */
export interface AlertSink {
  report(signal: SafetySignal): void;
  /** A call is over: what was recorded of it, and where it came from. */
  finished(usage: UsageRecord, address: string): void;
}

/** Where the data plane reports what an operator should know. Never sees a body, a key or a header value. */
export interface GatewayLog {
  warn(event: string, fields: { provider?: string; status?: number; requestId?: string; reason?: string }): void;
}
