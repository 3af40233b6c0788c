/** The OpenAI chat dialect as it comes in: checks what routing needs and keeps the rest as it is. */
import { GapuraError } from "../../../kernel/errors.ts";
import { isJsonObject, objectField, stringField } from "../../../kernel/json.ts";
import { editBody } from "../body-edits.ts";
import type { JsonBody } from "../read-body.ts";

export interface ChatRequest {
  body: JsonBody;
  model: string;
  streamed: boolean;
}

/** What this instance tells people to look at when a model name is wrong. */
export interface ModelHints {
  exampleModel: string;
  modelsUrl: string;
}

const MAX_MODEL_NAME = 256;

/** Throws GapuraError: model_missing, model_unknown, invalid_field. */
export function readChatRequest(body: JsonBody, hints: ModelHints): ChatRequest {
  const { model, messages, stream } = body.value;
  if (model === undefined || model === null || model === "") {
    throw new GapuraError("model_missing", { values: { example: hints.exampleModel, modelsUrl: hints.modelsUrl } });
  }
  if (typeof model !== "string") throw invalid("model", "must be a string");
  if (model.length > MAX_MODEL_NAME) throw invalid("model", `must have at most ${MAX_MODEL_NAME} characters`);
  if (stream !== undefined && stream !== null && typeof stream !== "boolean") {
    throw invalid("stream", "must be true or false");
  }
  if (!Array.isArray(messages)) {
    throw invalid("messages", 'must be a list such as [{"role": "user", "content": "Hello"}]');
  }
  if (messages.length === 0) throw invalid("messages", "must hold at least one message");
  messages.forEach((message, index) => {
    if (!isJsonObject(message)) throw invalid(`messages[${index}]`, "must be an object with a role");
    if (stringField(message, "role") === undefined) throw invalid(`messages[${index}].role`, "must be a string");
  });
  return { body, model, streamed: stream === true };
}

/**
 * The body as one endpoint gets it: its own model name, usage asked for in a stream, fields taken out that it would
 * reject. Everything else is byte for byte what the client sent.
 */
export function upstreamBody(
  request: ChatRequest,
  endpoint: { upstreamModel: string; dropsFields: readonly string[] },
): Uint8Array<ArrayBuffer> {
  const set = new Map<string, string>();
  if (request.model !== endpoint.upstreamModel) set.set("model", JSON.stringify(endpoint.upstreamModel));
  if (request.streamed) {
    const options = objectField(request.body.value, "stream_options") ?? {};
    set.set("stream_options", JSON.stringify({ ...options, include_usage: true }));
  }
  return editBody(request.body.bytes, request.body.fields, { set, remove: new Set(endpoint.dropsFields) });
}

function invalid(field: string, reason: string): GapuraError {
  return new GapuraError("invalid_field", { values: { field, reason }, metadata: { field } });
}
