/** Alibaba Cloud Model Studio (Qwen): thinking has a switch and a budget of its own. */
import { type JsonObject, objectField } from "../../../kernel/json.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = ["min_p", "top_a", "frequency_penalty", "logit_bias", "prediction", "image_config", "verbosity"];

export const alibabaProvider = compatibleVendor({
  vendor: "alibaba",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: REJECTED,
    asksReasoning: ({ enabled, effort, maxTokens }): JsonObject => {
      if (enabled === false) return { enable_thinking: false };
      if (enabled === null && effort === null && maxTokens === null) return {};
      return { enable_thinking: true, ...(maxTokens === null ? {} : { thinking_budget: maxTokens }) };
    },
    readAnswer: withCacheWrites,
  },
  others: [embeddingsDialect(["input_type"])],
});

/** Tokens written to the cache have a name of their own among the prompt's. */
function withCacheWrites(answer: JsonObject): JsonObject {
  const details = objectField(objectField(answer, "usage") ?? {}, "prompt_tokens_details");
  const written = details?.cache_creation_input_tokens;
  if (details && typeof written === "number") details.cache_write_tokens = written;
  return answer;
}
