/** Nebius Token Factory: its list says more when asked to, with prices in dollars per token. */
import { objectField } from "../../../kernel/json.ts";
import { statedPrice } from "../openai-compatible/model-entries.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const nebiusProvider = compatibleVendor({
  vendor: "nebius",
  quirks: { renames: { max_completion_tokens: "max_tokens" }, rejects: ["audio", "image_config"] },
  others: [embeddingsDialect(["input_type"])],
  readEntry: (entry) => {
    const pricing = objectField(entry, "pricing") ?? {};
    return statedPrice("nebius:list", { prompt: pricing.prompt, completion: pricing.completion, exponent: 6 });
  },
  modelsRequest: (baseUrl, credential) => ({
    url: `${baseUrl}/models?verbose=true`,
    headers: credential ? { authorization: `Bearer ${credential.reveal()}` } : {},
  }),
});
