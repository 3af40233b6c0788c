/**
 * DeepInfra: what is known of a model stands in its `metadata`, prices in dollars per million tokens. Of Gemini and Gemma
 * it counts reasoning tokens beside the completion's, so that they would go unbilled.
 */
import { type JsonObject, objectField } from "../../../kernel/json.ts";
import { statedLimits, statedPrice } from "../openai-compatible/model-entries.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const deepinfraProvider = compatibleVendor({
  vendor: "deepinfra",
  quirks: { renames: { max_completion_tokens: "max_tokens" }, readAnswer: wholeUsage },
  others: [embeddingsDialect(["input_type"])],
  readEntry: (entry) => {
    const metadata = objectField(entry, "metadata") ?? {};
    const pricing = objectField(metadata, "pricing") ?? {};
    return {
      ...statedLimits(metadata),
      ...statedPrice("deepinfra:list", {
        prompt: pricing.input_tokens,
        completion: pricing.output_tokens,
        cachedPrompt: pricing.cache_read_tokens,
        exponent: 0,
      }),
    };
  },
});

function wholeUsage(answer: JsonObject): JsonObject {
  const usage = objectField(answer, "usage");
  const reasoning = usage && objectField(usage, "completion_tokens_details")?.reasoning_tokens;
  if (!usage || typeof reasoning !== "number" || typeof usage.completion_tokens !== "number") return answer;
  // A part cannot be more than the whole.
  if (reasoning <= usage.completion_tokens) return answer;
  usage.completion_tokens += reasoning;
  if (typeof usage.total_tokens === "number") usage.total_tokens += reasoning;
  return answer;
}
