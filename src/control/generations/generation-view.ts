/** One usage row in the words of OpenRouter's `GET /generation`. */
import { DEFAULT_WORKSPACE_ID } from "../../contract/schemas/common.ts";
import type { Generation, ProviderResponse } from "../../contract/schemas/records.ts";
import { usdNumber } from "../../kernel/money.ts";
import type { UsageEntry } from "../../storage/stores/usage.ts";
import { endpointId, readAttempts } from "./attempts.ts";

export function generationView(row: UsageEntry): Generation {
  return {
    ...identity(row),
    ...asker(row),
    ...tokens(row),
    ...money(row),
    streamed: row.streamed === 1,
    cancelled: row.cancelled === 1,
    finish_reason: row.finish_reason,
    native_finish_reason: row.native_finish_reason,
    latency: row.first_token_ms ?? row.latency_ms,
    generation_time: row.generation_time_ms,
    moderation_latency: null,
    service_tier: row.service_tier,
    data_region: "global",
    response_cache_source_id: row.response_cache_source_id,
    provider_responses: providerResponses(row),
    status: row.status,
    error_code: row.error_code,
  };
}

function identity(row: UsageEntry) {
  return {
    id: row.id,
    request_id: row.request_id,
    upstream_id: row.upstream_id,
    created_at: new Date(row.created_at).toISOString(),
    model: row.model ?? row.model_requested,
    provider_name: row.provider,
    api_type: apiType(row.api_type),
    router: row.router,
    preset_id: row.preset_id,
    workspace_id: DEFAULT_WORKSPACE_ID,
  };
}

function asker(row: UsageEntry) {
  return {
    session_id: row.session_id,
    external_user: row.external_user,
    app_id: null,
    origin: row.origin ?? "",
    http_referer: row.app_referer,
    user_agent: row.user_agent,
    app_title: row.app_title,
    app_categories: row.app_categories?.split(",") ?? [],
  };
}

/** Gapura counts as the provider does, so the normalised and the native figures are the same. */
function tokens(row: UsageEntry) {
  return {
    tokens_prompt: row.prompt_tokens,
    tokens_completion: row.completion_tokens,
    native_tokens_prompt: row.prompt_tokens,
    native_tokens_completion: row.completion_tokens,
    native_tokens_completion_images: row.image_completion_tokens,
    native_tokens_reasoning: row.reasoning_tokens,
    native_tokens_cached: row.cached_tokens,
    native_tokens_cache_write: row.cache_write_tokens,
    num_media_prompt: row.media_prompt,
    num_input_audio_prompt: row.audio_prompt,
    num_media_completion: row.media_completion,
    num_search_results: null,
    num_fetches: null,
    web_search_engine: null,
  };
}

function money(row: UsageEntry) {
  const usd = (nano: bigint | null) => (nano === null ? null : usdNumber(nano));
  const cost = usd(row.cost_nano) ?? 0;
  return {
    usage: cost,
    total_cost: cost,
    is_cost_known: row.cost_nano !== null,
    upstream_inference_cost: usd(row.upstream_cost_nano),
    cache_discount: usd(row.cache_discount_nano),
    is_byok: false,
  };
}

/** OpenRouter has one word for everything that continues a conversation or a text. */
function apiType(name: string): Generation["api_type"] {
  return name === "embeddings" || name === "rerank" ? name : "completions";
}

function providerResponses(row: UsageEntry): ProviderResponse[] {
  return readAttempts(row.attempts).map(({ provider, providerName, model, status, latencyMs }) => ({
    ...(status === 200 && row.upstream_id !== null ? { id: row.upstream_id } : {}),
    endpoint_id: endpointId(provider, model),
    provider_name: providerName,
    model_permaslug: model,
    is_byok: false,
    latency: latencyMs,
    status: status === 0 ? null : status,
  }));
}
