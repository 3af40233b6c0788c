/** OVHcloud AI Endpoints. */
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const VECTORS = /^bge-|embedding/i;

export const ovhcloudProvider = compatibleVendor({
  vendor: "ovhcloud",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: ["prediction", "audio", "image_config", "modalities"],
  },
  others: [embeddingsDialect(["input_type"])],
  isOther: (name) => /whisper|stable-diffusion|tts|guard/i.test(name),
  readEntry: ({ id }) =>
    VECTORS.test(String(id)) ? { outputModalities: ["embeddings"], supportedParameters: [] } : {},
});
