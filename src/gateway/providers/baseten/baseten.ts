/** Baseten's shared models. Deployments of one's own have an address each and are connected as any compatible server. */
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const basetenProvider = compatibleVendor({
  vendor: "baseten",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: ["prediction", "audio", "image_config", "modalities"],
  },
});
