/**
 * What a provider's refusal says, whichever form it has: `{error: {message}}`, `{error: "…"}`, `{message}`, `{detail}` as a
 * text or as a list of what is wrong with which field, `{errors: […]}`, a list of any of these, or a plain text. Bounded in
 * depth and in breadth; tolerant, as answers are.
 */
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "../../kernel/json.ts";

/** In this order: where a short word and a sentence stand side by side, the sentence comes first. */
const TEXT_FIELDS = ["message", "msg", "detail", "error", "errors", "error_description", "description", "status_msg"];
/** Objects that some wrap the error in, and that say nothing else. */
const WRAPPERS = ["base_resp", "data"];
const CODE_FIELDS = ["code", "type", "error_type", "status", "status_code", "err_code"];
const MAX_DEPTH = 5;
const MAX_ENTRIES = 3;
const MAX_LOCATION = 100;

export interface RefusalText {
  message: string;
  /** The words and numbers by which programs know the error, in lower case, with spaces between. */
  codes: string;
}

export function refusalText(body: string): RefusalText {
  const parsed = parseJson(body);
  if (!parsed.ok) return { message: isPage(body) ? "" : body.trim(), codes: "" };
  const codes = codesOf(parsed.value, 0).join(" ").toLowerCase();
  return { message: textOf(parsed.value, 0), codes };
}

/** A page of a proxy in between, which says nothing that its status does not. */
function isPage(body: string): boolean {
  return body.trimStart().startsWith("<");
}

function textOf(value: JsonValue | undefined, depth: number): string {
  if (typeof value === "string") return value.trim();
  if (depth === MAX_DEPTH) return "";
  if (Array.isArray(value)) {
    const texts = value.slice(0, MAX_ENTRIES).map((entry) => textOf(entry, depth + 1));
    return texts.filter((text) => text !== "").join("; ");
  }
  if (!isJsonObject(value)) return "";
  for (const field of [...TEXT_FIELDS, ...WRAPPERS]) {
    const text = textOf(value[field], depth + 1);
    if (text !== "") return located(value, text);
  }
  return "";
}

/** The text with the field that it is about, where a validator names it: `{"loc": ["body", "messages", 0], "msg": "…"}`. */
function located({ loc }: JsonObject, text: string): string {
  if (!Array.isArray(loc)) return text;
  const steps = loc.filter((step) => typeof step === "string" || typeof step === "number");
  const place = steps.join(".").slice(0, MAX_LOCATION);
  return place === "" ? text : `${place}: ${text}`;
}

function codesOf(value: JsonValue | undefined, depth: number): string[] {
  if (depth === MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).flatMap((entry) => codesOf(entry, depth + 1));
  if (!isJsonObject(value)) return [];
  const own = CODE_FIELDS.flatMap((field) => {
    const code = value[field];
    return typeof code === "string" || typeof code === "number" ? [String(code).slice(0, MAX_LOCATION)] : [];
  });
  const nested = [...TEXT_FIELDS, ...WRAPPERS, "innererror"].flatMap((field) => codesOf(value[field], depth + 1));
  return [...own, ...nested];
}
