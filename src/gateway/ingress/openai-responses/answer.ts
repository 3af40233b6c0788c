/** The response object: what the request asked, and what came of it. */
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  stringField,
} from "../../../kernel/json.ts";
import type { AnswerContext, AnswerIdentity, AnswerNotes, Billed } from "../../canonical/dialects.ts";
import { textBytes } from "../../metering/usage.ts";
import { failureOf } from "./failures.ts";
import { readResponseUsage, responseUsage } from "./usage.ts";

/** Fields of the request that a response repeats, with what stands there when nothing was said. */
const REPEATED: Readonly<JsonObject> = {
  background: false,
  frequency_penalty: null,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  presence_penalty: null,
  previous_response_id: null,
  prompt_cache_key: null,
  safety_identifier: null,
  service_tier: "auto",
  store: false,
  temperature: null,
  tool_choice: "auto",
  top_logprobs: null,
  top_p: null,
  truncation: "disabled",
  user: null,
};

/** What a response of ours begins with, whatever comes of it. */
export function responseHead(identity: AnswerIdentity, request: JsonObject): JsonObject {
  const repeated = Object.entries(REPEATED).map(([name, otherwise]) => [name, request[name] ?? otherwise] as const);
  const reasoning = objectField(request, "reasoning") ?? {};
  const text = objectField(request, "text") ?? {};
  return {
    id: identity.generationId,
    object: "response",
    created_at: identity.createdSeconds,
    status: "in_progress",
    completed_at: null,
    error: null,
    incomplete_details: null,
    model: identity.model,
    provider: identity.provider,
    output: [],
    ...Object.fromEntries(repeated),
    reasoning: { effort: reasoning.effort ?? null, summary: reasoning.summary ?? null },
    text: { ...text, format: text.format ?? { type: "text" } },
    tools: arrayField(request, "tools").map(declaredTool),
    usage: null,
  };
}

/** Clients take a function's optional fields as present. */
function declaredTool(tool: JsonValue): JsonValue {
  if (!isJsonObject(tool) || tool.type !== "function") return tool;
  return {
    ...tool,
    description: tool.description ?? null,
    parameters: tool.parameters ?? null,
    strict: tool.strict ?? null,
  };
}

/** Fields that the official clients expect and some servers leave out. */
const EXPECTED: Readonly<JsonObject> = {
  completed_at: null,
  error: null,
  frequency_penalty: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  presence_penalty: null,
  temperature: null,
  tool_choice: "auto",
  tools: [],
  top_p: null,
};

/** A provider's response with this generation's identity. Changes it in place. */
export function identified(response: JsonObject, identity: AnswerIdentity): JsonObject {
  response.id = identity.generationId;
  response.object = "response";
  response.model = identity.model;
  response.provider = identity.provider;
  if (typeof response.created_at === "number") response.created_at = Math.trunc(response.created_at);
  else response.created_at = identity.createdSeconds;
  for (const [name, value] of Object.entries(EXPECTED)) response[name] ??= value;
  if (typeof response.completed_at === "number") response.completed_at = Math.trunc(response.completed_at);
  return response;
}

/** What a response says of itself; undefined for an answer that has not the shape of one. */
export function readResponse(answer: JsonObject): AnswerNotes | undefined {
  if (!Array.isArray(answer.output)) return undefined;
  const items = arrayField(answer, "output").filter(isJsonObject);
  const failure = failureOf(answer);
  return {
    usage: readResponseUsage(answer),
    textLength: textBytes(JSON.stringify(items)),
    upstreamId: stringField(answer, "id") ?? null,
    ...endOf(answer),
    serviceTier: stringField(answer, "service_tier") ?? null,
    mediaCount: items.filter(({ type }) => type === "image_generation_call").length,
    ...(failure ? { failure } : {}),
  };
}

/** Why a response ended, in the five words that records know, and in the provider's own. */
export function endOf(response: JsonObject): Pick<AnswerNotes, "finishReason" | "nativeFinishReason"> {
  const status = stringField(response, "status") ?? "completed";
  if (status === "incomplete") {
    const reason = stringField(objectField(response, "incomplete_details") ?? {}, "reason") ?? status;
    return { finishReason: reason === "content_filter" ? reason : "length", nativeFinishReason: reason };
  }
  if (status !== "completed") return { finishReason: "error", nativeFinishReason: status };
  const called = arrayField(response, "output").some(
    (item) => isJsonObject(item) && (item.type === "function_call" || item.type === "custom_tool_call"),
  );
  return { finishReason: called ? "tool_calls" : "stop", nativeFinishReason: status };
}

/** Rewrites an upstream response in place: identity, usage with its cost. */
export function finishResponse(answer: JsonObject, { identity, billed }: AnswerContext): JsonObject {
  return withUsage(identified(answer, identity), billed);
}

export function withUsage(response: JsonObject, billed: Billed): JsonObject {
  response.usage = responseUsage(response.usage, billed);
  return response;
}
