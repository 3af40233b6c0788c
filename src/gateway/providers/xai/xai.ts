/** xAI: reasoning tokens are counted beside the completion's, not among them, so that they would go unbilled. */
import { isJsonObject, type JsonObject, objectField } from "../../../kernel/json.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = ["top_k", "min_p", "top_a", "repetition_penalty", "logit_bias", "prediction", "audio", "image_config"];

export const xaiProvider = compatibleVendor({
  vendor: "xai",
  quirks: { rejects: [...REJECTED, "cache_control", "verbosity", "structured_outputs"], readAnswer: wholeUsage },
  isOther: (name) => name.includes("image") || name.includes("video"),
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
