/** Z.ai (GLM): thinking is switched on and off; a refusal and a lost connection have words of their own as finish reasons. */
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = [
  ...["top_k", "min_p", "top_a", "repetition_penalty", "frequency_penalty", "presence_penalty", "logit_bias", "seed"],
  ...["logprobs", "top_logprobs", "parallel_tool_calls", "prediction", "modalities", "service_tier", "verbosity"],
];

export const zaiProvider = compatibleVendor({
  vendor: "zai",
  quirks: {
    renames: { max_completion_tokens: "max_tokens", user: "user_id" },
    rejects: REJECTED,
    takesStreamOptions: false,
    asksReasoning: ({ enabled, effort }) => {
      if (enabled === null && effort === null) return {};
      return { thinking: { type: enabled === false ? "disabled" : "enabled" } };
    },
  },
});
