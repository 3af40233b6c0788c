/** The catalogue as OpenRouter's API shows it. */
import type { Endpoint, ListedModel, OfferedModel } from "../../catalog/catalog.ts";
import { type Price, type PriceOverride, type PriceRates, usdPerTokenString } from "../../catalog/price.ts";
import { clockNumber, DAY_NAMES } from "../../catalog/price-conditions.ts";
import type { Architecture, Model, Pricing, PricingOverride, PublicEndpoint } from "../../contract/schemas/models.ts";
import { usdString } from "../../kernel/money.ts";
import { familyOf } from "./families.ts";

/** How an unknown price is written: clients that compare prices must not take it for free. */
const UNKNOWN_PRICE = "-1";

export function modelView({ model }: ListedModel): Model {
  return {
    id: model.id,
    object: "model",
    owned_by: model.id.slice(0, Math.max(0, model.id.indexOf("/"))),
    canonical_slug: model.canonicalSlug ?? model.id,
    name: model.name,
    created: model.created,
    description: model.description,
    context_length: model.contextLength,
    architecture: architectureView(model),
    pricing: pricingView(model.price),
    top_provider: {
      context_length: model.contextLength,
      max_completion_tokens: model.maxCompletionTokens,
      is_moderated: false,
    },
    per_request_limits: null,
    supported_parameters: [...model.supportedParameters],
    default_parameters: null,
    supported_voices: null,
    links: { details: `/api/v1/models/${model.id}/endpoints` },
  };
}

export function architectureView({ id, inputModalities, outputModalities }: OfferedModel): Architecture {
  return {
    modality: `${inputModalities.join("+")}->${outputModalities.join("+")}`,
    input_modalities: [...inputModalities],
    output_modalities: [...outputModalities],
    tokenizer: familyOf(id),
    instruct_type: null,
  };
}

/** An endpoint of a listed model. How it has been doing is not measured yet, so those figures are null. */
export function endpointView(endpoint: Endpoint, listed: OfferedModel): PublicEndpoint {
  const model = endpoint.model ?? listed;
  const hasToolChoice = model.supportedParameters.includes("tool_choice");
  const { price } = endpoint;
  return {
    name: `${endpoint.providerName}: ${model.name}`,
    model_id: listed.id,
    model_name: listed.name,
    context_length: model.contextLength ?? listed.contextLength ?? 0,
    pricing: pricingView(price),
    provider_name: endpoint.providerName,
    tag: endpoint.tag,
    quantization: model.quantization ?? "unknown",
    max_completion_tokens: model.maxCompletionTokens,
    max_prompt_tokens: null,
    supported_parameters: [...model.supportedParameters],
    status: 0,
    uptime_last_5m: null,
    uptime_last_30m: null,
    uptime_last_1d: null,
    latency_last_30m: null,
    throughput_last_30m: null,
    // Where reading from the cache has a price and writing to it has none, nobody has to ask for it.
    supports_implicit_caching:
      (price?.cachedPromptNanoPerMillion ?? null) !== null && (price?.cacheWriteNanoPerMillion ?? null) === null,
    supports_voice_cloning: false,
    supports_tool_choice: {
      auto: hasToolChoice,
      function: hasToolChoice,
      none: hasToolChoice,
      required: hasToolChoice,
    },
  };
}

/** Prices are dollars per token as decimal strings; what has no price of its own is left out. */
function pricingView(price: Price | null): Pricing {
  if (price === null) return { prompt: UNKNOWN_PRICE, completion: UNKNOWN_PRICE };
  const overrides = price.overrides.map(overrideView);
  const each = {
    request: dollars(price.requestNano),
    web_search: dollars(price.webSearchNano),
  };
  return {
    prompt: usdPerTokenString(price.promptNanoPerMillion),
    completion: usdPerTokenString(price.completionNanoPerMillion),
    ...present(ratesView(price)),
    ...present(each),
    ...(overrides.length === 0 ? {} : { overrides }),
  };
}

/** What begins at a date is told when it has begun: OpenRouter's conditions have no word for it. */
function overrideView({ when, rates }: PriceOverride): PricingOverride {
  const { audio, input_audio_cache, input_cache_read, input_cache_write, input_cache_write_1h } = ratesView(rates);
  const { abovePromptTokens, hours, days } = when;
  return {
    ...(abovePromptTokens === undefined ? {} : { min_prompt_tokens: abovePromptTokens }),
    ...(hours === undefined
      ? {}
      : { utc_start: clockNumber(hours.startMinute), utc_end: clockNumber(hours.endMinute) }),
    ...(days === undefined ? {} : { utc_days: days.map((day) => DAY_NAMES[day] ?? "") }),
    ...present({
      prompt: perToken(rates.promptNanoPerMillion),
      completion: perToken(rates.completionNanoPerMillion),
      ...{ audio, input_audio_cache, input_cache_read, input_cache_write, input_cache_write_1h },
    }),
  };
}

function ratesView(rates: Partial<PriceRates>) {
  return {
    input_audio_cache: perToken(rates.cachedAudioNanoPerMillion),
    input_cache_read: perToken(rates.cachedPromptNanoPerMillion),
    input_cache_write: perToken(rates.cacheWriteNanoPerMillion),
    input_cache_write_1h: perToken(rates.cacheWrite1hNanoPerMillion),
    internal_reasoning: perToken(rates.reasoningNanoPerMillion),
    audio: perToken(rates.audioPromptNanoPerMillion),
    audio_output: perToken(rates.audioCompletionNanoPerMillion),
    image_token: perToken(rates.imagePromptNanoPerMillion),
    image_output: perToken(rates.imageCompletionNanoPerMillion),
  };
}

function perToken(nanoPerMillion: bigint | null | undefined): string | undefined {
  return nanoPerMillion === null || nanoPerMillion === undefined ? undefined : usdPerTokenString(nanoPerMillion);
}

function dollars(nano: bigint | null | undefined): string | undefined {
  return nano === null || nano === undefined ? undefined : usdString(nano);
}

/** The object without the fields that are undefined. */
function present<Fields extends Record<string, string | undefined>>(
  fields: Fields,
): { [Key in keyof Fields]?: string } {
  const result: { [Key in keyof Fields]?: string } = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) result[key] = value;
  }
  return result;
}
