/**
 * Mistral: fields it does not know are errors, ids of tool calls have nine letters or digits, and thoughts stand among the
 * parts of the content.
 */
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  stringField,
} from "../../../kernel/json.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = [
  ...["top_k", "min_p", "top_a", "repetition_penalty", "logit_bias", "logprobs", "top_logprobs", "user", "modalities"],
  ...["audio", "image_config", "cache_control", "verbosity", "structured_outputs"],
];
/** These think always or never; the others are told whether to. */
const NO_EFFORT =
  /^(?:magistral|codestral|devstral|ministral|pixtral|voxtral|open-|mistral-(?:tiny|nemo|saba|ocr|large))|-(?:23|24|25)\d\d$/;

export const mistralProvider = compatibleVendor({
  vendor: "mistral",
  quirks: {
    renames: { max_completion_tokens: "max_tokens", seed: "random_seed" },
    rejects: REJECTED,
    takesStreamOptions: false,
    returnsReasoning: (model) =>
      model.startsWith("magistral") || !NO_EFFORT.test(model) ? "thinking-part" : "nothing",
    asksReasoning: ({ enabled, effort }, model) => {
      if (NO_EFFORT.test(model) || (enabled === null && effort === null)) return {};
      return { reasoning_effort: enabled === false ? "none" : "high" };
    },
    rewriteMessages: withShortCallIds,
    readAnswer: (answer) => withCachedTokens(withPlainContent(answer)),
  },
  others: [
    embeddingsDialect(["input_type", "user"], ({ dimensions }) =>
      dimensions === undefined
        ? { sets: {}, takes: [] }
        : { sets: { output_dimension: dimensions }, takes: ["dimensions"] },
    ),
  ],
  isOther: (_name, entry) => {
    const can = entry.capabilities;
    return isJsonObject(can) && can.completion_chat === false && !String(entry.id).includes("embed");
  },
});

const GOOD_ID = /^[A-Za-z0-9]{9}$/;

/** Ids of other providers made fit, the same for a call and its result. */
function withShortCallIds(messages: readonly JsonValue[]): readonly JsonValue[] {
  let changed = false;
  const shortened = (id: JsonValue | undefined): string | undefined => {
    if (typeof id !== "string" || GOOD_ID.test(id)) return undefined;
    changed = true;
    return shortId(id);
  };
  const rewritten = messages.map((message) => {
    if (!isJsonObject(message)) return message;
    const resultOf = shortened(message.tool_call_id);
    const calls = arrayField(message, "tool_calls").map((call) => {
      const id = isJsonObject(call) ? shortened(call.id) : undefined;
      return isJsonObject(call) && id !== undefined ? { ...call, id } : call;
    });
    return {
      ...message,
      ...(resultOf === undefined ? {} : { tool_call_id: resultOf }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    };
  });
  return changed ? rewritten : messages;
}

/** Nine letters and digits that follow from any id. */
function shortId(id: string): string {
  const hash = Bun.hash(id).toString(36);
  return hash.padStart(9, "0").slice(-9);
}

/** Tokens from the cache, which have been counted in three places. */
function withCachedTokens(answer: JsonObject): JsonObject {
  const usage = objectField(answer, "usage");
  const cached = usage?.num_cached_tokens ?? objectField(usage ?? {}, "prompt_token_details")?.cached_tokens;
  if (!usage || typeof cached !== "number") return answer;
  usage.prompt_tokens_details = { ...objectField(usage, "prompt_tokens_details"), cached_tokens: cached };
  return answer;
}

/** Thoughts and text out of the parts of a content. */
function withPlainContent(answer: JsonObject): JsonObject {
  for (const choice of arrayField(answer, "choices")) {
    if (!isJsonObject(choice)) continue;
    for (const said of [choice.message, choice.delta]) if (isJsonObject(said)) split(said);
  }
  return answer;
}

function split(said: JsonObject): void {
  if (!Array.isArray(said.content)) return;
  const parts = said.content.filter(isJsonObject);
  const thoughts = parts.flatMap((part) => (part.type === "thinking" ? arrayField(part, "thinking") : []));
  const texts = parts.filter((part) => part.type === "text");
  if (thoughts.length > 0) said.reasoning = joined(thoughts);
  said.content = texts.length === 0 && thoughts.length > 0 ? null : joined(texts);
}

function joined(parts: readonly JsonValue[]): string {
  return parts.map((part) => (isJsonObject(part) ? (stringField(part, "text") ?? "") : "")).join("");
}
