/** A chat request in the canonical form, for providers that speak another dialect. Throws GapuraError invalid_field. */
import type { JsonValue } from "../../../kernel/json.ts";
import type { ClientRequest } from "../../canonical/dialects.ts";
import type { ReasoningDetail } from "../../canonical/events.ts";
import type {
  AssistantPart,
  CanonicalRequest,
  ContentPart,
  Message,
  ReasoningWish,
  ResponseFormat,
  Tool,
  ToolChoice,
} from "../../canonical/request.ts";
import { Fields, invalidField } from "../fields.ts";
import { dataUrlSource, readCacheMark, readContentPart } from "./content.ts";

export const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

/** What is read here or steers the gateway; everything else is an extra. */
const KNOWN: ReadonlySet<string> = new Set([
  ...[
    "model",
    "models",
    "messages",
    "stream",
    "stream_options",
    "provider",
    "plugins",
    "preset",
    "route",
    "transforms",
  ],
  ...["usage", "debug", "trace", "session_id", "include_reasoning", "sandbox"],
  ...["temperature", "top_p", "top_k", "min_p", "top_a", "frequency_penalty", "presence_penalty", "repetition_penalty"],
  ...["seed", "logit_bias", "logprobs", "top_logprobs", "max_tokens", "max_completion_tokens", "stop", "tools"],
  ...[
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "reasoning",
    "reasoning_effort",
    "verbosity",
    "modalities",
  ],
  ...["audio", "image_config", "prediction", "service_tier", "user", "metadata", "prompt_cache_key", "cache_control"],
]);

export function chatToCanonical(request: ClientRequest): CanonicalRequest {
  const fields = new Fields(request.body.value);
  return {
    model: request.models[0] ?? "",
    streamed: request.streamed,
    messages: fields.children("messages").map(readMessage),
    tools: fields.children("tools").map(readTool),
    toolChoice: readToolChoice(fields),
    parallelToolCalls: fields.flag("parallel_tool_calls"),
    responseFormat: readResponseFormat(fields),
    reasoning: readReasoning(fields),
    sampling: readSampling(fields),
    maxOutputTokens: fields.whole("max_completion_tokens", 1) ?? fields.whole("max_tokens", 1),
    stop: typeof fields.object.stop === "string" ? [fields.object.stop] : fields.texts("stop"),
    modalities: fields.texts("modalities"),
    audio: fields.record("audio"),
    imageConfig: fields.record("image_config"),
    prediction: fields.object.prediction ?? null,
    verbosity: fields.text("verbosity"),
    serviceTier: fields.text("service_tier"),
    user: fields.text("user"),
    metadata: fields.record("metadata"),
    promptCacheKey: fields.text("prompt_cache_key"),
    cache: readCacheMark(fields),
    extras: fields.others(KNOWN),
  };
}

export function readSampling(fields: Fields): CanonicalRequest["sampling"] {
  return {
    temperature: fields.number("temperature"),
    topP: fields.number("top_p"),
    topK: fields.whole("top_k"),
    minP: fields.number("min_p"),
    topA: fields.number("top_a"),
    frequencyPenalty: fields.number("frequency_penalty"),
    presencePenalty: fields.number("presence_penalty"),
    repetitionPenalty: fields.number("repetition_penalty"),
    seed: fields.number("seed"),
    logitBias: fields.record("logit_bias"),
    logprobs: fields.flag("logprobs"),
    topLogprobs: fields.whole("top_logprobs"),
  };
}

function readMessage(fields: Fields): Message {
  const role = fields.text("role");
  const name = fields.text("name");
  switch (role) {
    case "system":
    case "developer":
      return { role, name, parts: readParts(fields).map((part) => onlyText(part, fields)) };
    case "user":
      return { role, name, parts: readParts(fields) };
    case "assistant":
      return { role, name, parts: readAssistant(fields) };
    case "tool":
      return {
        role,
        toolCallId: fields.requiredText("tool_call_id"),
        parts: readParts(fields),
        isError: false,
        cache: readCacheMark(fields),
      };
    default:
      throw fields.wrong("role", "must be one of system, developer, user, assistant, tool");
  }
}

function readParts(fields: Fields): ContentPart[] {
  const { content } = fields.object;
  if (typeof content === "string") return content === "" ? [] : [{ kind: "text", text: content, cache: null }];
  return fields.children("content").map(readContentPart);
}

function onlyText(part: ContentPart, fields: Fields) {
  if (part.kind === "text") return part;
  throw fields.wrong("content", "must be text in a message of this role");
}

