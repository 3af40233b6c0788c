/** DeepInfra: what is known of a model stands in its `metadata`, prices in dollars per million tokens. */
import { objectField } from "../../../kernel/json.ts";
import { statedLimits, statedPrice } from "../openai-compatible/model-entries.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const deepinfraProvider = compatibleVendor({
  vendor: "deepinfra",
  quirks: { renames: { max_completion_tokens: "max_tokens" } },
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
