/**
 * Tokens as Anthropic counts them. Its `input_tokens` are only what was neither read from the cache nor written to it;
 * ours are all of the prompt, with the two as parts.
 */
import { isJsonObject, type JsonObject, type JsonValue, objectField } from "../../../kernel/json.ts";
import { usdNumber } from "../../../kernel/money.ts";
import { NO_TOKENS } from "../../call.ts";
import type { Billed } from "../../canonical/dialects.ts";
import type { TokenUsage } from "../../canonical/usage.ts";
import { searches, tokenCount } from "../../metering/usage.ts";
import { costDetails } from "../openai-chat/answer.ts";

/** The `usage` object as numbers, or undefined when it is missing or makes no sense. */
export function readMessagesUsage(usage: JsonValue | undefined): TokenUsage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const fresh = tokenCount(usage.input_tokens);
  const completionTokens = tokenCount(usage.output_tokens);
  if (fresh === undefined || completionTokens === undefined) return undefined;
  const cachedTokens = tokenCount(usage.cache_read_input_tokens) ?? 0;
  const cacheWriteTokens = tokenCount(usage.cache_creation_input_tokens) ?? 0;
  const hourWrites = tokenCount(objectField(usage, "cache_creation")?.ephemeral_1h_input_tokens) ?? 0;
  const thinking = tokenCount(objectField(usage, "output_tokens_details")?.thinking_tokens) ?? 0;
  return {
    ...NO_TOKENS,
    promptTokens: fresh + cachedTokens + cacheWriteTokens,
    cachedTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: Math.min(hourWrites, cacheWriteTokens),
    completionTokens,
    reasoningTokens: Math.min(thinking, completionTokens),
    ...searches(usage),
    reportedCostUsd: typeof usage.cost === "number" && usage.cost >= 0 && usage.cost < 1e6 ? usage.cost : null,
  };
}

/** Figures of a stream come in pieces, each of them the sum so far; null says nothing. */
export function mergedUsage(soFar: JsonObject, more: JsonObject): JsonObject {
  const said = Object.entries(more).filter(([, value]) => value !== null);
  return { ...soFar, ...Object.fromEntries(said) };
}

/** The `usage` of an answer that was made from events. */
export function usageBody(billed: Billed, serviceTier: string | null): JsonObject {
  const { usage } = billed;
  return {
    input_tokens: Math.max(0, usage.promptTokens - usage.cachedTokens - usage.cacheWriteTokens),
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cachedTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWriteTokens - usage.cacheWrite1hTokens,
      ephemeral_1h_input_tokens: usage.cacheWrite1hTokens,
    },
    output_tokens: usage.completionTokens,
    output_tokens_details: usage.reasoningTokens === 0 ? null : { thinking_tokens: usage.reasoningTokens },
    server_tool_use: usage.webSearches === 0 ? null : { web_search_requests: usage.webSearches, web_fetch_requests: 0 },
    service_tier: tierOf(serviceTier),
    inference_geo: null,
    speed: null,
    ...costBody(billed),
  };
}

/** What OpenRouter adds to Anthropic's figures. */
export function costBody({ charge, note }: Billed): JsonObject {
  const cost = charge.costNano === null ? null : usdNumber(charge.costNano);
  return { cost, is_byok: false, ...(note === undefined ? {} : { budget_note: note }), ...costDetails(charge) };
}

/** The usage of an answer that has not said anything yet. */
export const NO_USAGE: JsonObject = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: null,
  output_tokens: 0,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: null,
  inference_geo: null,
  speed: null,
};

/** The tier in Anthropic's three words; null for one that it has no word for. */
function tierOf(tier: string | null): string | null {
  if (tier === "default") return "standard";
  return tier === "standard" || tier === "priority" || tier === "batch" ? tier : null;
}
