/** Fireworks: models are named `accounts/fireworks/models/…`, and a field that it does not know is an error. */

import { embeddingsDialect, rerankDialect } from "../openai-compatible/plain-dialects.ts";
import { nearestEffort } from "../openai-compatible/values.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const fireworksProvider = compatibleVendor({
  vendor: "fireworks",
  quirks: {
    rejects: ["top_a", "modalities", "audio", "image_config", "cache_control", "verbosity", "structured_outputs"],
    asksReasoning: ({ enabled, effort }) => {
      if (enabled === false) return { reasoning_effort: "none" };
      const asked = effort === null ? undefined : nearestEffort(effort, ["low", "medium", "high"]);
      if (asked) return { reasoning_effort: asked };
      return enabled === null ? {} : { reasoning_effort: "medium" };
    },
  },
  others: [embeddingsDialect(["input_type"]), rerankDialect()],
  namePrefix: "accounts/fireworks/models/",
  isOther: (_name, { supports_chat: chats }) => chats === false,
});
