/** What a JSON schema says, in the few terms that a reader needs. Pure; the words come from the page. */
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  stringField,
} from "../../../../src/kernel/json.ts";
import { resolveSchema } from "./openapi.ts";

export interface Field {
  name: string;
  isRequired: boolean;
  shape: Shape;
}

export interface Shape {
  /** "string", "integer", "object", …; "any" when nothing is said. */
  type: string;
  isList: boolean;
  isNullable: boolean;
  /** The values that are possible, where they are listed. */
  values: string[];
  description: string | undefined;
  fields: Field[];
  /** Fields beside the named ones are welcome. */
  takesMore: boolean;
}

/** Deeper nesting than this is not unfolded: a schema may contain itself. */
const MAX_DEPTH = 6;

export function shapeOf(schema: JsonObject, document: JsonObject, depth = 0): Shape {
  const resolved = resolveSchema(schema, document);
  const [main, isNullable] = withoutNull(resolved);
  const items = objectField(main, "items");
  if (stringField(main, "type") === "array" && items) {
    return { ...shapeOf(items, document, depth), isList: true, isNullable };
  }
  return {
    type: typeOf(main),
    isList: false,
    isNullable,
    values: valuesOf(main),
    description: stringField(resolved, "description") ?? stringField(main, "description"),
    fields: depth < MAX_DEPTH ? fieldsOf(main, document, depth) : [],
    takesMore: isJsonObject(main.additionalProperties) || main.additionalProperties === true,
  };
}

/** The schema without its "or null", and whether there was one. */
function withoutNull(schema: JsonObject): [JsonObject, boolean] {
  const choices = [...arrayField(schema, "anyOf"), ...arrayField(schema, "oneOf")].filter(isJsonObject);
  if (choices.length > 0) {
    const rest = choices.filter((choice) => choice.type !== "null");
    return [rest.length === 1 && rest[0] ? rest[0] : schema, rest.length < choices.length];
  }
  return [schema, schema.type === "null" || arrayField(schema, "type").includes("null")];
}

function typeOf(schema: JsonObject): string {
  const types = [stringField(schema, "type"), ...arrayField(schema, "type").map(String)];
  const choices = [...arrayField(schema, "anyOf"), ...arrayField(schema, "oneOf")].filter(isJsonObject);
  const all = [...types, ...choices.map(typeOf)].filter((type) => type !== undefined && type !== "null");
  if (all.length > 0) return [...new Set(all)].join(" | ");
  return "const" in schema ? typeof schema.const : "any";
}

function valuesOf(schema: JsonObject): string[] {
  const show = (value: JsonValue) => JSON.stringify(value);
  return "const" in schema && schema.const !== undefined ? [show(schema.const)] : arrayField(schema, "enum").map(show);
}

function fieldsOf(schema: JsonObject, document: JsonObject, depth: number): Field[] {
  const required = arrayField(schema, "required");
  return Object.entries(objectField(schema, "properties") ?? {}).flatMap(([name, property]) =>
    isJsonObject(property)
      ? [{ name, isRequired: required.includes(name), shape: shapeOf(property, document, depth + 1) }]
      : [],
  );
}
