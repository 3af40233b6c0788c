/**
 * A value that a JSON Schema accepts, always the same for the same schema. What is made is checked against the schema
 * before it is given out, so an answer of the sandbox validates or the request is refused in words.
 */
import { z } from "zod";
import { asChecked, isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";
import { textMatching } from "./pattern.ts";
import { SandboxRefusal } from "./refusal.ts";

/** Beyond this depth optional properties and items are left out, which ends recursive schemas. */
const MAX_OPTIONAL_DEPTH = 4;
const MAX_DEPTH = 32;
const MAX_ITEMS = 100;
const MAX_TEXT = 10_000;

const FORMATS: Record<string, string> = {
  "date-time": "2025-01-01T00:00:00Z",
  date: "2025-01-01",
  time: "00:00:00Z",
  duration: "P1D",
  email: "somebody@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  url: "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
};

/** Throws SandboxRefusal when the schema cannot be read or asks for more than the sandbox can make. */
export function valueFor(schema: JsonValue, field: string): JsonValue {
  const value = new Maker(schema, field).make(schema, 0);
  let checker: z.ZodType;
  try {
    checker = z.fromJSONSchema(asChecked<z.core.JSONSchema.JSONSchema | boolean>(schema));
  } catch {
    // A schema with keywords that the checker does not know; the value keeps to those that the maker knows.
    return value;
  }
  const checked = checker.safeParse(value);
  if (checked.success) return value;
  const [issue] = checked.error.issues;
  const place = issue?.path.join(".") || "the top";
  throw new SandboxRefusal(`The sandbox cannot make a value for this schema: at ${place}, ${issue?.message}.`, field);
}

class Maker {
  readonly #root: JsonValue;
  readonly #field: string;

  constructor(root: JsonValue, field: string) {
    this.#root = root;
    this.#field = field;
  }

  make(schema: JsonValue | undefined, depth: number): JsonValue {
    if (schema === false || depth > MAX_DEPTH) throw this.#refusal("it accepts nothing, or never ends");
    if (!isJsonObject(schema)) return "text";
    if (schema.const !== undefined) return schema.const;
    if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
    const merged = this.#merged(schema, depth);
    if (merged !== schema) return this.make(merged, depth + 1);
    if (schema.default !== undefined) return schema.default;
    switch (typeOf(schema)) {
      case "object":
        return this.#object(schema, depth);
      case "array":
        return this.#array(schema, depth);
      case "integer":
      case "number":
        return number(schema, typeOf(schema) === "integer");
      case "boolean":
        return true;
      case "null":
        return null;
      default:
        return this.#text(schema);
    }
  }

  /** The schema with its references followed and its parts laid together; itself when there is nothing to do. */
  #merged(schema: JsonObject, depth: number): JsonObject {
    const { $ref, allOf, anyOf, oneOf, ...rest } = schema;
    if (typeof $ref === "string") return merge(this.#referred($ref), rest);
    if (Array.isArray(allOf)) {
      const parts = allOf.filter(isJsonObject).map((part) => this.#merged(part, depth));
      return parts.reduce(merge, { ...rest, ...(anyOf ? { anyOf } : {}), ...(oneOf ? { oneOf } : {}) });
    }
    const choices = anyOf ?? oneOf;
    if (!Array.isArray(choices)) return schema;
    const possible = choices.filter(isJsonObject);
    // The deeper, the plainer: an alternative without a reference ends a recursion.
    const chosen = depth < MAX_OPTIONAL_DEPTH ? possible[0] : (possible.find(isPlain) ?? possible[0]);
    return merge(chosen ?? {}, rest);
  }

  #referred(reference: string): JsonObject {
    let target: JsonValue | undefined = this.#root;
    for (const step of reference.replace(/^#\/?/, "").split("/")) {
      if (step === "") continue;
      const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
      target = isJsonObject(target) ? target[name] : undefined;
    }
    if (!reference.startsWith("#") || !isJsonObject(target)) throw this.#refusal(`it has no ${reference}`);
    return target;
  }

  #object(schema: JsonObject, depth: number): JsonObject {
    const properties = isJsonObject(schema.properties) ? schema.properties : {};
    const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
    const names = depth < MAX_OPTIONAL_DEPTH ? [...new Set([...Object.keys(properties), ...required])] : required;
    const made: JsonObject = {};
    for (const name of names) {
      if (properties[name] === false) continue;
      made[name] = this.make(properties[name] ?? schema.additionalProperties ?? true, depth + 1);
    }
    for (let extra = 1; Object.keys(made).length < count(schema.minProperties, 0); extra++) {
      made[`key${extra}`] = this.make(schema.additionalProperties ?? true, depth + 1);
    }
    return made;
  }

  #array(schema: JsonObject, depth: number): JsonValue[] {
    const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
    const wanted = Math.max(count(schema.minItems, depth < MAX_OPTIONAL_DEPTH ? 1 : 0), first.length);
    const length = Math.min(wanted, count(schema.maxItems, MAX_ITEMS));
    if (length > MAX_ITEMS) throw this.#refusal(`it asks for more than ${MAX_ITEMS} items`);
    const items: JsonValue[] = [];
    for (let index = 0; index < length; index++) {
      const item = this.make(first[index] ?? schema.items ?? schema.contains ?? true, depth + 1);
      items.push(schema.uniqueItems === true && index > 0 ? this.#another(item, schema.items, index) : item);
    }
    return items;
  }

  /** A value of the same kind as an earlier item, and not equal to it. */
  #another(item: JsonValue, schema: JsonValue | undefined, index: number): JsonValue {
    if (isJsonObject(schema) && Array.isArray(schema.enum)) return schema.enum[index] ?? item;
    if (typeof item === "string") return `${item}${index}`;
    if (typeof item === "number") return item + index;
    throw this.#refusal("it asks for unique items that the sandbox cannot tell apart");
  }

  #text(schema: JsonObject): string {
    const shortest = count(schema.minLength, 0);
    if (shortest > MAX_TEXT) throw this.#refusal(`it asks for more than ${MAX_TEXT} characters`);
    if (typeof schema.pattern === "string") {
      const matching = textMatching(schema.pattern);
      if (matching === undefined) throw this.#refusal(`its pattern ${schema.pattern} is beyond the sandbox`);
      return matching.length < shortest
        ? matching + (matching.at(-1) ?? "a").repeat(shortest - matching.length)
        : matching;
    }
    const text = FORMATS[String(schema.format)] ?? "text".padEnd(shortest, "x");
    return text.slice(0, count(schema.maxLength, text.length));
  }

  #refusal(reason: string): SandboxRefusal {
    return new SandboxRefusal(`The sandbox cannot make a value for this schema: ${reason}.`, this.#field);
  }
}

