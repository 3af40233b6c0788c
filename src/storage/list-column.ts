/**
 * A list of texts in one column: JSON, such as `["10.0.0.0/8"]`. Null is no list, so anything goes; an empty list lets
 * nothing through. What cannot be read lets nothing through either.
 */
import { parseJson } from "../kernel/json.ts";

export function listOf(column: string | null): string[] | null {
  if (column === null) return null;
  const parsed = parseJson(column);
  if (!parsed.ok || !Array.isArray(parsed.value)) return [];
  const texts = parsed.value.filter((text) => typeof text === "string");
  return texts.length === parsed.value.length ? texts : [];
}

export function listColumn(list: readonly string[] | null): string | null {
  return list === null ? null : JSON.stringify(list);
}
