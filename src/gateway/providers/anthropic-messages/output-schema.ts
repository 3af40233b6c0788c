/**
 * A JSON Schema in the part of JSON Schema that Anthropic's structured outputs take: every object closed, and bounds
 * that it refuses told in words, where the model reads them.
 */
import { isJsonObject, type JsonObject, type JsonValue, stringField } from "../../../kernel/json.ts";

const REFUSED = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
] as const;
/** Keywords that hold a schema, a list of schemas, or schemas by name. */
const SCHEMAS = new Set(["items", "anyOf", "oneOf", "allOf", "not", "additionalProperties", "prefixItems"]);
const NAMED_SCHEMAS = new Set(["properties", "$defs", "definitions", "patternProperties"]);

export function outputSchema(schema: JsonObject): JsonObject {
  const cleaned: JsonObject = {};
  const notes: string[] = [];
  for (const [name, value] of Object.entries(schema)) {
    const isFewItems = name === "minItems" && typeof value === "number" && value > 1;
    if (isFewItems || REFUSED.some((refused) => refused === name)) notes.push(`${name}: ${JSON.stringify(value)}`);
    else if (NAMED_SCHEMAS.has(name) && isJsonObject(value)) cleaned[name] = mapped(value);
    else cleaned[name] = SCHEMAS.has(name) ? inner(value) : value;
  }
  if (isObjectSchema(schema) && !isJsonObject(schema.additionalProperties)) cleaned.additionalProperties = false;
  if (notes.length > 0) {
    const told = stringField(schema, "description");
    cleaned.description = [...(told === undefined ? [] : [told]), `(${notes.join(", ")})`].join(" ");
  }
  return cleaned;
}

function isObjectSchema({ type, properties }: JsonObject): boolean {
  return type === "object" || (Array.isArray(type) && type.includes("object")) || isJsonObject(properties);
}

function inner(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(inner);
  return isJsonObject(value) ? outputSchema(value) : value;
}

function mapped(schemas: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schemas).map(([name, value]) => [name, inner(value)]));
}
