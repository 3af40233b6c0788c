/** OpenRouter as a provider: its list carries context, modalities and prices, and its answers the cost. */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import { MOST_RATE_NANO, type Price, type PriceOverride, type PriceRates } from "../../../catalog/price.ts";
import { DAY_NAMES, minuteOfClock, type PriceCondition } from "../../../catalog/price-conditions.ts";
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  stringField,
} from "../../../kernel/json.ts";
import { parseUsd } from "../../../kernel/money.ts";
import type { UpstreamDialect } from "../../canonical/dialects.ts";
import { messagesNative } from "../anthropic-messages/messages-dialect.ts";
import type { HttpProvider, ProviderIdentity } from "../http-provider.ts";
import { chatDialect } from "../openai-compatible/chat-dialect.ts";
import { completionsDialect } from "../openai-compatible/completions-dialect.ts";
import { createOpenAiCompatible } from "../openai-compatible/openai-compatible.ts";
import { embeddingsDialect, rerankDialect } from "../openai-compatible/plain-dialects.ts";
import { GATEWAY_FIELDS, PLAIN } from "../openai-compatible/quirks.ts";
import { responsesDialect } from "../openai-responses/responses-dialect.ts";

/** It knows every field of its own API; but which model is tried next is decided here, and the sandbox is ours. */
const OWN_FIELDS = GATEWAY_FIELDS.filter((field) => field !== "sandbox" && field !== "models");
const DIALECTS: readonly UpstreamDialect[] = [
  chatDialect({ ...PLAIN, asksReasoning: "reasoning", returnsReasoning: "reasoning_details" }, OWN_FIELDS),
  responsesDialect({ rejects: [], keeps: OWN_FIELDS, thoughts: null }),
  {
    name: "anthropic-messages",
    framing: "sse",
    native: messagesNative({ keeps: [...OWN_FIELDS, "user"], knowsMaxTokens: true }),
  },
  completionsDialect([], OWN_FIELDS),
  embeddingsDialect(),
  rerankDialect(),
];

export function openrouterProvider(identity: ProviderIdentity): HttpProvider {
  return {
    descriptor: identity,
    createAdapter: (transport) => createOpenAiCompatible({ descriptor: identity, dialects: () => DIALECTS }, transport),
    reportsCost: true,
    readsWishes: true,
    assumedModels: [],
    readModels: (list) => {
      if (!isJsonObject(list) || !Array.isArray(list.data)) return undefined;
      return arrayField(list, "data").flatMap((entry) => (isJsonObject(entry) ? (readModel(entry) ?? []) : []));
    },
    acceptUnlisted: (modelName) => (modelName.includes("/") ? modelName : undefined),
  };
}

function readModel(entry: JsonObject): OfferedModel | undefined {
  const id = stringField(entry, "id");
  if (id === undefined || !id.includes("/")) return undefined;
  const architecture = objectField(entry, "architecture") ?? {};
  const limit = objectField(entry, "top_provider")?.max_completion_tokens;
  return {
    id,
    upstreamModel: id,
    name: stringField(entry, "name") ?? id,
    description: stringField(entry, "description") ?? "",
    canonicalSlug: stringField(entry, "canonical_slug") ?? id,
    created: wholeOr(entry.created, 0),
    contextLength: typeof entry.context_length === "number" ? entry.context_length : null,
    maxCompletionTokens: typeof limit === "number" ? limit : null,
    inputModalities: texts(architecture, "input_modalities", ["text"]),
    outputModalities: texts(architecture, "output_modalities", ["text"]),
    supportedParameters: texts(entry, "supported_parameters", []),
    price: readPrice(objectField(entry, "pricing") ?? {}),
  };
}

/** Prices come as dollars per token in decimal strings; anything that is no exact price leaves the price unknown. */
function readPrice(pricing: JsonObject): Price | null {
  const { promptNanoPerMillion, completionNanoPerMillion, ...special } = readRates(pricing);
  if (promptNanoPerMillion === undefined || completionNanoPerMillion === undefined) return null;
  return {
    version: "openrouter:list",
    promptNanoPerMillion,
    completionNanoPerMillion,
    cachedPromptNanoPerMillion: null,
    ...special,
    overrides: arrayField(pricing, "overrides").flatMap((entry) => (isJsonObject(entry) ? readOverride(entry) : [])),
    requestNano: each(pricing.request),
    webSearchNano: each(pricing.web_search),
  };
}

/** An entry that says only what differs, and when. One whose condition is not understood is taken to hold never. */
function readOverride(entry: JsonObject): PriceOverride[] {
  const { min_prompt_tokens: above, utc_start: start, utc_end: end, utc_days: days } = entry;
  const when: PriceCondition = {};
  if (typeof above === "number") when.abovePromptTokens = above;
  if (start !== undefined || end !== undefined) {
    const [startMinute, endMinute] = [start, end].map((clock) =>
      typeof clock === "number" ? minuteOfClock(clock) : undefined,
    );
    if (startMinute === undefined || endMinute === undefined) return [];
    when.hours = { startMinute, endMinute };
  }
  if (Array.isArray(days)) when.days = DAY_NAMES.flatMap((name, day) => (days.includes(name) ? [day] : []));
  return Object.keys(when).length === 0 ? [] : [{ when, rates: readRates(entry) }];
}

const RATES = {
  prompt: "promptNanoPerMillion",
  completion: "completionNanoPerMillion",
  input_cache_read: "cachedPromptNanoPerMillion",
  input_audio_cache: "cachedAudioNanoPerMillion",
  input_cache_write: "cacheWriteNanoPerMillion",
  input_cache_write_1h: "cacheWrite1hNanoPerMillion",
  audio: "audioPromptNanoPerMillion",
  image_token: "imagePromptNanoPerMillion",
  internal_reasoning: "reasoningNanoPerMillion",
  audio_output: "audioCompletionNanoPerMillion",
  image_output: "imageCompletionNanoPerMillion",
} as const satisfies Record<string, keyof PriceRates>;

function readRates(pricing: JsonObject): Partial<PriceRates> {
  const said = Object.entries(RATES).flatMap(([word, field]) => {
    const value = perMillion(pricing[word]);
    return value === null ? [] : [[field, value] as const];
  });
  return Object.fromEntries(said);
}

/** A price per token may be finer than a nano-dollar; per million it is not. */
function perMillion(value: JsonValue | undefined): bigint | null {
  return typeof value === "string" ? amount(`${value}e6`) : null;
}

function each(value: JsonValue | undefined): bigint | null {
  return typeof value === "string" ? amount(value) : null;
}

function amount(usd: string): bigint | null {
  const nano = parseUsd(usd);
  return nano === undefined || nano < 0n || nano > MOST_RATE_NANO ? null : nano;
}

function texts(object: JsonObject, key: string, otherwise: readonly string[]): readonly string[] {
  const found = arrayField(object, key).filter((value) => typeof value === "string");
  return found.length > 0 ? found : otherwise;
}

function wholeOr(value: JsonValue | undefined, otherwise: number): number {
  return typeof value === "number" ? Math.trunc(value) : otherwise;
}
