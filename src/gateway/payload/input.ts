/** What a request of any dialect asked, in the two forms that `/generation/content` knows: a prompt, or messages. */
import { arrayField, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import type { PayloadInput } from "../ports.ts";
import type { Budget } from "./bounds.ts";

export function payloadInput(body: JsonObject, budget: Budget): PayloadInput {
  if (Array.isArray(body.messages)) return messages([...instructions(body.system), ...body.messages], budget);
  if (body.query !== undefined && body.documents !== undefined) {
    return prompt({ query: body.query, documents: body.documents }, budget);
  }
  if (body.prompt !== undefined) return prompt(body.prompt, budget);
  if (typeof body.input === "string" && body.instructions === undefined) return prompt(body.input, budget);
  if (body.instructions !== undefined || arrayField(body, "input").some(isItem)) {
    return messages([...instructions(body.instructions), ...turns(body.input)], budget);
  }
  return prompt(body.input ?? "", budget);
}

/** Entries of the Responses API's `input` are objects; those of an embedding are texts or numbers. */
function isItem(entry: JsonValue): boolean {
  return typeof entry === "object" && entry !== null && !Array.isArray(entry);
}

function instructions(value: JsonValue | undefined): JsonValue[] {
  return value === undefined || value === null ? [] : [{ role: "system", content: value }];
}

function turns(input: JsonValue | undefined): JsonValue[] {
  return Array.isArray(input) ? input : [{ role: "user", content: input ?? null }];
}

function messages(list: JsonValue[], budget: Budget): PayloadInput {
  const kept = budget.value(list);
  return { messages: Array.isArray(kept) ? kept : [] };
}

function prompt(value: JsonValue, budget: Budget): PayloadInput {
  return { prompt: budget.text(typeof value === "string" ? value : JSON.stringify(value)) };
}
