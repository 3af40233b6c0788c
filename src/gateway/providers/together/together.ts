/**
 * Together: its list is a bare array, with prices in dollars per million tokens and a type for each model. Thinking is
 * switched in its own `reasoning`, and `logprobs` is a number there whose answer has a form of its own.
 */
import { objectField } from "../../../kernel/json.ts";
import { statedPrice } from "../openai-compatible/model-entries.ts";
import { embeddingsDialect, rerankDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const togetherProvider = compatibleVendor({
  vendor: "together",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: ["prediction", "audio", "image_config", "modalities", "logprobs", "top_logprobs"],
    asksReasoning: ({ enabled, effort }) => {
      if (enabled === false) return { reasoning: { enabled: false } };
      if (effort !== null) return { reasoning_effort: effortOf(effort) };
      return enabled === null ? {} : { reasoning: { enabled } };
    },
  },
  others: [embeddingsDialect(["input_type", "dimensions"]), rerankDialect()],
  isOther: (_name, { type }) =>
    typeof type === "string" && !["chat", "language", "code", "embedding", "rerank"].includes(type),
  readEntry: (entry) => {
    const pricing = objectField(entry, "pricing") ?? {};
    const isVector = entry.type === "embedding" || entry.type === "rerank";
    return {
      ...(isVector ? { outputModalities: [entry.type === "rerank" ? "rerank" : "embeddings"] } : {}),
      ...statedPrice("together:list", { prompt: pricing.input, completion: pricing.output, exponent: 0 }),
    };
  },
});

function effortOf(effort: string): string {
  if (effort === "minimal") return "low";
  return effort === "xhigh" ? "high" : effort;
}
