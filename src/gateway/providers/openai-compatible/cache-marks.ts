/** Breakpoints of Anthropic's cache inside a chat body, which agents set whatever model they ask; many servers refuse them. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";

const MARK = "cache_control";
/** Where messages and tools hold something that may be marked. */
const HOLDERS = ["content", "tool_calls"];

/** Messages or tools without marks; the same list where there are none. */
export function withoutCacheMarks(list: readonly JsonValue[]): readonly JsonValue[] {
  return list.some(isMarked) ? list.map((entry) => (isMarked(entry) ? unmarked(entry) : entry)) : list;
}

/** Whether there is a mark on it or in it. */
function isMarked(entry: JsonValue): entry is JsonObject {
  if (!isJsonObject(entry)) return false;
  if (MARK in entry) return true;
  for (const name of HOLDERS) {
    const held = entry[name];
    if (Array.isArray(held) && held.some(isMarked)) return true;
  }
  return false;
}

function unmarked(entry: JsonObject): JsonObject {
  const changed: JsonObject = {};
  for (const name of HOLDERS) {
    const held = entry[name];
    if (!Array.isArray(held)) continue;
    changed[name] = [...withoutCacheMarks(held)];
  }
  const { [MARK]: _, ...rest } = entry;
  return { ...rest, ...changed };
}
