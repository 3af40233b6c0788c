/** Novita: prices in its list are ten-thousandths of a dollar per million tokens. */
import { statedPrice } from "../openai-compatible/model-entries.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const novitaProvider = compatibleVendor({
  vendor: "novita",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: ["prediction", "audio", "image_config", "modalities"],
  },
  others: [embeddingsDialect(["input_type"])],
  readEntry: ({ input_token_price_per_m: prompt, output_token_price_per_m: completion }) =>
    statedPrice("novita:list", { prompt, completion, exponent: -4 }),
});
