/** Changes top-level fields of a JSON body by splicing bytes; whatever is not named goes through as it came. */
import type { FieldSpan } from "./body-scan.ts";

export interface BodyEdits {
  /** Field name → new value as JSON text. A field that is not there is added. */
  set: ReadonlyMap<string, string>;
  /** Fields to take out. Names that are not there are fine. */
  remove: ReadonlySet<string>;
}

const encoder = new TextEncoder();

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
  for (const field of kept) {
    parts.push(encoder.encode(parts.length === 0 ? "{" : ","));
    const value = edits.set.get(field.name);
    if (value === undefined) parts.push(body.subarray(field.keyStart, field.valueEnd));
    else parts.push(encoder.encode(`${JSON.stringify(field.name)}:${value}`));
  }
  for (const name of added) {
    parts.push(encoder.encode(`${parts.length === 0 ? "{" : ","}${JSON.stringify(name)}:${edits.set.get(name)}`));
  }
  parts.push(encoder.encode(parts.length === 0 ? "{}" : "}"));
  return concatenate(parts);
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
