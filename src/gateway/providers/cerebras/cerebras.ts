/** Cerebras: a field that its API does not have is an error; its list has prices in dollars per token when asked for them. */
import { objectField } from "../../../kernel/json.ts";
import { statedPrice } from "../openai-compatible/model-entries.ts";
import { nearestEffort } from "../openai-compatible/values.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = [
  ...["top_k", "min_p", "top_a", "repetition_penalty", "modalities", "audio", "image_config", "cache_control"],
  ...["verbosity", "metadata", "structured_outputs"],
];
/** Cannot be kept from thinking. */
const ALWAYS_THINKS = /gpt-oss/;

export const cerebrasProvider = compatibleVendor({
  vendor: "cerebras",
  quirks: {
    rejects: REJECTED,
    returnsReasoning: "reasoning",
    asksReasoning: ({ enabled, effort }, model) => {
      // Qwen writes its thoughts into the content unless told otherwise.
      const format = model.startsWith("qwen") ? { reasoning_format: "parsed" } : {};
      if (enabled === false) return ALWAYS_THINKS.test(model) ? {} : { ...format, reasoning_effort: "none" };
      const asked = effort === null ? undefined : nearestEffort(effort, ["low", "medium", "high"]);
      return { ...format, ...(asked ? { reasoning_effort: asked } : {}) };
    },
  },
  modelsRequest: (baseUrl, credential) => ({
    url: `${baseUrl}/models?format=openrouter`,
    headers: credential ? { authorization: `Bearer ${credential.reveal()}` } : {},
  }),
  // That form of the list puts its own name before every model.
  nameOf: ({ id }) => (typeof id === "string" ? id.replace(/^cerebras\//, "") : undefined),
  readEntry: (entry) => {
    const pricing = objectField(entry, "pricing") ?? {};
    const { prompt, completion, input_cache_read: cachedPrompt } = pricing;
    return statedPrice("cerebras:list", { prompt, completion, cachedPrompt, exponent: 6 });
  },
});
