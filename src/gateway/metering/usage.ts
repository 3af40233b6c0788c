/** Reads the tokens that an OpenAI-dialect answer reports, and counts them from the text when it reports none. */
import { isJsonObject, type JsonObject, type JsonValue, objectField } from "../../kernel/json.ts";
import type { TokenUsage } from "../canonical/usage.ts";

/** A figure above this is no token count but a mistake or an attack on the bill. */
const MAX_TOKENS = 1_000_000_000;
/** The rule of thumb for a text whose tokenizer is not at hand. */
const BYTES_PER_TOKEN = 4;

/** The `usage` object as numbers, or undefined when it is missing or makes no sense (negative, fractional, absurd). */
export function readUsage(usage: JsonValue | undefined): TokenUsage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const promptTokens = count(usage.prompt_tokens);
  const completionTokens = count(usage.completion_tokens);
  if (promptTokens === undefined || completionTokens === undefined) return undefined;
  return {
    promptTokens,
    completionTokens,
    cachedTokens: Math.min(detail(usage, "prompt_tokens_details", "cached_tokens"), promptTokens),
    reasoningTokens: Math.min(detail(usage, "completion_tokens_details", "reasoning_tokens"), completionTokens),
    estimated: false,
    reportedCostUsd: typeof usage.cost === "number" && usage.cost >= 0 && usage.cost < 1e6 ? usage.cost : null,
  };
}

/** Usage counted from bytes of prompt and of answer, marked as an estimate. */
export function estimateUsage(promptBytes: number, completionBytes: number): TokenUsage {
  return {
    promptTokens: Math.ceil(promptBytes / BYTES_PER_TOKEN),
    completionTokens: Math.ceil(completionBytes / BYTES_PER_TOKEN),
    cachedTokens: 0,
    reasoningTokens: 0,
    estimated: true,
    reportedCostUsd: null,
  };
}

function detail(usage: JsonObject, group: string, name: string): number {
  return count(objectField(usage, group)?.[name]) ?? 0;
}

function count(value: JsonValue | undefined): number | undefined {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > MAX_TOKENS) return undefined;
  return value;
}
