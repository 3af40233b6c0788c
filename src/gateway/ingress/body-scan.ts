/**
 * One pass over the bytes of a JSON body before anything parses it: bounds depth and size of the tree, and notes where
 * each top-level field stands, so that a body can go upstream as the bytes that came in, with only what must change
 * replaced. It does not judge whether the JSON is valid: JSON.parse does that afterwards.
 */

/** Where a top-level field stands: byte offsets into the body, ends exclusive. */
export interface FieldSpan {
  name: string;
  keyStart: number;
  valueStart: number;
  valueEnd: number;
}

export type BodyScan =
  | { ok: true; fields: FieldSpan[] /** Offset just after the opening brace. */; openEnd: number }
  | { ok: false; problem: "not-object" | "too-deep" | "too-many-values" | "too-many-fields" }
  | { ok: false; problem: "duplicate"; field: string };

/** No honest request has more values than this; a tree of more would stall the event loop when parsed. */
export const MAX_JSON_VALUES = 250_000;
/** Fields at the top level; each is looked at by name. */
export const MAX_FIELDS = 1_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const decoder = new TextDecoder();

/** Scans `body`; `maxDepth` counts the outermost object as 1. */
export function scanBody(body: Uint8Array, maxDepth: number): BodyScan {
  let position = skipSpace(body, 0);
  if (body[position] !== OPEN_BRACE) return { ok: false, problem: "not-object" };
  position++;
  const openEnd = position;
  const fields: FieldSpan[] = [];
  const seen = new Set<string>();
  let depth = 1;
  let values = 0;
  let field: FieldSpan | undefined;
  while (position < body.length && depth > 0) {
    const byte = body[position];
    if (byte === QUOTE) {
      const end = endOfString(body, position);
      if (depth === 1 && field === undefined)
        field = { name: nameOf(body, position, end), keyStart: position, valueStart: -1, valueEnd: -1 };
      position = end;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > maxDepth) return { ok: false, problem: "too-deep" };
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    if (byte === COMMA || byte === COLON) {
      if (++values > MAX_JSON_VALUES) return { ok: false, problem: "too-many-values" };
    }
    if (byte === COLON && depth === 1 && field !== undefined && field.valueStart === -1) {
      field.valueStart = skipSpace(body, position + 1);
    }
    const fieldEnds = (byte === COMMA && depth === 1) || depth === 0;
    if (fieldEnds && field !== undefined && field.valueStart !== -1) {
      field.valueEnd = trimSpace(body, position);
      if (seen.has(field.name)) return { ok: false, problem: "duplicate", field: field.name };
      if (seen.size === MAX_FIELDS) return { ok: false, problem: "too-many-fields" };
      seen.add(field.name);
      fields.push(field);
      field = undefined;
    }
    position++;
  }
  return { ok: true, fields, openEnd };
}

function nameOf(body: Uint8Array, start: number, end: number): string {
  const raw = decoder.decode(body.subarray(start + 1, end - 1));
  if (!raw.includes("\\")) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

/** The offset just after the closing quote of the string that opens at `start`, or the end of the body. */
function endOfString(body: Uint8Array, start: number): number {
  let position = start + 1;
  for (;;) {
    const quote = body.indexOf(QUOTE, position);
    if (quote === -1) return body.length;
    let slashes = 0;
    while (body[quote - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote + 1;
    position = quote + 1;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function skipSpace(body: Uint8Array, from: number): number {
  let position = from;
  while (isSpace(body[position])) position++;
  return position;
}

function trimSpace(body: Uint8Array, end: number): number {
  let position = end;
  while (isSpace(body[position - 1])) position--;
  return position;
}
