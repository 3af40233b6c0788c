/** The OpenAI chat dialect as it comes in: checks what routing needs and keeps the rest as it is. */
import { isJsonObject, stringField } from "../../../kernel/json.ts";
import type { ClientRequest, ModelHints } from "../../canonical/dialects.ts";
import { invalidField } from "../fields.ts";
import { readRouting } from "../model-names.ts";
import { openAiCompletions } from "../openai-completions/dialect.ts";
import type { JsonBody } from "../read-body.ts";

/** Throws GapuraError: model_missing, invalid_field. */
export function readChatRequest(body: JsonBody, hints: ModelHints): ClientRequest {
  const { messages, prompt } = body.value;
  // OpenRouter's chat address also takes a plain prompt, and answers it as a text completion.
  if (messages === undefined && typeof prompt === "string") {
    return { ...openAiCompletions.read(body, hints), answeredAs: openAiCompletions };
  }
  const request = readRouting(body, hints);
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
