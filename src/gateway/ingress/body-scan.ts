/**
 * One pass over the bytes of a JSON body before anything parses it: bounds what parsing it may cost, and notes where
 * each top-level field stands, so that a body can go upstream as the bytes that came in, with only what must change
 * replaced. It does not judge whether the JSON is valid: JSON.parse does that afterwards.
 *
 * Invariants: linear in the body's length, whatever it holds; nothing is decoded but the names of top-level fields.
 */

/** Where a top-level field stands: byte offsets into the body, ends exclusive. */
export interface FieldSpan {
  name: string;
  keyStart: number;
  valueStart: number;
  valueEnd: number;
  /** How many `name: value` pairs stand inside of its value, at any depth, each counted however often it stands. */
  members: number;
}

export type BodyScan =
  | { ok: true; fields: FieldSpan[] }
  | { ok: false; problem: "not-object" | "too-deep" }
  | { ok: false; problem: "too-much"; what: string; limit: number }
  | { ok: false; problem: "duplicate"; field: string };

/**
 * What parsing a body costs is bounded by what is in it, so that no body stalls the others: bench/README.md has the
 * figures. No honest request comes near: 300,000 token numbers to embed are the most.
 */
export const BODY_BOUNDS = {
  values: { limit: 320_000, what: "values" },
  /** Objects, lists, named fields, texts with escapes, and every 64 digits: each costs ten times what a number does. */
  nodes: { limit: 50_000, what: "objects, lists, fields and texts with escapes" },
  fields: { limit: 1_000, what: "fields at the top level" },
  escapes: { limit: 1_500_000, what: "escapes in texts" },
  /** Digits of one number, or letters where a value should be. */
  literal: { limit: 1_000, what: "digits in one number" },
} as const;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const TAB = 0x09;
/** So many bytes are looked at one by one behind an escape before the rest is searched in one go. */
const NEAR_BYTES = 32;
const DIGITS_PER_NODE = 64;

const decoder = new TextDecoder();

/** Scans `body` in one go; `maxDepth` counts the outermost object as 1. */
export function scanBody(body: Uint8Array, maxDepth: number): BodyScan {
  return new BodyScanner(body, maxDepth).run(body.length) ?? { ok: true, fields: [] };
}

/** A scan that can be interrupted. */
export class BodyScanner {
  readonly #body: Uint8Array;
  readonly #maxDepth: number;
  readonly #texts: TextEnds;
  readonly #found: FieldCollector;
  #position = 0;
  #depth = 0;
  #values = 0;
  #nodes = 0;
  #literal = 0;
  /** Just behind the last byte that is no space. */
  #lastEnd = 0;

  constructor(body: Uint8Array, maxDepth: number) {
    this.#body = body;
    this.#maxDepth = maxDepth;
    this.#texts = new TextEnds(body);
    this.#found = new FieldCollector(body);
  }

