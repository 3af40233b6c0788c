/** Moonshot AI (Kimi): cached tokens stand beside the others in the usage, not among their details. */
import { type JsonObject, objectField } from "../../../kernel/json.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const moonshotProvider = compatibleVendor({
  vendor: "moonshot",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: [
      "top_k",
      "min_p",
      "top_a",
      "repetition_penalty",
      "logit_bias",
      "logprobs",
      "top_logprobs",
      "seed",
      "prediction",
    ],
    asksReasoning: ({ enabled, effort }) => {
      if (enabled === null && effort === null) return {};
      return { thinking: { type: enabled === false ? "disabled" : "enabled" } };
    },
    readAnswer: withCachedTokens,
  },
});

function withCachedTokens(answer: JsonObject): JsonObject {
  // In a stream the usage of the last chunk stands in its choice.
  const choice = Array.isArray(answer.choices) ? answer.choices[0] : undefined;
  const inChoice =
    typeof choice === "object" && choice !== null && !Array.isArray(choice) ? objectField(choice, "usage") : undefined;
  const usage = objectField(answer, "usage") ?? inChoice;
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
