/** Fireworks: models are named `accounts/fireworks/models/…`, and a field that it does not know is an error. */

import { embeddingsDialect, rerankDialect } from "../openai-compatible/plain-dialects.ts";
import { nearestEffort } from "../openai-compatible/values.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

/** Refuses not to think. */
const ALWAYS_THINKS = /gpt-oss|minimax/;

export const fireworksProvider = compatibleVendor({
  vendor: "fireworks",
  quirks: {
    rejects: ["top_a", "modalities", "audio", "image_config", "cache_control", "verbosity", "structured_outputs"],
    asksReasoning: ({ enabled, effort }, model) => {
      if (enabled === false) return ALWAYS_THINKS.test(model) ? {} : { reasoning_effort: "none" };
      const asked = effort === null ? undefined : nearestEffort(effort, ["low", "medium", "high"]);
      if (asked) return { reasoning_effort: asked };
      return enabled === null ? {} : { reasoning_effort: "medium" };
    },
  },
  others: [embeddingsDialect(["input_type"]), rerankDialect()],
  namePrefix: "accounts/fireworks/models/",
  isOther: (_name, { supports_chat: chats }) => chats === false,
});
