/** Hugging Face's router: it chooses among its own providers, so that the price is known only where all agree. */
import { arrayField, isJsonObject } from "../../../kernel/json.ts";
import { statedLimits } from "../openai-compatible/model-entries.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const huggingfaceProvider = compatibleVendor({
  vendor: "huggingface",
  quirks: { renames: { max_completion_tokens: "max_tokens" } },
  isOther: (_name, entry) => arrayField(entry, "providers").length === 0,
  readEntry: (entry) => {
    const limits = arrayField(entry, "providers").filter(isJsonObject).map(statedLimits);
    const contexts = limits.flatMap(({ contextLength }) => contextLength ?? []);
    // Only what whichever of them answers can hold.
    return contexts.length === 0 ? {} : { contextLength: Math.min(...contexts) };
  },
});
