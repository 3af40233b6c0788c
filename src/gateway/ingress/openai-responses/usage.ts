/** Tokens in the Responses API's names. */
import { isJsonObject, type JsonObject, type JsonValue, objectField } from "../../../kernel/json.ts";
import { usdNumber } from "../../../kernel/money.ts";
import type { Billed } from "../../canonical/dialects.ts";
import type { TokenUsage } from "../../canonical/usage.ts";
import { readUsage } from "../../metering/usage.ts";

/** What a response says that it used, or undefined when that is missing or makes no sense. */
export function readResponseUsage({ usage, output }: JsonObject): TokenUsage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const tokens = readUsage({
    ...usage,
    prompt_tokens: usage.input_tokens ?? null,
    completion_tokens: usage.output_tokens ?? null,
    prompt_tokens_details: usage.input_tokens_details ?? null,
    completion_tokens_details: usage.output_tokens_details ?? null,
  });
  if (tokens === undefined || !Array.isArray(output)) return tokens;
  const calls = (type: string) => output.filter((item) => isJsonObject(item) && item.type === type).length;
  const webSearches = tokens.webSearches || calls("web_search_call");
  return { ...tokens, webSearches, fileSearches: calls("file_search_call") };
}

/** The `usage` object: what the provider reported, made whole, with the cost in dollars (null when unknown). */
export function responseUsage(reported: JsonValue | undefined, { usage, charge, note }: Billed): JsonObject {
  const base = isJsonObject(reported) && !usage.estimated ? reported : {};
  const { costNano, promptNano } = charge;
  return {
    ...base,
    input_tokens: usage.promptTokens,
    input_tokens_details: {
      ...objectField(base, "input_tokens_details"),
      cached_tokens: usage.cachedTokens,
      cache_write_tokens: usage.cacheWriteTokens,
    },
    output_tokens: usage.completionTokens,
    output_tokens_details: {
      ...objectField(base, "output_tokens_details"),
      reasoning_tokens: usage.reasoningTokens,
    },
    total_tokens: usage.promptTokens + usage.completionTokens,
    cost: costNano === null ? null : usdNumber(costNano),
    is_byok: false,
    ...(note === undefined ? {} : { budget_note: note }),
    ...(costNano === null || promptNano === undefined
      ? {}
      : {
          cost_details: {
            upstream_inference_cost: null,
            upstream_inference_input_cost: usdNumber(promptNano),
            upstream_inference_output_cost: usdNumber(costNano - promptNano),
          },
        }),
  };
}
