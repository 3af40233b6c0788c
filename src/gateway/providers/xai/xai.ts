/**
 * xAI: reasoning tokens are counted beside the completion's, not among them, so that they would go unbilled; models that
 * think refuse penalties and stop sequences, and some of them an effort.
 */
import { isJsonObject, type JsonObject, objectField } from "../../../kernel/json.ts";
import { nearestEffort } from "../openai-compatible/values.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = ["top_k", "min_p", "top_a", "repetition_penalty", "logit_bias", "prediction", "audio", "image_config"];
const NEVER_THINKS = /non-reasoning|^grok-2|^grok-3(?!-mini)/;
/** An effort is an error with these, whatever it is. */
const NO_EFFORT =
  /^grok-(?:2|3(?!-mini)|4(?:-0709|-latest)?$|4-(?:1-)?fast|4\.20(?:-\d{4})?-(?:non-)?reasoning|code|build)/;

export const xaiProvider = compatibleVendor({
  vendor: "xai",
  quirks: {
    rejects: [...REJECTED, "cache_control", "verbosity", "structured_outputs"],
    rejectsFor: (_body, model) => (NEVER_THINKS.test(model) ? [] : ["presence_penalty", "frequency_penalty", "stop"]),
    asksReasoning: ({ enabled, effort }, model) => {
      const asked = enabled === false ? "none" : effort;
      if (asked === null || NO_EFFORT.test(model)) return {};
      if (model.startsWith("grok-3-mini"))
        return asked === "none" ? {} : { reasoning_effort: asked === "low" || asked === "minimal" ? "low" : "high" };
      return {
        reasoning_effort: asked === "none" ? asked : (nearestEffort(asked, ["low", "medium", "high"]) ?? "high"),
      };
    },
    readAnswer: wholeUsage,
  },
  isOther: (name) => /image|imagine|video|voice|speech/.test(name),
});

function wholeUsage(answer: JsonObject): JsonObject {
  const usage = objectField(answer, "usage");
  const reasoning = usage && objectField(usage, "completion_tokens_details")?.reasoning_tokens;
  if (!isJsonObject(usage) || typeof reasoning !== "number" || typeof usage.completion_tokens !== "number")
    return answer;
  const isBeside = usage.total_tokens === Number(usage.prompt_tokens) + usage.completion_tokens + reasoning;
  // A chunk may be looked at twice; once made whole, the sum says so itself.
  if (isBeside && reasoning > 0) usage.completion_tokens += reasoning;
  return answer;
}
