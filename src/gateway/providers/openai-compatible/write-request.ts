/** A canonical request as a body of OpenAI's chat completions. */
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import type { Target } from "../../canonical/dialects.ts";
import type {
  AssistantPart,
  CacheMark,
  CanonicalRequest,
  ContentPart,
  MediaSource,
  Message,
  ResponseFormat,
  Tool,
} from "../../canonical/request.ts";
import { boundedUser, fileName, listOrNull, present, samplingFields } from "../writing.ts";
import type { ChatQuirks } from "./quirks.ts";
import { withMediaShownByUser } from "./tool-media.ts";

export function writeChatRequest(request: CanonicalRequest, target: Target, quirks: ChatQuirks): JsonObject {
  const { sampling, reasoning } = request;
  const tools = request.tools.filter(isWritable);
  // A choice among tools that are all left out would be refused.
  const hasLostAll = tools.length === 0 && request.tools.length > 0;
  return present({
    model: target.upstreamModel,
    messages: withMediaShownByUser(request.messages).map((message) => writeMessage(message, quirks)),
    stream: target.streamed ? true : null,
    stream_options: target.streamed ? { include_usage: true } : null,
    ...samplingFields(sampling),
    logprobs: sampling.logprobs,
    top_logprobs: sampling.topLogprobs,
    max_completion_tokens: request.maxOutputTokens,
    stop: listOrNull(request.stop),
    tools: listOrNull(tools.map(writeTool)),
    tool_choice: hasLostAll ? null : writeToolChoice(request),
    parallel_tool_calls: hasLostAll ? null : request.parallelToolCalls,
    response_format: request.responseFormat && writeResponseFormat(request.responseFormat),
    reasoning:
      reasoning &&
      present({
        effort: reasoning.effort,
        max_tokens: reasoning.maxTokens,
        enabled: reasoning.enabled,
        exclude: reasoning.exclude,
        summary: reasoning.summary,
      }),
    verbosity: request.verbosity,
    modalities: listOrNull(request.modalities),
    audio: request.audio,
    image_config: request.imageConfig,
    prediction: request.prediction,
    service_tier: request.serviceTier,
    user: boundedUser(request.user),
    metadata: request.metadata,
    prompt_cache_key: request.promptCacheKey,
    cache_control: cacheBody(request.cache),
  });
}

function cacheBody(mark: CacheMark | null): JsonValue {
  return mark && present({ type: "ephemeral", ttl: mark.ttl });
}

function writeMessage(message: Message, quirks: ChatQuirks): JsonObject {
  switch (message.role) {
    case "system":
    case "developer": {
      const role = message.role === "developer" ? quirks.systemRole : "system";
      return present({ role, name: message.name, content: writeContent(message.parts) });
    }
    case "user":
      return present({ role: "user", name: message.name, content: writeContent(message.parts) });
    case "tool":
      return present({
        role: "tool",
        tool_call_id: message.toolCallId,
        content: writeContent(message.parts),
        cache_control: cacheBody(message.cache),
      });
    case "assistant":
      return writeAssistant(message, quirks);
  }
}

/** A plain text where there is nothing but one, since the oldest servers know no parts. */
function writeContent(parts: readonly ContentPart[]): JsonValue {
  const [first] = parts;
  if (first === undefined) return "";
  if (parts.length === 1 && first.kind === "text" && first.cache === null) return first.text;
  return parts.map(writePart);
}

function writePart(part: ContentPart): JsonObject {
  const cache_control = cacheBody(part.cache);
  switch (part.kind) {
    case "text":
      return present({ type: "text", text: part.text, cache_control });
    case "image": {
      const image_url = present({ url: urlOf(part.source), detail: part.detail });
      return present({ type: "image_url", image_url, cache_control });
    }
    case "audio":
      return present({ type: "input_audio", input_audio: { data: part.data, format: part.format }, cache_control });
    case "video":
      return present({ type: "video_url", video_url: { url: urlOf(part.source) }, cache_control });
    case "file": {
      const { source } = part;
      const place = source.kind === "id" ? { file_id: source.id } : { file_data: urlOf(source) };
      return present({ type: "file", file: present({ filename: fileName(part), ...place }), cache_control });
    }
  }
}

function urlOf(source: MediaSource): string {
  if (source.kind === "base64") return `data:${source.mediaType};base64,${source.data}`;
  return source.kind === "url" ? source.url : source.id;
}

function writeAssistant(message: Extract<Message, { role: "assistant" }>, quirks: ChatQuirks): JsonObject {
  const { parts, name } = message;
  const texts = parts.filter((part) => part.kind === "text");
  const calls = parts.filter((part) => part.kind === "tool-call");
  const refusals = parts.filter((part) => part.kind === "refusal").map((part) => part.text);
  const images = parts.filter((part) => part.kind === "image");
  return present({
    role: "assistant",
    name,
    content: texts.length === 0 ? null : writeContent(texts),
    refusal: refusals.length === 0 ? null : refusals.join(""),
    ...writeThoughts(parts, quirks),
    images: listOrNull(images.map(({ source }) => ({ type: "image_url", image_url: { url: urlOf(source) } }))),
    tool_calls: listOrNull(
      calls.map((call) =>
        present({
          id: call.id,
          type: "function",
          function: { name: call.name, arguments: call.arguments },
          cache_control: cacheBody(call.cache),
        }),
      ),
    ),
  });
}

/** All of them where their details can be given back, else their words; the dialect puts these where the server wants them. */
function writeThoughts(parts: readonly AssistantPart[], quirks: ChatQuirks): Record<string, JsonValue> {
  const details = parts.flatMap((part) => (part.kind === "reasoning" ? [part.detail] : []));
  if (details.length === 0 || quirks.returnsReasoning === "nothing") return {};
  if (quirks.returnsReasoning === "reasoning_details") {
    const entries = details.map(({ kind, ...rest }, index) => present({ type: `reasoning.${kind}`, ...rest, index }));
    return { reasoning_details: entries };
  }
  const words = details.map((detail) =>
    detail.kind === "text" ? detail.text : detail.kind === "summary" ? detail.summary : "",
  );
  return { reasoning_content: words.join("") || null };
}

/** Tools that another dialect's providers run by themselves mean nothing here. */
export function isWritable(tool: Tool): boolean {
  return tool.kind === "function" || tool.dialect === "openai-chat";
}

function writeTool(tool: Tool): JsonObject {
  if (tool.kind === "native") return tool.declaration;
  const { name, description, parameters, strict, cache } = tool;
  const described = present({ name, description, parameters, strict });
  return present({ type: "function", function: described, cache_control: cacheBody(cache) });
}

function writeToolChoice({ toolChoice }: CanonicalRequest): JsonValue {
  if (toolChoice === null) return null;
  return toolChoice.kind === "function" ? { type: "function", function: { name: toolChoice.name } } : toolChoice.kind;
}

function writeResponseFormat(format: ResponseFormat): JsonValue {
  switch (format.kind) {
    case "text":
      return { type: "text" };
    case "json":
      return { type: "json_object" };
    case "native":
      return format.declaration;
    case "schema": {
      const { name, description, schema, strict } = format;
      return { type: "json_schema", json_schema: present({ name, description, schema, strict }) };
    }
  }
}
