/** Fireworks: models are named `accounts/fireworks/models/…`. */
import { embeddingsDialect, rerankDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const fireworksProvider = compatibleVendor({
  vendor: "fireworks",
  quirks: { renames: { max_completion_tokens: "max_tokens" }, rejects: ["audio", "image_config", "cache_control"] },
  others: [embeddingsDialect(["input_type"]), rerankDialect()],
  namePrefix: "accounts/fireworks/models/",
  isOther: (_name, { supports_chat: chats }) => chats === false,
});
