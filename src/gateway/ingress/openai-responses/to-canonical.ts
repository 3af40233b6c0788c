/** A Responses request in the canonical form, for providers that speak another dialect. Throws GapuraError invalid_field. */
import type { ClientRequest } from "../../canonical/dialects.ts";
import type { CanonicalRequest, Message, ReasoningWish, ResponseFormat } from "../../canonical/request.ts";
import { Fields } from "../fields.ts";
import { readCacheMark } from "../openai-chat/content.ts";
import { EFFORTS, readSampling } from "../openai-chat/to-canonical.ts";
import { readItems } from "./items.ts";
import { readToolChoice, readTools } from "./tools.ts";

/** What is read here or steers the gateway; everything else is an extra. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["model", "models", "input", "instructions", "stream", "stream_options", "provider", "plugins", "preset", "route"],
  ...["transforms", "debug", "trace", "session_id", "sandbox", "usage", "store", "background", "include"],
  ...["previous_response_id", "conversation", "prompt"],
  ...["temperature", "top_p", "top_k", "min_p", "top_a", "frequency_penalty", "presence_penalty", "repetition_penalty"],
  ...["seed", "logit_bias", "logprobs", "top_logprobs", "max_output_tokens", "stop", "tools", "tool_choice"],
  ...["parallel_tool_calls", "text", "reasoning", "modalities", "audio", "image_config", "prediction"],
  ...["service_tier", "user", "safety_identifier", "metadata", "prompt_cache_key", "cache_control"],
]);
/** Values that ask for what happens anyway, so that nothing is lost with them. */
const DEFAULTS: Readonly<Record<string, unknown>> = { truncation: "disabled" };
const WANTS_LOGPROBS = "message.output_text.logprobs";

export function responsesToCanonical(request: ClientRequest): CanonicalRequest {
  const fields = new Fields(request.body.value);
  const text = fields.child("text");
  const { choice, allowed } = readToolChoice(fields);
  const declared = readTools(fields).map(({ tool }) => tool);
  const tools = allowed ? declared.filter((tool) => tool.kind === "function" && allowed.has(tool.name)) : declared;
  // Other dialects refuse wishes about tools where they are told of none.
  const hasTools = tools.some((tool) => tool.kind === "function");
  const { messages, leftOut } = readItems(fields);
  const sampling = readSampling(fields);
  const wantsLogprobs = fields.texts("include").includes(WANTS_LOGPROBS);
  return {
    model: request.models[0] ?? "",
    streamed: request.streamed,
    messages: [...readInstructions(fields), ...messages],
    tools,
    toolChoice: hasTools ? choice : null,
    parallelToolCalls: hasTools ? fields.flag("parallel_tool_calls") : null,
    responseFormat: text && readFormat(text),
    reasoning: readReasoning(fields),
    sampling: wantsLogprobs || sampling.topLogprobs ? { ...sampling, logprobs: true } : sampling,
    maxOutputTokens: fields.whole("max_output_tokens", 1),
    stop: typeof fields.object.stop === "string" ? [fields.object.stop] : fields.texts("stop"),
    modalities: fields.texts("modalities"),
    audio: fields.record("audio"),
    imageConfig: fields.record("image_config"),
    prediction: fields.object.prediction ?? null,
    verbosity: text?.text("verbosity") ?? null,
    serviceTier: readServiceTier(fields),
    user: fields.text("safety_identifier") ?? fields.text("user"),
    metadata: fields.record("metadata"),
    promptCacheKey: fields.text("prompt_cache_key"),
    cache: readCacheMark(fields),
    extras: readExtras(fields, leftOut),
  };
}

/** Fields of this dialect alone, and kinds of items that no other provider can read, by the name they are reported with. */
function readExtras(fields: Fields, leftOut: readonly string[]): CanonicalRequest["extras"] {
  const others = Object.entries(fields.others(KNOWN)).filter(
    ([name, value]) => value !== null && value !== DEFAULTS[name],
  );
  const items = leftOut.map((type) => [`input.${type.replace(":", ".")}`, true] as const);
  return Object.fromEntries([...others, ...items]);
}

/** What official clients send when nobody asked for a tier is no wish for one. */
function readServiceTier(fields: Fields): string | null {
  const tier = fields.text("service_tier");
  return tier === "auto" ? null : tier;
}

function readInstructions(fields: Fields): Message[] {
  const text = fields.text("instructions");
  if (text === null || text === "") return [];
  return [{ role: "system", name: null, parts: [{ kind: "text", text, cache: null }] }];
}

function readFormat(text: Fields): ResponseFormat | null {
  const format = text.child("format");
  if (format === null) return null;
  switch (format.text("type")) {
    case "text":
      return { kind: "text" };
    case "json_object":
      return { kind: "json" };
    case "json_schema":
      return {
        kind: "schema",
        name: format.requiredText("name"),
        description: format.text("description"),
        schema: format.record("schema") ?? {},
        strict: format.flag("strict"),
      };
    default:
      throw format.wrong("type", "must be one of text, json_object, json_schema");
  }
}

function readReasoning(fields: Fields): ReasoningWish | null {
  const wish = fields.child("reasoning");
  if (wish === null) return null;
  const words = ["auto", "concise", "detailed"] as const;
  return {
    enabled: wish.flag("enabled"),
    effort: wish.word("effort", EFFORTS),
    maxTokens: wish.whole("max_tokens", 1),
    exclude: wish.flag("exclude"),
    summary: wish.word("summary", words) ?? wish.word("generate_summary", words),
  };
}
