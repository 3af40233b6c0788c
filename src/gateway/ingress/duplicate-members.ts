/**
 * Finds names that stand twice in one object of a body, at any depth. JSON.parse takes the last of them, another parser
 * the first: what was checked and priced here would then not be what a provider reads from the same bytes.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { type FieldSpan, nameOf, TextEnds } from "./body-scan.ts";

/**
 * Where a name stands for the second time, such as `messages[3].content`; undefined when none does. `value` is what
 * `body` parses to and `fields` its scan. Cheap where nothing is wrong: parsing drops duplicates, so counting tells.
 */
export function duplicateMember(body: Uint8Array, fields: readonly FieldSpan[], value: JsonObject): string | undefined {
  for (const field of fields) {
    if (field.members === 0 || countMembers(value[field.name]) === field.members) continue;
    return pathOfDuplicate(body, field);
  }
  return undefined;
}

function countMembers(value: JsonValue | undefined): number {
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object") count += countMembers(item);
  } else if (isJsonObject(value)) {
    for (const name in value) {
      count++;
      const member = value[name];
      if (typeof member === "object") count += countMembers(member);
    }
  }
  return count;
}

interface Level {
  /** Null in a list. */
  names: Set<string> | null;
  /** The name that was read last, or the place in the list. */
  at: string | number;
  /** In an object, whether the next text is a name. */
  expectsName: boolean;
}

/** Walks the bytes of one valid value. */
function pathOfDuplicate(body: Uint8Array, { name, valueStart, valueEnd }: FieldSpan): string {
  const text = new TextEnds(body);
  const levels: Level[] = [];
  for (let position = valueStart; position < valueEnd; position++) {
    const character = String.fromCharCode(body[position] ?? 0);
    const level = levels.at(-1);
    if (character === "{") levels.push({ names: new Set(), at: "", expectsName: true });
    else if (character === "[") levels.push({ names: null, at: 0, expectsName: false });
    else if (character === "}" || character === "]") levels.pop();
    else if (character === "," && level) {
      level.expectsName = level.names !== null;
      if (typeof level.at === "number") level.at++;
    } else if (character === '"') {
      const end = text.after(position);
      if (level?.names && level.expectsName) {
        level.at = nameOf(body, position, end);
        level.expectsName = false;
        if (level.names.has(level.at)) return name + levels.map(stepOf).join("");
        level.names.add(level.at);
      }
      position = end - 1;
    }
  }
  return name;
}

function stepOf({ at }: Level): string {
  return typeof at === "number" ? `[${at}]` : `.${at}`;
}
