/** The shapes of JSON and the few guards that turn `unknown` into them. The one place where a cast is allowed. */
export type JsonPrimitive = string | number | boolean | null;
export type JsonValue = JsonPrimitive | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

export type JsonResult = { ok: true; value: JsonValue } | { ok: false; reason: string };

/** JSON.parse that returns its failure (with the engine's words) instead of throwing it. */
export function parseJson(text: string): JsonResult {
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch (error) {
    return {
      ok: false,
      reason: error instanceof Error ? error.message.replace(/^JSON Parse error: /, "") : "not JSON",
    };
  }
}

/** True for a JSON object; false for null, arrays and primitives. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The string under `key`, or undefined when it is missing or of another type. */
export function stringField(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

/** The object under `key`, or undefined when it is missing or of another type. */
export function objectField(object: JsonObject, key: string): JsonObject | undefined {
  const value = object[key];
  return isJsonObject(value) ? value : undefined;
}

/** The array under `key`, or an empty one when it is missing or of another type. Not to be changed. */
export function arrayField(object: JsonObject, key: string): readonly JsonValue[] {
  const value = object[key];
  return Array.isArray(value) ? value : NO_VALUES;
}

const NO_VALUES: readonly JsonValue[] = [];

/**
 * Gives a value the type that a schema has established for it a moment ago. Only for the seam where a schema is chosen
 * by name, so that the compiler cannot follow; never for what no schema has seen.
 */
export function asChecked<Checked>(value: unknown): Checked {
  return value as Checked;
}
