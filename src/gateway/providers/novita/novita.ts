/** Novita: prices in its list are ten-thousandths of a dollar per million tokens. */
import type { JsonObject } from "../../../kernel/json.ts";
import { statedPrice } from "../openai-compatible/model-entries.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { nearestEffort } from "../openai-compatible/values.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const novitaProvider = compatibleVendor({
  vendor: "novita",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: ["prediction", "audio", "image_config", "modalities"],
    asksReasoning: ({ enabled, effort }, model): JsonObject => {
      if (enabled === null && effort === null) return {};
      if (!model.includes("gpt-oss")) return { enable_thinking: enabled !== false };
      const asked = effort === null ? undefined : nearestEffort(effort, ["low", "medium", "high"]);
      return asked && enabled !== false ? { reasoning_effort: asked } : {};
    },
  },
  others: [embeddingsDialect(["input_type"])],
  readEntry: ({ input_token_price_per_m: prompt, output_token_price_per_m: completion }) =>
    statedPrice("novita:list", { prompt, completion, exponent: -4 }),
});
