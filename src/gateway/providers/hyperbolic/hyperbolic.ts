/** Hyperbolic: its list says which models chat. */
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const hyperbolicProvider = compatibleVendor({
  vendor: "hyperbolic",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: ["prediction", "audio", "image_config", "modalities"],
  },
  isOther: (_name, { supports_chat: chats }) => chats === false,
});
