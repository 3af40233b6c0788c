/** A canonical request as a body of the Responses API. */
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import type { Target } from "../../canonical/dialects.ts";
import type { CanonicalRequest, Message, ResponseFormat, Tool } from "../../canonical/request.ts";
import {
  boundedUser,
  hasFailedResult,
  hasForeignThoughts,
  listOrNull,
  present,
  samplingFields,
  sentParameters,
} from "../writing.ts";
import { writeItems } from "./write-items.ts";

/** OpenAI refuses a smaller bound. */
const FEWEST_OUTPUT_TOKENS = 16;

/** `thoughts` is the format of those that the server can read; null for any. */
export function writeResponsesRequest(
  request: CanonicalRequest,
  target: Target,
  thoughts: string | null,
): { body: JsonObject; dropped: readonly string[] } {
  const { sampling, reasoning } = request;
  const { instructions, rest } = splitInstructions(request.messages);
  const { items, dropped } = writeItems(rest, thoughts);
  const tools = request.tools.filter(isWritable);
  if (tools.length < request.tools.length) dropped.push("tools");
  if (request.responseFormat?.kind === "native") dropped.push("response_format");
  const body = present({
    model: target.upstreamModel,
    instructions,
    input: items,
    stream: target.streamed ? true : null,
    ...samplingFields(sampling),
    include: sampling.logprobs ? ["message.output_text.logprobs"] : null,
    top_logprobs: sampling.topLogprobs,
    max_output_tokens: request.maxOutputTokens && Math.max(request.maxOutputTokens, FEWEST_OUTPUT_TOKENS),
    stop: listOrNull(request.stop),
    tools: listOrNull(tools.map(writeTool)),
    tool_choice: writeToolChoice(request),
    parallel_tool_calls: request.parallelToolCalls,
    text: writeText(request),
    reasoning:
      reasoning &&
      present({
        effort: reasoning.effort,
        max_tokens: reasoning.maxTokens,
        enabled: reasoning.enabled,
        summary: reasoning.exclude ? null : reasoning.summary,
      }),
    modalities: listOrNull(request.modalities),
    audio: request.audio,
    image_config: request.imageConfig,
    prediction: request.prediction,
    service_tier: request.serviceTier,
    user: boundedUser(request.user),
    metadata: request.metadata,
    prompt_cache_key: request.promptCacheKey,
    cache_control: request.cache && { type: "ephemeral" },
  });
  const silent: string[] = sentParameters(request).filter(
    (name) => name === "messages.name" || name === "cache_control",
  );
  if (thoughts !== null && hasForeignThoughts(request, thoughts)) silent.push("reasoning_details");
  if (hasFailedResult(request)) silent.push("is_error");
  return { body, dropped: [...new Set([...dropped, ...silent])] };
}

/** The first message where it is the system's and plain text: the dialect has a field of its own for it. */
function splitInstructions([first, ...others]: readonly Message[]): {
  instructions: string | null;
  rest: readonly Message[];
} {
  const [part, ...more] = first?.role === "system" && first.name === null ? first.parts : [];
  if (first === undefined || part === undefined || more.length > 0 || others.length === 0) {
    return { instructions: null, rest: first === undefined ? [] : [first, ...others] };
  }
  return { instructions: part.text, rest: others };
}

function isWritable(tool: Tool): boolean {
  return tool.kind === "function" || tool.dialect === "openai-responses";
}

function writeTool(tool: Tool): JsonObject {
  if (tool.kind === "native") return tool.declaration;
  const { name, description, parameters, strict } = tool;
  return {
    type: "function",
    name,
    ...present({ description }),
    parameters: parameters ?? { type: "object", properties: {} },
    // This dialect is strict where nothing is said, the others are not.
    strict: strict ?? false,
  };
}

function writeToolChoice({ toolChoice }: CanonicalRequest): JsonValue {
  if (toolChoice === null) return null;
  return toolChoice.kind === "function" ? { type: "function", name: toolChoice.name } : toolChoice.kind;
}

function writeText({ responseFormat, verbosity }: CanonicalRequest): JsonValue {
  const text = present({ format: responseFormat && writeFormat(responseFormat), verbosity });
  return Object.keys(text).length === 0 ? null : text;
}

function writeFormat(format: ResponseFormat): JsonValue {
  switch (format.kind) {
    case "text":
      return { type: "text" };
    case "json":
      return { type: "json_object" };
    case "native":
      return null;
    case "schema": {
      const { name, description, schema, strict } = format;
      return present({ type: "json_schema", name, description, schema, strict });
    }
  }
}
