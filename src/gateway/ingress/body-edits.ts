/** Changes top-level fields of a JSON body by splicing bytes; whatever is not named goes through as it came. */
import type { FieldSpan } from "./body-scan.ts";

export interface BodyEdits {
  /** Field name → new value as JSON text. A field that is not there is added. */
  set: ReadonlyMap<string, string>;
  /** Fields to take out. Names that are not there are fine. */
  remove: ReadonlySet<string>;
}

export const NO_EDITS: BodyEdits = { set: new Map(), remove: new Set() };

const encoder = new TextEncoder();
const OPENING = encoder.encode("{");
const COMMA = encoder.encode(",");
const CLOSING = encoder.encode("}");

/**
 * The body with the edits applied. `fields` is the scan of exactly these bytes. Returns `body` itself when nothing
 * changes.
 */
export function editBody(
  body: Uint8Array<ArrayBuffer>,
  fields: readonly FieldSpan[],
  edits: BodyEdits,
): Uint8Array<ArrayBuffer> {
  const { set, remove } = edits;
  if (set.size === 0 && !fields.some((field) => remove.has(field.name))) return body;
  const parts: Uint8Array[] = [];
  const written = new Set<string>();
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index];
    if (field === undefined || remove.has(field.name)) continue;
    parts.push(parts.length === 0 ? OPENING : COMMA);
    const value = set.get(field.name);
    if (value !== undefined) {
      parts.push(member(field.name, value));
      written.add(field.name);
      continue;
    }
    // What stands beside each other and stays is one piece.
    const last = lastKept(fields, index, edits);
    parts.push(body.subarray(field.keyStart, fields[last]?.valueEnd));
    index = last;
  }
  for (const [name, value] of set) {
    if (!written.has(name)) parts.push(parts.length === 0 ? OPENING : COMMA, member(name, value));
  }
  if (parts.length === 0) parts.push(OPENING);
  parts.push(CLOSING);
  return concatenate(parts);
}

function member(name: string, value: string): Uint8Array {
  return encoder.encode(`${JSON.stringify(name)}:${value}`);
}

/** The place of the last field from `first` on that stays as it is, with nothing that changes in between. */
function lastKept(fields: readonly FieldSpan[], first: number, { set, remove }: BodyEdits): number {
  let last = first;
  for (let next = first + 1; next < fields.length; next++) {
    const name = fields[next]?.name ?? "";
    if (set.has(name) || remove.has(name)) break;
    last = next;
  }
  return last;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