function typeOf(schema: JsonObject): string {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type)) return String(type[0] ?? "string");
  if (isJsonObject(schema.properties) || schema.required !== undefined) return "object";
  if (schema.items !== undefined || schema.prefixItems !== undefined) return "array";
  if (schema.minimum !== undefined || schema.maximum !== undefined) return "number";
  return "string";
}

/** The multiple that lies nearest above the lower bound, else below the upper one, else 1. */
function number(schema: JsonObject, isWhole: boolean): number {
  const bound = (name: string) => (typeof schema[name] === "number" ? schema[name] : undefined);
  const step = bound("multipleOf") ?? (isWhole ? 1 : 0.5);
  const over = bound("exclusiveMinimum");
  const under = bound("exclusiveMaximum");
  const lowest = Math.max(bound("minimum") ?? Number.NEGATIVE_INFINITY, over ?? Number.NEGATIVE_INFINITY);
  const highest = Math.min(bound("maximum") ?? Number.POSITIVE_INFINITY, under ?? Number.POSITIVE_INFINITY);
  let value = Number.isFinite(lowest)
    ? Math.ceil(lowest / step) * step
    : Math.min(1, Math.floor(highest / step) * step);
  if (Number.isFinite(lowest) && value === over) value += step;
  if (!Number.isFinite(lowest) && value === under) value -= step;
  if (!isWhole && bound("multipleOf") === undefined && (value > highest || value === under))
    return (lowest + highest) / 2;
  return value === 0 ? 0 : value;
}

function count(value: JsonValue | undefined, otherwise: number): number {
  return typeof value === "number" && value >= 0 ? value : otherwise;
}

function isPlain(schema: JsonObject): boolean {
  return !JSON.stringify(schema).includes('"$ref"');
}

/** Two schemas as one that asks for both: properties and required names add up, the second wins elsewhere. */
function merge(first: JsonObject, second: JsonObject): JsonObject {
  const both = { ...first, ...second };
  if (isJsonObject(first.properties) && isJsonObject(second.properties)) {
    both.properties = { ...first.properties, ...second.properties };
  }
  if (Array.isArray(first.required) && Array.isArray(second.required)) {
    both.required = [...new Set([...first.required, ...second.required])];
  }
  return both;
}
