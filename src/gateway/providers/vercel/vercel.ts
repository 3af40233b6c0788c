/** Vercel AI Gateway: it knows OpenRouter's words for thinking; its list has prices in dollars per token, as texts. */
import { objectField } from "../../../kernel/json.ts";
import { statedPrice } from "../openai-compatible/model-entries.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const vercelProvider = compatibleVendor({
  vendor: "vercel",
  quirks: { asksReasoning: "reasoning", returnsReasoning: "reasoning_details" },
  others: [embeddingsDialect(["input_type"])],
  isOther: (_name, { type }) => typeof type === "string" && type !== "language" && type !== "embedding",
  readEntry: (entry) => {
    const pricing = objectField(entry, "pricing") ?? {};
    const { input: prompt, output, input_cache_read: cachedPrompt, input_tiers: tiers } = pricing;
    const isVector = entry.type === "embedding";
    // A price that changes with the length of the prompt is more than these two.
    const price =
      Array.isArray(tiers) && tiers.length > 0
        ? {}
        : statedPrice("vercel:list", { prompt, completion: isVector ? prompt : output, cachedPrompt, exponent: 6 });
    return { ...price, ...(isVector ? { outputModalities: ["embeddings"], supportedParameters: [] } : {}) };
  },
});
