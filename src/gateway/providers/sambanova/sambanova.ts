/** SambaNova: its list has prices in dollars per token, as texts. */
import { objectField } from "../../../kernel/json.ts";
import { statedPrice } from "../openai-compatible/model-entries.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = [
  "logit_bias",
  "logprobs",
  "top_logprobs",
  "min_p",
  "top_a",
  "seed",
  "prediction",
  "audio",
  "modalities",
];

export const sambanovaProvider = compatibleVendor({
  vendor: "sambanova",
  quirks: { renames: { max_completion_tokens: "max_tokens" }, rejects: REJECTED },
  others: [embeddingsDialect(["input_type", "dimensions"])],
  isOther: (name) => name.includes("Whisper"),
  readEntry: (entry) => {
    const pricing = objectField(entry, "pricing") ?? {};
    return statedPrice("sambanova:list", { prompt: pricing.prompt, completion: pricing.completion, exponent: 6 });
  },
});
