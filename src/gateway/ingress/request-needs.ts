/**
 * What a request needs, read from the body of any dialect. Types are not judged here: a field of the wrong form needs
 * nothing, and is refused by whoever reads it in earnest.
 */
import { isJsonObject, type JsonObject, type JsonValue, objectField, stringField } from "../../kernel/json.ts";
import { promptLength } from "../metering/prompt-length.ts";
import type { RequestNeeds } from "../router/needs.ts";
import { mediaKinds } from "./media-parts.ts";
import type { JsonBody } from "./read-body.ts";

/** Fields whose own name is the word of `supported_parameters`. */
const SAME_WORD: ReadonlySet<string> = new Set([
  ...["temperature", "top_p", "top_k", "min_p", "top_a", "frequency_penalty", "presence_penalty"],
  ...["repetition_penalty", "max_tokens", "max_completion_tokens", "logit_bias", "logprobs", "top_logprobs", "seed"],
  ...["response_format", "stop", "parallel_tool_calls", "include_reasoning", "reasoning", "reasoning_effort"],
  ...["web_search_options", "verbosity", "tools", "tool_choice"],
]);
/** Fields of the other dialects, and the words for them. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ["stop_sequences", "stop"],
  ["thinking", "reasoning"],
  ["max_output_tokens", "max_tokens"],
]);

/** A body that is shorter than this fits into any context, whatever is in it. */
const SHORT_BODY_BYTES = 8_192;

export function requestNeeds(body: JsonBody): RequestNeeds {
  const { value } = body;
  const media = mediaKinds(value);
  return {
    parameters: parametersOf(value),
    inputs: media.length < 2 ? media : [...new Set(media)],
    outputs: Array.isArray(value.modalities) ? outputsIn(value.modalities) : NOTHING,
    promptBytes: promptBytes(body),
    maxOutputTokens:
      whole(value.max_completion_tokens) ?? whole(value.max_tokens) ?? whole(value.max_output_tokens) ?? null,
    serviceTier: stringField(value, "service_tier") ?? null,
  };
}

const NOTHING: readonly string[] = [];

function outputsIn(modalities: readonly JsonValue[]): string[] {
  return modalities.filter((kind) => typeof kind === "string").filter((kind) => kind !== "text");
}

/** Of many prompts in one request each has to fit for itself, and how long each is only its provider can tell. */
function promptBytes(body: JsonBody): number {
  const { input, prompt, documents } = body.value;
  if (isBatch(input) || isBatch(prompt) || Array.isArray(documents)) return 0;
  return body.bytes.length < SHORT_BODY_BYTES ? body.bytes.length : promptLength(body);
}

function isBatch(list: JsonValue | undefined): boolean {
  return Array.isArray(list) && !list.every(isOnePrompt);
}

function isOnePrompt(item: JsonValue): boolean {
  return isJsonObject(item) && ("role" in item || "type" in item);
}

function parametersOf(body: JsonObject): string[] {
  const found: string[] = [];
  const add = (word: string) => found.includes(word) || found.push(word);
  for (const field in body) {
    const word = SAME_WORD.has(field) ? field : OTHER_WORDS.get(field);
    // What of it counts is said below.
    if (word !== undefined && word !== "response_format" && isSet(body[field])) add(word);
  }
  const format = formatOf(body);
  if (format !== undefined && format !== "text") add("response_format");
  if (format === "json_schema") add("structured_outputs");
  if (isSet(objectField(body, "text")?.verbosity)) add("verbosity");
  return found;
}

/** The kind of answer that is wanted: "json_schema" in whichever place a dialect has for it. */
function formatOf(body: JsonObject): string | undefined {
  return (
    typeOf(body.response_format) ??
    typeOf(objectField(body, "text")?.format) ??
    typeOf(objectField(body, "output_config")?.format) ??
    typeOf(body.output_format)
  );
}

function typeOf(holder: JsonValue | undefined): string | undefined {
  return isJsonObject(holder) ? stringField(holder, "type") : undefined;
}

function isSet(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function whole(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
