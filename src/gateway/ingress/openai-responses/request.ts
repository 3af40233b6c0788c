/**
 * The Responses dialect as it comes in: checks what routing needs and refuses what needs a memory. Nothing is stored
 * here, and nothing may be stored at a provider in the operator's name.
 */
import { isJsonObject } from "../../../kernel/json.ts";
import type { ClientRequest, ModelHints } from "../../canonical/dialects.ts";
import { Fields, invalidField } from "../fields.ts";
import { readRouting } from "../model-names.ts";
import type { JsonBody } from "../read-body.ts";

const RESEND = "send the whole conversation in input with every request";
/** Fields that point at something stored; each with what to do instead. */
const STORED: readonly [field: string, remedy: string][] = [
  ["previous_response_id", `cannot be followed, because no responses are stored here; ${RESEND}`],
  ["conversation", `cannot be followed, because no conversations are stored here; ${RESEND}`],
  ["prompt", "names a prompt that is stored at OpenAI; send its text in instructions and input"],
];

/** Throws GapuraError: model_missing, invalid_field. */
export function readResponsesRequest(body: JsonBody, hints: ModelHints): ClientRequest {
  const request = readRouting(body, hints);
  const fields = new Fields(body.value);
  checkStateless(fields);
  const { input } = body.value;
  if (input === undefined || input === null || input === "") {
    throw invalidField("input", "is missing; send a text or a list of items");
  }
  if (typeof input !== "string" && !Array.isArray(input)) throw invalidField("input", "must be a text or a list");
  if (Array.isArray(input)) {
    if (input.length === 0) throw invalidField("input", "must hold at least one item");
    input.forEach((item, index) => {
      if (!isJsonObject(item)) throw invalidField(`input[${index}]`, "must be an object such as a message");
    });
  }
  return request;
}

function checkStateless(fields: Fields): void {
  if (fields.flag("store") === true) {
    throw fields.wrong("store", `must be false or absent, because no responses are stored here; ${RESEND}`);
  }
  if (fields.flag("background") === true) {
    throw fields.wrong("background", "must be false or absent, because no responses are kept to be fetched later");
  }
  for (const [field, remedy] of STORED) if (fields.has(field)) throw fields.wrong(field, remedy);
}
