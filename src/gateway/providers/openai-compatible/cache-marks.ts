/** Breakpoints of Anthropic's cache inside a chat body, which agents set whatever model they ask; many servers refuse them. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";

const MARK = "cache_control";
/** Where messages and tools hold something that may be marked. */
const HOLDERS = ["content", "tool_calls"];

/** Messages or tools without marks; the same list where there are none. */
export function withoutCacheMarks(list: readonly JsonValue[]): readonly JsonValue[] {
  const bare = list.map((entry) => (isJsonObject(entry) ? unmarked(entry) : entry));
  return bare.every((entry, index) => entry === list[index]) ? list : bare;
}

function unmarked(entry: JsonObject): JsonObject {
  const changed: JsonObject = {};
  for (const name of HOLDERS) {
    const held = entry[name];
    if (!Array.isArray(held)) continue;
    const bare = withoutCacheMarks(held);
    if (bare !== held) changed[name] = [...bare];
  }
  if (!(MARK in entry) && Object.keys(changed).length === 0) return entry;
  const { [MARK]: _, ...rest } = entry;
  return { ...rest, ...changed };
}
