/**
 * Groq: which words ask for thinking depends on the model, and a model that does not think refuses them all; usage of a
 * stream may stand under `x_groq`.
 */
import { isJsonObject, type JsonObject, type JsonValue, objectField } from "../../../kernel/json.ts";
import type { ThinkingWish } from "../openai-compatible/quirks.ts";
import { nearestEffort } from "../openai-compatible/values.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

/** Answered with 400, "property is unsupported". */
const REJECTED = [
  ...["top_k", "min_p", "top_a", "repetition_penalty", "logprobs", "top_logprobs", "logit_bias", "prediction"],
  ...["modalities", "audio", "image_config", "cache_control", "verbosity", "prompt_cache_key", "structured_outputs"],
  "metadata",
];
const SPEECH = /whisper|tts|orpheus|prompt-guard/;

export const groqProvider = compatibleVendor({
  vendor: "groq",
  quirks: {
    rejects: REJECTED,
    returnsReasoning: (model) => (model.includes("gpt-oss") ? "reasoning" : "nothing"),
    asksReasoning: thinkingOf,
    rewriteMessages: withoutNames,
    readAnswer: withUsage,
  },
  isOther: (name) => SPEECH.test(name),
});

function thinkingOf({ enabled, effort }: ThinkingWish, model: string): JsonObject {
  if (model.includes("gpt-oss")) {
    const asked = effort === null ? undefined : nearestEffort(effort, ["low", "medium", "high"]);
    return enabled !== false && asked ? { reasoning_effort: asked } : {};
  }
  if (!model.includes("qwen3")) return {};
  // Unless told so it writes its thoughts into the content, between tags.
  const parsed = { reasoning_format: "parsed" };
  if (enabled === false) return { ...parsed, reasoning_effort: "none" };
  return enabled === null && effort === null ? parsed : { ...parsed, reasoning_effort: "default" };
}

/** `name` in a message is a 400. */
function withoutNames(messages: readonly JsonValue[]): readonly JsonValue[] {
  if (!messages.some((message) => isJsonObject(message) && "name" in message)) return messages;
  return messages.map((message) => {
    if (!isJsonObject(message)) return message;
    const { name: _, ...rest } = message;
    return rest;
  });
}

function withUsage(answer: JsonObject): JsonObject {
  const usage = objectField(objectField(answer, "x_groq") ?? {}, "usage");
  if (usage && answer.usage === undefined) answer.usage = usage;
  return answer;
}
