/**
 * DeepSeek: thinking has a switch of its own, and cached tokens a name of their own. While it thinks, every message with
 * tool calls must come back with its thoughts. Efforts that it does not know it maps by itself.
 */
import { type JsonObject, objectField } from "../../../kernel/json.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const deepseekProvider = compatibleVendor({
  vendor: "deepseek",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: [
      "top_k",
      "min_p",
      "top_a",
      "repetition_penalty",
      "logit_bias",
      "seed",
      "prediction",
      "modalities",
      "audio",
    ],
    asksReasoning: ({ enabled, effort }) => {
      if (enabled === false) return { thinking: { type: "disabled" } };
      if (enabled === null && effort === null) return {};
      return { thinking: { type: "enabled" }, ...(effort === null ? {} : { reasoning_effort: effort }) };
    },
    missesThoughts: true,
    readAnswer: withCachedTokens,
  },
});

function withCachedTokens(answer: JsonObject): JsonObject {
  const usage = objectField(answer, "usage");
  if (usage && typeof usage.prompt_cache_hit_tokens === "number") {
    usage.prompt_tokens_details = {
      ...objectField(usage, "prompt_tokens_details"),
      cached_tokens: usage.prompt_cache_hit_tokens,
    };
  }
  return answer;
}
