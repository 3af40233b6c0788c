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

/** How an endpoint has been doing, as the data plane measured it; null where it has seen too little. */
export interface EndpointMeasures {
  /** Shares of what was answered, 0 to 1. */
  uptime5m: number | null;
  uptime30m: number | null;
  uptime1d: number | null;
  latencySeconds30m: MeasuredPercentiles | null;
  /** Tokens per second. */
  throughput30m: MeasuredPercentiles | null;
  state: "up" | "degraded" | "down";
}

interface MeasuredPercentiles {
  p50: number;
  p75: number;
  p90: number;
  p99: number;
}

/** OpenRouter has published no meaning of its numbers but that 0 is good and lower is worse. */
const STATUS = { up: 0, degraded: -1, down: -2 } as const;

/** An endpoint of a listed model. Percentiles are for callers that are known. */
export function endpointView(
  endpoint: Endpoint,
  listed: OfferedModel,
  { measures, isKnown }: { measures: EndpointMeasures; isKnown: boolean },
): PublicEndpoint {
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
    status: STATUS[measures.state],
    uptime_last_5m: percent(measures.uptime5m),
    uptime_last_30m: percent(measures.uptime30m),
    uptime_last_1d: percent(measures.uptime1d),
    latency_last_30m: isKnown ? scaled(measures.latencySeconds30m, MS_PER_SECOND) : null,
    throughput_last_30m: isKnown ? scaled(measures.throughput30m, 1) : null,
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

const MS_PER_SECOND = 1000;

function percent(share: number | null): number | null {
  return share === null ? null : rounded(share * 100);
}

function scaled(measured: MeasuredPercentiles | null, factor: number): MeasuredPercentiles | null {
  if (measured === null) return null;
  const { p50, p75, p90, p99 } = measured;
  const one = (value: number) => rounded(value * factor);
  return { p50: one(p50), p75: one(p75), p90: one(p90), p99: one(p99) };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
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
