/** Alibaba Cloud Model Studio (Qwen): thinking has a switch and a budget of its own. */
import type { JsonObject } from "../../../kernel/json.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const alibabaProvider = compatibleVendor({
  vendor: "alibaba",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: ["min_p", "top_a", "repetition_penalty", "logit_bias", "prediction", "image_config", "verbosity"],
    asksReasoning: ({ enabled, effort, maxTokens }): JsonObject => {
      if (enabled === false) return { enable_thinking: false };
      if (enabled === null && effort === null && maxTokens === null) return {};
      return { enable_thinking: true, ...(maxTokens === null ? {} : { thinking_budget: maxTokens }) };
    },
  },
  others: [embeddingsDialect(["input_type"])],
});
