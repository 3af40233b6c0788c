/** Scaleway's Generative APIs. */
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = [
  "frequency_penalty",
  "top_logprobs",
  "logit_bias",
  "user",
  "prediction",
  "audio",
  "image_config",
  "modalities",
];
const VECTORS = /^bge-|embedding|sentence-/i;

export const scalewayProvider = compatibleVendor({
  vendor: "scaleway",
  quirks: { renames: { max_completion_tokens: "max_tokens" }, rejects: REJECTED },
  others: [embeddingsDialect(["input_type", "user"])],
  isOther: (name) => /whisper|voxtral-.*-transcribe/.test(name),
  readEntry: ({ id }) =>
    VECTORS.test(String(id)) ? { outputModalities: ["embeddings"], supportedParameters: [] } : {},
});
