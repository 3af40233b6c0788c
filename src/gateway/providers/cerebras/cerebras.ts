/** Cerebras: several fields of OpenAI's API are errors there. */
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = [
  ...["frequency_penalty", "presence_penalty", "logit_bias", "top_k", "min_p", "top_a", "repetition_penalty"],
  ...["modalities", "audio", "image_config", "cache_control", "verbosity", "prompt_cache_key", "metadata"],
];

export const cerebrasProvider = compatibleVendor({
  vendor: "cerebras",
  quirks: { rejects: REJECTED, returnsReasoning: "nothing" },
});
