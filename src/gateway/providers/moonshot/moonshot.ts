/**
 * Moonshot AI (Kimi): its own models set the sampling themselves and refuse any other, and while they think every message
 * with tool calls must come back with its thoughts. Cached tokens stand beside the others in the usage.
 */
import { arrayField, isJsonObject, type JsonObject, objectField } from "../../../kernel/json.ts";
import { nearestEffort } from "../openai-compatible/values.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = [
  ...["top_k", "min_p", "top_a", "repetition_penalty", "logit_bias", "logprobs", "top_logprobs", "seed", "prediction"],
  ...["modalities", "audio", "image_config", "verbosity"],
];
const FIXED = ["temperature", "top_p", "frequency_penalty", "presence_penalty"];
const HAS_EFFORTS = /^kimi-k(?:[3-9]|\d\d)/;
const HAS_SWITCH = /^kimi-k2\.[56]/;

export const moonshotProvider = compatibleVendor({
  vendor: "moonshot",
  quirks: {
    renames: { max_tokens: "max_completion_tokens" },
    rejects: REJECTED,
    rejectsFor: (_body, model) => (model.startsWith("kimi-") ? FIXED : []),
    asksReasoning: ({ enabled, effort }, model) => {
      const asked = effort === null || enabled === false ? undefined : nearestEffort(effort, ["low", "high", "max"]);
      if (HAS_EFFORTS.test(model)) return asked ? { reasoning_effort: asked } : {};
      if (!HAS_SWITCH.test(model) || (enabled === null && effort === null)) return {};
      return { thinking: { type: enabled === false ? "disabled" : "enabled" } };
    },
    missesThoughts: true,
    readAnswer: withCachedTokens,
  },
});

function withCachedTokens(answer: JsonObject): JsonObject {
  // In a stream the usage of the last chunk stands in its choice.
  const choice = arrayField(answer, "choices").find(isJsonObject);
  const usage = objectField(answer, "usage") ?? (choice && objectField(choice, "usage"));
  if (!usage) return answer;
  answer.usage = usage;
  if (typeof usage.cached_tokens === "number") {
    usage.prompt_tokens_details = {
      ...objectField(usage, "prompt_tokens_details"),
      cached_tokens: usage.cached_tokens,
    };
  }
  return answer;
}
