/**
 * Z.ai (GLM): thinking is switched on and off, and from GLM-5.2 on has efforts, which it maps by itself. Tools are chosen
 * by the model alone. A refusal and a lost connection have words of their own as finish reasons.
 */
import { choiceLeftOut } from "../openai-compatible/values.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = [
  ...["top_k", "min_p", "top_a", "repetition_penalty", "frequency_penalty", "presence_penalty", "logit_bias", "seed"],
  ...["logprobs", "top_logprobs", "parallel_tool_calls", "prediction", "modalities", "service_tier", "verbosity"],
];
const HAS_EFFORTS = /^glm-(?:5\.[2-9]|[6-9]|\d\d)/;
/** Refuses not to think. */
const ALWAYS_THINKS = /^glm-5\.3/;

export const zaiProvider = compatibleVendor({
  vendor: "zai",
  quirks: {
    renames: { max_completion_tokens: "max_tokens", user: "user_id" },
    rejects: REJECTED,
    rejectsFor: choiceLeftOut,
    takesStreamOptions: false,
    asksReasoning: ({ enabled, effort }, model) => {
      if (enabled === null && effort === null) return {};
      if (enabled === false) return ALWAYS_THINKS.test(model) ? {} : { thinking: { type: "disabled" } };
      const asked = effort !== null && HAS_EFFORTS.test(model) ? { reasoning_effort: effort } : {};
      return { thinking: { type: "enabled" }, ...asked };
    },
  },
});
