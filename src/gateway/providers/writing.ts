/** What writers of provider dialects share: bodies without empty fields, and which parameters a request really sets. */
import { createHash } from "node:crypto";
import { GapuraError } from "../../kernel/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import type { AssistantPart, CanonicalRequest, ContentPart, Message, Sampling, Tool } from "../canonical/request.ts";
import { parseUpstreamJson } from "../ingress/upstream-json.ts";

/** The object without the fields that are null. */
export function present(fields: Record<string, JsonValue>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

export function listOrNull(list: JsonValue[]): JsonValue {
  return list.length === 0 ? null : list;
}

export function objectOrNull(object: JsonObject): JsonValue {
  return Object.keys(object).length === 0 ? null : object;
}

/** A name for a file, without which OpenAI refuses its content. */
export function fileName({ filename, source }: Extract<ContentPart, { kind: "file" }>): string | null {
  if (filename !== null || source.kind !== "base64") return filename;
  return `file.${/[a-z0-9]+$/i.exec(source.mediaType)?.[0] ?? "bin"}`;
}

const MAX_USER_LENGTH = 64;

/** The end user as OpenAI takes them, in at most 64 characters: a longer name (Claude Code's is one) becomes its SHA-256. */
export function boundedUser(user: string | null): string | null {
  if (user === null || user.length <= MAX_USER_LENGTH) return user;
  return createHash("sha256").update(user).digest("hex");
}

/** How tokens are chosen, under the names that OpenAI and OpenRouter have for it; null where nothing was said. */
export function samplingFields(sampling: Sampling) {
  return {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    min_p: sampling.minP,
    top_a: sampling.topA,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    repetition_penalty: sampling.repetitionPenalty,
    seed: sampling.seed,
    logit_bias: sampling.logitBias,
  };
}

/** The parameters that the request sets and that not every dialect has a word for, by OpenRouter's names. */
export function sentParameters(request: CanonicalRequest): string[] {
  const { sampling, reasoning } = request;
  const values: Record<string, unknown> = {
    ...samplingFields(sampling),
    logprobs: sampling.logprobs,
    top_logprobs: sampling.topLogprobs,
    parallel_tool_calls: request.parallelToolCalls,
    response_format: request.responseFormat,
    reasoning,
    modalities: request.modalities.length === 0 ? null : request.modalities,
    audio: request.audio,
    image_config: request.imageConfig,
    prediction: request.prediction,
    verbosity: request.verbosity,
    service_tier: request.serviceTier,
    user: request.user,
    metadata: request.metadata,
    prompt_cache_key: request.promptCacheKey,
    cache_control: request.cache ?? (request.messages.some(isMarked) || request.tools.some(isMarkedTool) ? true : null),
    "messages.name": request.messages.some((message) => message.role !== "tool" && message.name !== null) ? true : null,
  };
  return Object.keys(values).filter((name) => values[name] !== null);
}

function isMarkedTool(tool: Tool): boolean {
  return tool.kind === "function" && tool.cache !== null;
}

function isMarked(message: Message): boolean {
  if (message.role === "tool" && message.cache !== null) return true;
  return message.parts.some((part: ContentPart | AssistantPart) => "cache" in part && part.cache !== null);
}

/** True where the conversation holds thoughts of another maker's model, which are left out. */
export function hasForeignThoughts(request: CanonicalRequest, ownFormat: string | null): boolean {
  return request.messages.some(
    ({ role, parts }) =>
      role === "assistant" && parts.some((part) => part.kind === "reasoning" && part.detail.format !== ownFormat),
  );
}

/** True where the conversation holds a tool result that is a failure, for which most dialects have no word. */
export function hasFailedResult({ messages }: CanonicalRequest): boolean {
  return messages.some((message) => message.role === "tool" && message.isError);
}

/** The arguments of a former tool call as an object. Throws GapuraError invalid_field when they are none. */
export function argumentsObject(call: { id: string; arguments: string }): JsonObject {
  const text = call.arguments.trim();
  if (text === "") return {};
  // A text inside the body: the bound on the depth of bodies has not seen it.
  const parsed = parseUpstreamJson(text);
  if (parsed.ok && isJsonObject(parsed.value)) return parsed.value;
  const reason = `the arguments of the tool call ${call.id} must be the text of a JSON object for this model`;
  throw new GapuraError("invalid_field", { values: { field: "messages", reason }, metadata: { field: "messages" } });
}

/** Something in the messages that a provider cannot take; `content` says what, and what to do instead. */
export function unsupportedContent(where: { provider: string; model: string }, content: string): GapuraError {
  return new GapuraError("content_unsupported", { values: { ...where, content } });
}
