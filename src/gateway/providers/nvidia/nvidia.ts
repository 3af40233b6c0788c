/** NVIDIA's hosted models (NIM): thinking is switched through the chat template, each family's with a word of its own. */
import type { JsonObject } from "../../../kernel/json.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { nearestEffort } from "../openai-compatible/values.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const VECTORS = /embed|rerank|nv-?clip|bge-m3/;

export const nvidiaProvider = compatibleVendor({
  vendor: "nvidia",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: ["prediction", "audio", "image_config", "cache_control", "modalities"],
    asksReasoning: ({ enabled, effort }, model): JsonObject => {
      if (enabled === null && effort === null) return {};
      if (model.includes("gpt-oss")) {
        const asked = effort === null ? undefined : nearestEffort(effort, ["low", "medium", "high"]);
        return asked && enabled !== false ? { reasoning_effort: asked } : {};
      }
      const thinks = enabled !== false;
      return { chat_template_kwargs: { enable_thinking: thinks, thinking: thinks } };
    },
  },
  others: [embeddingsDialect([], ({ input_type }) => ({ sets: inputType(input_type), takes: ["input_type"] }))],
  readEntry: (entry) =>
    VECTORS.test(String(entry.id)) ? { outputModalities: ["embeddings"], supportedParameters: [] } : {},
});

/** What a text is for, in its words; its retrieval models want to be told. */
function inputType(asked: unknown): JsonObject {
  if (asked === undefined || asked === null) return {};
  return { input_type: asked === "search_query" || asked === "query" ? "query" : "passage" };
}