  /** Goes on for about so many bytes. Undefined while it is not finished. */
  run(bytes: number): BodyScan | undefined {
    const body = this.#body;
    const until = Math.min(body.length, this.#position + bytes);
    let position = this.#position;
    while (position < until) {
      const byte = body[position] ?? SPACE;
      if (byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB) {
        position++;
        continue;
      }
      if (this.#depth === 0 && byte !== OPEN_BRACE) return { ok: false, problem: "not-object" };
      const end = this.#take(byte, position);
      const refusal = this.#found.refusal ?? this.#bound();
      if (refusal) return refusal;
      if (this.#depth === 0) return { ok: true, fields: this.#found.fields };
      position = end;
      this.#lastEnd = end;
    }
    this.#position = position;
    if (position < body.length) return undefined;
    return this.#depth === 0 ? { ok: false, problem: "not-object" } : { ok: true, fields: this.#found.fields };
  }

  /** Takes what begins with this byte; returns the offset behind it. */
  #take(byte: number, position: number): number {
    const isTop = this.#depth === 1;
    if (isTop && byte !== COLON) this.#found.token(position);
    if (byte === QUOTE) {
      const end = this.#texts.after(position);
      if (this.#texts.hadEscape) this.#nodes++;
      if (isTop) this.#found.text(position, end);
      this.#literal = 0;
      return end;
    }
    if (byte === COMMA) {
      this.#values++;
      if (isTop) this.#found.end(this.#lastEnd);
    } else if (byte === COLON) {
      this.#values++;
      this.#nodes++;
      if (isTop) this.#found.colon();
      else this.#found.members++;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.#nodes++;
      this.#depth++;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (--this.#depth === 0) this.#found.end(this.#lastEnd);
    } else {
      if (++this.#literal % DIGITS_PER_NODE === 0) this.#nodes++;
      return position + 1;
    }
    this.#literal = 0;
    return position + 1;
  }

  #bound(): BodyScan | undefined {
    if (this.#depth > this.#maxDepth) return { ok: false, problem: "too-deep" };
    if (this.#literal > BODY_BOUNDS.literal.limit) return tooMuch("literal");
    if (this.#values > BODY_BOUNDS.values.limit) return tooMuch("values");
    if (this.#nodes > BODY_BOUNDS.nodes.limit) return tooMuch("nodes");
    return this.#texts.escapes > BODY_BOUNDS.escapes.limit ? tooMuch("escapes") : undefined;
  }
}

function tooMuch(bound: keyof typeof BODY_BOUNDS): BodyScan {
  return { ok: false, problem: "too-much", ...BODY_BOUNDS[bound] };
}

/** Notes the fields of the outermost object. */
class FieldCollector {
  readonly fields: FieldSpan[] = [];
  refusal: BodyScan | undefined;
  /** Pairs inside of the field that is open. */
  members = 0;
  readonly #body: Uint8Array;
  readonly #seen = new Set<string>();
  #open: FieldSpan | undefined;
  #isValueNext = false;

  constructor(body: Uint8Array) {
    this.#body = body;
  }

  /** A text at the top level: the first since the last comma is a name. */
  text(start: number, end: number): void {
    if (this.#open) return;
    const name = nameOf(this.#body, start, end);
    this.#open = { name, keyStart: start, valueStart: -1, valueEnd: -1, members: 0 };
  }

  colon(): void {
    if (this.#open?.valueStart === -1) this.#isValueNext = true;
  }

  /** Anything at the top level but a colon: behind one it is where the value begins. */
  token(position: number): void {
    if (!this.#isValueNext || !this.#open) return;
    this.#open.valueStart = position;
    this.#isValueNext = false;
  }

  /** The field that is open ends here. */
  end(valueEnd: number): void {
    const field = this.#open;
    if (field === undefined || field.valueStart === -1) return;
    if (this.#seen.has(field.name)) this.refusal = { ok: false, problem: "duplicate", field: field.name };
    else if (this.#seen.size === BODY_BOUNDS.fields.limit) this.refusal = tooMuch("fields");
    this.#seen.add(field.name);
    field.valueEnd = valueEnd;
    field.members = this.members;
    this.fields.push(field);
    this.#open = undefined;
    this.members = 0;
  }
}

/** Finds where texts end, and counts their escapes. */
export class TextEnds {
  escapes = 0;
  /** Whether the last text had one. */
  hadEscape = false;
  readonly #body: Uint8Array;
  /** The next backslash at or behind the last place that was asked about. */
  #nextEscape = -1;

  constructor(body: Uint8Array) {
    this.#body = body;
  }

  /** The offset just after the closing quote of the text that opens at `start`, or the end of the body. */
  after(start: number): number {
    const body = this.#body;
    let position = start + 1;
    this.hadEscape = false;
    for (;;) {
      if (position >= body.length) return body.length;
      const near = Math.min(body.length, position + NEAR_BYTES);
      while (position < near && body[position] !== QUOTE && body[position] !== BACKSLASH) position++;
      if (position < near && body[position] === QUOTE) return position + 1;
      if (position === near) {
        const quote = this.#find(QUOTE, position);
        if (this.#nextEscape < position) this.#nextEscape = this.#find(BACKSLASH, position);
        if (quote <= this.#nextEscape) return Math.min(quote + 1, body.length);
        position = this.#nextEscape;
      }
      this.hadEscape = true;
      this.escapes++;
      position += 2;
    }
  }

  #find(byte: number, from: number): number {
    const found = this.#body.indexOf(byte, from);
    return found === -1 ? this.#body.length : found;
  }
}

/** What a name is once its escapes are resolved. */
export function nameOf(body: Uint8Array, start: number, end: number): string {
  const raw = decoder.decode(body.subarray(start + 1, end - 1));
  if (!raw.includes("\\")) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}
