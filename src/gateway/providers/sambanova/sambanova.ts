/** SambaNova: its list has prices in dollars per token; thinking is switched through the chat template. */
import { type JsonObject, objectField } from "../../../kernel/json.ts";
import { statedPrice } from "../openai-compatible/model-entries.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { nearestEffort } from "../openai-compatible/values.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = ["repetition_penalty", "min_p", "top_a", "prediction", "audio", "modalities", "image_config", "user"];

export const sambanovaProvider = compatibleVendor({
  vendor: "sambanova",
  quirks: {
    rejects: [...REJECTED, "metadata", "service_tier", "verbosity", "cache_control", "prompt_cache_key"],
    asksReasoning: ({ enabled, effort }, model): JsonObject => {
      if (enabled === null && effort === null) return {};
      if (!model.startsWith("gpt-oss")) return { chat_template_kwargs: { enable_thinking: enabled !== false } };
      const asked = effort === null ? undefined : nearestEffort(effort, ["low", "medium", "high"]);
      return asked && enabled !== false ? { reasoning_effort: asked } : {};
    },
  },
  others: [embeddingsDialect(["input_type", "dimensions"])],
  isOther: (name) => name.includes("Whisper"),
  readEntry: (entry) => {
    const pricing = objectField(entry, "pricing") ?? {};
    return statedPrice("sambanova:list", { prompt: pricing.prompt, completion: pricing.completion, exponent: 6 });
  },
});