/** Thoughts come first, as they were thought first; then what was said, then what was called. */
function readAssistant(fields: Fields): AssistantPart[] {
  const parts: AssistantPart[] = readThoughts(fields);
  const { content } = fields.object;
  if (typeof content === "string") {
    if (content !== "") parts.push({ kind: "text", text: content, cache: null });
  } else {
    for (const part of fields.children("content")) parts.push(readAssistantPart(part));
  }
  const refusal = fields.text("refusal");
  if (refusal !== null && refusal !== "") parts.push({ kind: "refusal", text: refusal });
  for (const image of fields.children("images")) {
    parts.push({
      kind: "image",
      source: dataUrlSource(Fields.of(image.object.image_url, image.path("image_url")).requiredText("url")),
    });
  }
  for (const call of fields.children("tool_calls")) {
    const named = Fields.of(call.object.function, call.path("function"));
    parts.push({
      kind: "tool-call",
      id: call.requiredText("id"),
      name: named.requiredText("name"),
      arguments: named.text("arguments") ?? "",
      cache: readCacheMark(call),
    });
  }
  return parts;
}

function readAssistantPart(fields: Fields): AssistantPart {
  if (fields.text("type") === "refusal") return { kind: "refusal", text: fields.requiredText("refusal") };
  const part = readContentPart(fields);
  if (part.kind === "text" || part.kind === "image") return part;
  throw fields.wrong("type", "must be text, image_url or refusal in a message of the assistant");
}

function readThoughts(fields: Fields): AssistantPart[] {
  const details = fields.children("reasoning_details").flatMap(readReasoningDetail);
  const plain = fields.text("reasoning") ?? fields.text("reasoning_content");
  if (details.length > 0 || plain === null || plain === "") {
    return details.map((detail) => ({ kind: "reasoning", detail }));
  }
  return [{ kind: "reasoning", detail: { kind: "text", text: plain, signature: null, id: null, format: null } }];
}

/** One of `reasoning_details`; kinds that no other dialect knows are left out. */
function readReasoningDetail(fields: Fields): ReasoningDetail[] {
  const common = { id: fields.text("id"), format: fields.text("format") };
  switch (fields.text("type")) {
    case "reasoning.text":
      return [{ kind: "text", text: fields.text("text") ?? "", signature: fields.text("signature"), ...common }];
    case "reasoning.summary":
      return [{ kind: "summary", summary: fields.requiredText("summary"), ...common }];
    case "reasoning.encrypted":
      return [{ kind: "encrypted", data: fields.requiredText("data"), ...common }];
    default:
      return [];
  }
}

function readTool(fields: Fields): Tool {
  if (fields.text("type") !== "function") return { kind: "native", dialect: "openai-chat", declaration: fields.object };
  const described = Fields.of(fields.object.function, fields.path("function"));
  return {
    kind: "function",
    name: described.requiredText("name"),
    description: described.text("description"),
    parameters: described.record("parameters"),
    strict: described.flag("strict"),
    cache: readCacheMark(fields),
  };
}

function readToolChoice(fields: Fields): ToolChoice | null {
  const choice: JsonValue = fields.object.tool_choice ?? null;
  if (choice === null) return null;
  if (choice === "auto" || choice === "none" || choice === "required") return { kind: choice };
  if (typeof choice === "string") throw fields.wrong("tool_choice", "must be auto, none, required or a function");
  const named = Fields.of(choice, fields.path("tool_choice"));
  return { kind: "function", name: Fields.of(named.object.function, named.path("function")).requiredText("name") };
}

function readResponseFormat(fields: Fields): ResponseFormat | null {
  const format = fields.child("response_format");
  if (format === null) return null;
  switch (format.text("type")) {
    case "text":
      return { kind: "text" };
    case "json_object":
      return { kind: "json" };
    case "json_schema": {
      const named = Fields.of(format.object.json_schema, format.path("json_schema"));
      return {
        kind: "schema",
        name: named.requiredText("name"),
        description: named.text("description"),
        schema: named.record("schema") ?? {},
        strict: named.flag("strict"),
      };
    }
    default:
      return { kind: "native", declaration: format.object };
  }
}

function readReasoning(fields: Fields): ReasoningWish | null {
  const wish = fields.child("reasoning");
  const effort = fields.word("reasoning_effort", EFFORTS);
  const included = fields.flag("include_reasoning");
  if (wish === null && effort === null && included === null) return null;
  const own = wish?.word("effort", EFFORTS) ?? null;
  if (own !== null && effort !== null && own !== effort) {
    throw invalidField("reasoning_effort", `is ${effort}, but reasoning.effort is ${own}; send one of them`);
  }
  return {
    enabled: wish?.flag("enabled") ?? (included === true ? true : null),
    effort: own ?? effort,
    maxTokens: wish?.whole("max_tokens", 1) ?? null,
    exclude: wish?.flag("exclude") ?? (included === false ? true : null),
    summary: wish?.word("summary", ["auto", "concise", "detailed"]) ?? null,
  };
}
