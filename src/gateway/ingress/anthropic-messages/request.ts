/** A Messages request as it comes in: checks what routing needs and keeps the rest as it is. */

import type { ClientRequest, ModelHints } from "../../canonical/dialects.ts";
import { Fields, invalidField } from "../fields.ts";
import { readRouting } from "../model-names.ts";
import type { JsonBody } from "../read-body.ts";

const MAX_FALLBACKS = 3;
const ROLES = ["user", "assistant", "system"] as const;

/** Throws GapuraError: model_missing, invalid_field. */
export function readMessagesRequest(body: JsonBody, hints: ModelHints): ClientRequest {
  const fields = new Fields(body.value);
  const routed = readRouting(body, hints);
  const models = [...new Set([...routed.models, ...readFallbacks(fields)])];
  if (!Array.isArray(body.value.messages)) {
    throw invalidField("messages", 'must be a list such as [{"role": "user", "content": "Hello"}]');
  }
  const messages = fields.children("messages");
  if (messages.length === 0) throw invalidField("messages", "must hold at least one message");
  for (const message of messages) {
    if (message.word("role", ROLES) === null) throw message.wrong("role", `must be one of ${ROLES.join(", ")}`);
    const { content } = message.object;
    if (typeof content !== "string" && !Array.isArray(content)) {
      throw message.wrong("content", "must be a string or a list of content blocks");
    }
  }
  fields.whole("max_tokens", 1);
  return { ...routed, models };
}

/** Models to try after `model`; what else stands in an entry would be lost, so it is refused. */
function readFallbacks(fields: Fields): string[] {
  const entries = fields.children("fallbacks");
  if (entries.length === 0) return [];
  if (fields.has("models")) throw fields.wrong("fallbacks", "cannot be combined with models; send one of them");
  if (entries.length > MAX_FALLBACKS) throw fields.wrong("fallbacks", `must have at most ${MAX_FALLBACKS} entries`);
  return entries.map((entry) => {
    const other = Object.keys(entry.object).find((name) => name !== "model");
    if (other !== undefined) throw entry.wrong(other, "is not possible here; an entry holds only a model");
    const model = entry.requiredText("model");
    if (model === "") throw entry.wrong("model", "must not be empty");
    return model;
  });
}

/** The gateway's key as a client of this dialect sends it. A Bearer token counts more than an `x-api-key`. */
export function messagesAuthorization(headers: Headers): string | null {
  const bearer = headers.get("authorization");
  if (bearer !== null && bearer.trim() !== "") return bearer;
  const key = headers.get("x-api-key")?.trim();
  return key === undefined || key === "" ? null : `Bearer ${key}`;
}
