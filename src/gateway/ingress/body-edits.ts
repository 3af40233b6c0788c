/** Changes top-level fields of a JSON body by splicing bytes; whatever is not named goes through as it came. */
import type { FieldSpan } from "./body-scan.ts";

export interface BodyEdits {
  /** Field name → new value as JSON text. A field that is not there is added. */
  set: ReadonlyMap<string, string>;
  /** Fields to take out. Names that are not there are fine. */
  remove: ReadonlySet<string>;
}

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
  const kept = fields.filter((field) => !edits.remove.has(field.name));
  const added = [...edits.set.keys()].filter((name) => !kept.some((field) => field.name === name));
  const replaced = kept.some((field) => edits.set.has(field.name));
  if (kept.length === fields.length && added.length === 0 && !replaced) return body;

  const parts: Uint8Array[] = [];
  const add = (part: Uint8Array) => {
    parts.push(parts.length === 0 ? OPENING : COMMA, part);
  };
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index];
    if (field === undefined || edits.remove.has(field.name)) continue;
    const value = edits.set.get(field.name);
    if (value !== undefined) {
      add(encoder.encode(`${JSON.stringify(field.name)}:${value}`));
      continue;
    }
    // What stands beside each other and stays is one piece.
    const last = lastKept(fields, index, edits);
    add(body.subarray(field.keyStart, fields[last]?.valueEnd));
    index = last;
  }
  for (const name of added) add(encoder.encode(`${JSON.stringify(name)}:${edits.set.get(name)}`));
  if (parts.length === 0) parts.push(OPENING);
  parts.push(CLOSING);
  return concatenate(parts);
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
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
