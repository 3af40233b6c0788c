/** Groq: thoughts come under `reasoning` when asked for as parsed; usage of a stream may stand under `x_groq`. */
import type { JsonObject } from "../../../kernel/json.ts";
import { objectField } from "../../../kernel/json.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

/** Answered with "property is unsupported". */
const REJECTED = [
  ...["top_k", "min_p", "top_a", "repetition_penalty", "logprobs", "top_logprobs", "logit_bias", "prediction"],
  ...["modalities", "audio", "image_config", "cache_control", "verbosity", "prompt_cache_key", "structured_outputs"],
];
const SPEECH = /whisper|tts|orpheus|prompt-guard/;

export const groqProvider = compatibleVendor({
  vendor: "groq",
  quirks: {
    rejects: REJECTED,
    returnsReasoning: "nothing",
    asksReasoning: ({ enabled, effort }) => {
      if (enabled === false) return { reasoning_effort: "none" };
      if (enabled === null && effort === null) return {};
      return { reasoning_format: "parsed", ...(effort === null ? {} : { reasoning_effort: effortOf(effort) }) };
    },
    readAnswer: withUsage,
  },
  isOther: (name) => SPEECH.test(name),
});

/** It knows three efforts. */
function effortOf(effort: string): string {
  if (effort === "minimal") return "low";
  return effort === "xhigh" || effort === "max" ? "high" : effort;
}

function withUsage(answer: JsonObject): JsonObject {
  const usage = objectField(objectField(answer, "x_groq") ?? {}, "usage");
  if (usage && answer.usage === undefined) answer.usage = usage;
  return answer;
}
