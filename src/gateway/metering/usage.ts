/** Reads the tokens that an OpenAI-dialect answer reports, and counts them from the text when it reports none. */
import { isJsonObject, type JsonObject, type JsonValue, objectField } from "../../kernel/json.ts";
import { NO_TOKENS } from "../call.ts";
import type { TokenUsage } from "../canonical/usage.ts";

/** A figure above this is no token count but a mistake or an attack on the bill. */
const MAX_TOKENS = 1_000_000_000;
/** The rule of thumb for a text whose tokenizer is not at hand. */
export const BYTES_PER_TOKEN = 4;
/** No text of any length has tokens that are longer than this on average. */
export const CERTAIN_BYTES_PER_TOKEN = 8;

/** The `usage` object as numbers, or undefined when it is missing or makes no sense (negative, fractional, absurd). */
export function readUsage(usage: JsonValue | undefined): TokenUsage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const promptTokens = tokenCount(usage.prompt_tokens);
  const completionTokens = tokenCount(usage.completion_tokens);
  if (promptTokens === undefined || completionTokens === undefined) return undefined;
  const prompt = detailsOf(usage, "prompt_tokens_details", promptTokens);
  const completion = detailsOf(usage, "completion_tokens_details", completionTokens);
  const cacheWriteTokens = prompt("cache_write_tokens");
  return {
    promptTokens,
    cachedTokens: prompt("cached_tokens"),
    cacheWriteTokens,
    cacheWrite1hTokens: Math.min(prompt("cache_write_1h_tokens"), cacheWriteTokens),
    audioPromptTokens: prompt("audio_tokens"),
    imagePromptTokens: prompt("image_tokens"),
    videoPromptTokens: prompt("video_tokens"),
    cachedAudioTokens: 0,
    completionTokens,
    reasoningTokens: completion("reasoning_tokens"),
    audioCompletionTokens: completion("audio_tokens"),
    imageCompletionTokens: completion("image_tokens"),
    ...searches(usage),
    estimated: false,
    reportedCostUsd: typeof usage.cost === "number" && usage.cost >= 0 && usage.cost < 1e6 ? usage.cost : null,
  };
}

/** Usage counted from bytes of prompt and of answer, marked as an estimate. */
export function estimateUsage(
  promptBytes: number,
  completionBytes: number,
  bytesPerToken = BYTES_PER_TOKEN,
): TokenUsage {
  return {
    ...NO_TOKENS,
    promptTokens: Math.ceil(promptBytes / bytesPerToken),
    completionTokens: Math.ceil(completionBytes / bytesPerToken),
    estimated: true,
  };
}

/**
 * The usage that is billed: as reported, else counted from what was seen. Of an answer that broke off, what it said of
 * the prompt holds, and what was written until then is counted. The text is measured only where it is needed.
 */
export function usageOf(
  notes: { usage: TokenUsage | undefined; textLength: number },
  promptBytes: () => number,
  bytesPerToken = BYTES_PER_TOKEN,
): TokenUsage {
  const { usage } = notes;
  if (usage === undefined) return estimateUsage(promptBytes(), notes.textLength, bytesPerToken);
  if (!usage.estimated) return usage;
  const counted = Math.ceil(notes.textLength / bytesPerToken);
  return { ...usage, completionTokens: Math.max(usage.completionTokens, counted) };
}

/** The bytes of a text, which is what an estimate counts: a Chinese character is nearly a token, not a quarter of one. */
export function textBytes(text: string): number {
  return Buffer.byteLength(text);
}

/** Reads counts of a group of details; none can exceed the whole that it is a part of. */
function detailsOf(usage: JsonObject, group: string, wholeTokens: number): (name: string) => number {
  const details = objectField(usage, group);
  return (name) => Math.min(tokenCount(details?.[name]) ?? 0, wholeTokens);
}

/** How often the provider searched, where it says so. */
export function searches(usage: JsonObject): Pick<TokenUsage, "webSearches" | "fileSearches"> {
  const told = objectField(usage, "server_tool_use");
  return { webSearches: tokenCount(told?.web_search_requests ?? usage.num_search_queries) ?? 0, fileSearches: 0 };
}

/** A count of tokens as reported; undefined for what is none. */
export function tokenCount(value: JsonValue | undefined): number | undefined {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > MAX_TOKENS) return undefined;
  return value;
}
