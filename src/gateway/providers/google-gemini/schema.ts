/**
 * JSON Schema as Gemini reads it (`parametersJsonSchema`, `responseJsonSchema`). It knows a part of the keywords and
 * refuses requests over some of the others, so that those are left out, and said in the words it has where it can.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";

const PLAIN_KEYWORDS: ReadonlySet<string> = new Set([
  ...["$id", "$ref", "$anchor", "type", "format", "title", "description", "enum", "required"],
  ...["minItems", "maxItems", "minimum", "maximum", "propertyOrdering"],
]);
/** Keywords whose value is a schema, a list of schemas, or an object of schemas. */
const NESTED = new Set(["items", "additionalProperties"]);
const LISTS = new Set(["anyOf", "oneOf", "prefixItems"]);
const MAPS = new Set(["properties", "$defs", "definitions"]);
/** Nobody nests deeper on purpose; what does is passed over. */
const MAX_DEPTH = 60;

export function geminiSchema(schema: JsonObject): JsonObject {
  return rewritten(schema, 0);
}

function rewritten(schema: JsonObject, depth: number): JsonObject {
  const result: JsonObject = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (PLAIN_KEYWORDS.has(keyword)) result[keyword] = keyword === "$ref" ? reference(value) : value;
    else if (keyword === "const") result.enum = [value];
    else if (depth >= MAX_DEPTH) continue;
    else if (NESTED.has(keyword)) result[keyword] = isJsonObject(value) ? rewritten(value, depth + 1) : value;
    else if (LISTS.has(keyword) && Array.isArray(value)) {
      result[keyword] = value.map((one) => (isJsonObject(one) ? rewritten(one, depth + 1) : one));
    } else if (MAPS.has(keyword) && isJsonObject(value)) {
      result[keyword === "definitions" ? "$defs" : keyword] = Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, isJsonObject(one) ? rewritten(one, depth + 1) : one]),
      );
    } else if (keyword === "allOf" && Array.isArray(value)) {
      for (const one of value) if (isJsonObject(one)) merge(result, rewritten(one, depth + 1));
    }
  }
  return result;
}

function reference(value: JsonValue): JsonValue {
  return typeof value === "string" ? value.replace(/^#\/definitions\//, "#/$defs/") : value;
}

/** Parts of an `allOf` become one schema: their properties and requirements add up. */
function merge(into: JsonObject, part: JsonObject): void {
  for (const [keyword, value] of Object.entries(part)) {
    const present = into[keyword];
    if (isJsonObject(present) && isJsonObject(value)) into[keyword] = { ...present, ...value };
    else if (keyword === "required" && Array.isArray(present) && Array.isArray(value)) {
      into[keyword] = [...new Set([...present, ...value])];
    } else into[keyword] ??= value;
  }
}
