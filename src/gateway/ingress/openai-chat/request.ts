/** The OpenAI chat dialect as it comes in: checks what routing needs and keeps the rest as it is. */
import { isJsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { ClientRequest, ModelHints } from "../../canonical/dialects.ts";
import type { BodyEdits } from "../body-edits.ts";
import { invalidField } from "../fields.ts";
import { readRouting } from "../model-names.ts";
import type { JsonBody } from "../read-body.ts";

/** Throws GapuraError: model_missing, invalid_field. */
export function readChatRequest(body: JsonBody, hints: ModelHints): ClientRequest {
  const request = readRouting(body, hints);
  const { messages } = body.value;
  if (!Array.isArray(messages)) {
    throw invalidField("messages", 'must be a list such as [{"role": "user", "content": "Hello"}]');
  }
  if (messages.length === 0) throw invalidField("messages", "must hold at least one message");
  messages.forEach((message, index) => {
    if (!isJsonObject(message)) throw invalidField(`messages[${index}]`, "must be an object with a role");
    if (stringField(message, "role") === undefined) throw invalidField(`messages[${index}].role`, "must be a string");
  });
  return request;
}

/** What changes in a chat body wherever it goes: usage is asked for in every stream. */
export function chatEdits(request: ClientRequest): BodyEdits {
  const set = new Map<string, string>();
  if (request.streamed) {
    const options = objectField(request.body.value, "stream_options") ?? {};
    set.set("stream_options", JSON.stringify({ ...options, include_usage: true }));
  }
  return { set, remove: new Set() };
}
