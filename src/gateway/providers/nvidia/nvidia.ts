/** NVIDIA's hosted models (NIM). */
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const VECTORS = /embed|rerank|nv-?clip|bge-m3/;

export const nvidiaProvider = compatibleVendor({
  vendor: "nvidia",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: ["prediction", "audio", "image_config", "cache_control"],
  },
  others: [embeddingsDialect()],
  readEntry: (entry) =>
    VECTORS.test(String(entry.id)) ? { outputModalities: ["embeddings"], supportedParameters: [] } : {},
});
