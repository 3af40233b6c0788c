/**
 * A value that a JSON Schema accepts, always the same for the same schema. Every candidate is checked against the schema
 * before it is used, so an answer of the sandbox validates or the request is refused in words.
 *
 * Invariants: bounded work, whatever the schema says; optional properties are there near the top and left out further
 * down, which ends recursive schemas.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";
import { PatternTooLarge } from "./pattern.ts";
import { SandboxRefusal } from "./refusal.ts";
import { itemSchemas, objectOf, SchemaChecker, UncheckableSchema } from "./schema-check.ts";
import { intersection } from "./schema-intersection.ts";
import { numbersFor, textsFor } from "./simple-values.ts";

const MAX_OPTIONAL_DEPTH = 4;
const MAX_DEPTH = 32;
const MAX_ITEMS = 1000;
/** Schemas looked at and values made, over the whole of a schema. */
const MAX_STEPS = 10_000;
/** Candidates in a row that one schema may turn down. */
const MAX_MISSES = 300;
/** How many other values of one property or item are tried. */
const MAX_VARIATIONS = 60;

/** Throws SandboxRefusal when the schema accepts nothing that the sandbox can make. */
export function valueFor(schema: JsonValue, field: string): JsonValue {
  let reason = "no value that it accepts was found";
  try {
    const value = new ValueMaker(schema).first(schema, 0);
    if (value !== undefined) return value;
  } catch (error) {
    if (!(error instanceof UncheckableSchema || error instanceof PatternTooLarge)) throw error;
    reason = error.message;
  }
  throw new SandboxRefusal(`The sandbox cannot make a value for this schema: ${reason}.`, field);
}

class ValueMaker {
  readonly #checker: SchemaChecker;
  #steps = 0;

  constructor(root: JsonValue) {
    this.#checker = new SchemaChecker(root);
  }

  first(schema: JsonValue, depth: number): JsonValue | undefined {
    for (const value of this.#values(schema, depth)) return value;
    return undefined;
  }

  /** Different values that the schema accepts, the preferred one first. */
  *#values(schema: JsonValue, depth: number): Generator<JsonValue> {
    this.#spend();
    if (schema === false || depth > MAX_DEPTH) return;
    let misses = 0;
    for (const simple of this.#withoutParts(isJsonObject(schema) ? schema : {}, depth)) {
      for (const candidate of this.#candidates(simple, depth)) {
        if (this.#checker.accepts(schema, candidate)) {
          misses = 0;
          yield candidate;
        } else if (++misses > MAX_MISSES) return;
      }
    }
  }

  /** The schema as schemas without references, alternatives and parts: one for each way of satisfying it. */
  *#withoutParts(schema: JsonObject, depth: number): Generator<JsonObject> {
    this.#spend();
    if (depth > MAX_DEPTH) return;
    const { $ref, allOf, anyOf, oneOf, if: condition, then, else: otherwise, ...rest } = schema;
    const parts: (readonly JsonValue[])[] = [];
    if (typeof $ref === "string") parts.push([this.#checker.referred($ref)]);
    if (Array.isArray(allOf)) for (const part of allOf) parts.push([part]);
    for (const alternatives of [anyOf, oneOf]) {
      if (Array.isArray(alternatives))
        parts.push(depth < MAX_OPTIONAL_DEPTH ? alternatives : alternatives.toSorted(plainFirst));
    }
    if (condition !== undefined) parts.push([{ allOf: [condition, then ?? true] }, otherwise ?? true]);
    yield* this.#laidTogether(rest, parts, depth);
  }

  *#laidTogether(base: JsonObject, parts: readonly (readonly JsonValue[])[], depth: number): Generator<JsonObject> {
    const [alternatives, ...others] = parts;
    if (!alternatives) return yield base;
    for (const alternative of alternatives) {
      if (alternative === false) continue;
      for (const simple of this.#withoutParts(objectOf(alternative), depth + 1)) {
        yield* this.#laidTogether(intersection(base, simple), others, depth);
      }
    }
  }

  /** Values worth checking. What the schema itself names comes first. */
  *#candidates(schema: JsonObject, depth: number): Generator<JsonValue> {
    if (schema.const !== undefined) return yield schema.const;
    if (Array.isArray(schema.enum)) return yield* schema.enum;
    if (schema.default !== undefined) yield schema.default;
    if (Array.isArray(schema.examples)) yield* schema.examples;
    const types = typesOf(schema);
    const isDeep = depth >= MAX_OPTIONAL_DEPTH;
    for (const type of isDeep ? types.toSorted((one, other) => weightOf(one) - weightOf(other)) : types) {
      if (type === "object") yield* this.#objects(schema, depth);
      else if (type === "array") yield* this.#arrays(schema, depth);
      else if (type === "integer" || type === "number") yield* numbersFor(schema, type === "integer");
      else if (type === "boolean") yield* [true, false];
      else if (type === "null") yield null;
      else yield* textsFor(schema);
    }
  }

  *#objects(schema: JsonObject, depth: number): Generator<JsonObject> {
    const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
    const declared = depth < MAX_OPTIONAL_DEPTH ? Object.keys(objectOf(schema.properties)) : [];
    const members = new Map<string, JsonValue>();
    for (const name of new Set([...declared, ...required])) {
      const value = this.first(all(this.#checker.propertySchemas(schema, name)), depth + 1);
      if (value !== undefined) members.set(name, value);
      else if (required.has(name)) return;
    }
    for (const name of members.keys()) {
      if (members.size > sizeOr(schema.maxProperties, members.size) && !required.has(name)) members.delete(name);
    }
    this.#addProperties(schema, members, depth);
    yield Object.fromEntries(members);
    // What is optional may be in the way of something else that the schema says.
    if (members.size > required.size) yield Object.fromEntries([...members].filter(([name]) => required.has(name)));
    for (const [name] of members) {
      for (const value of this.#others(all(this.#checker.propertySchemas(schema, name)), depth)) {
        yield Object.fromEntries(new Map(members).set(name, value));
      }
    }
  }

  /** Fills up to `minProperties` with names that the schema takes. */
  #addProperties(schema: JsonObject, members: Map<string, JsonValue>, depth: number): void {
    const least = sizeOr(schema.minProperties, 0);
    const [pattern] = Object.keys(objectOf(schema.patternProperties));
    const rules = [schema.propertyNames ?? true, pattern === undefined ? true : { pattern }];
    if (members.size >= least) return;
    for (const name of textsFor(intersection(objectOf(rules[0]), objectOf(rules[1])))) {
      this.#spend();
      if (members.size >= least) return;
      if (members.has(name) || !this.#checker.accepts(rules[0], name)) continue;
      const value = this.first(all(this.#checker.propertySchemas(schema, name)), depth + 1);
      if (value !== undefined) members.set(name, value);
    }
  }

  *#arrays(schema: JsonObject, depth: number): Generator<JsonValue[]> {
    const least = sizeOr(schema.minItems, 0);
    const most = sizeOr(schema.maxItems, MAX_ITEMS);
    if (least > MAX_ITEMS) throw new UncheckableSchema(`it asks for more than ${MAX_ITEMS} items`);
    const { prefix } = itemSchemas(schema);
    const contained = schema.contains === undefined ? 0 : sizeOr(schema.minContains, 1);
    const usual = depth < MAX_OPTIONAL_DEPTH ? Math.max(1, prefix.length) : 0;
    const length = Math.min(most, MAX_ITEMS, Math.max(least, usual, contained));
    const items = this.#items(schema, length, depth);
    if (items) yield items;
    if (least === 0 && length > 0) yield [];
    for (let longer = length + 1; items && longer <= Math.min(most, length + MAX_VARIATIONS); longer++) {
      const more = this.#items(schema, longer, depth);
      if (!more) break;
      yield more;
    }
    for (const [index] of (items ?? []).entries()) {
      for (const value of this.#others(itemSchema(schema, index, length), depth))
        yield (items ?? []).with(index, value);
    }
  }

  #items(schema: JsonObject, length: number, depth: number): JsonValue[] | undefined {
    const items: JsonValue[] = [];
    const seen = new Set<string>();
    for (let index = 0; index < length; index++) {
      let found: JsonValue | undefined;
      for (const value of this.#values(itemSchema(schema, index, length), depth + 1)) {
        this.#spend();
        if (schema.uniqueItems === true && seen.has(JSON.stringify(value))) continue;
        found = value;
        break;
      }
      if (found === undefined) return undefined;
      seen.add(JSON.stringify(found));
      items.push(found);
    }
    return items;
  }

  /** The values of a member after its first. */
  *#others(schema: JsonValue, depth: number): Generator<JsonValue> {
    let count = 0;
    for (const value of this.#values(schema, depth + 1)) {
      if (count++ > 0) yield value;
      if (count > MAX_VARIATIONS) return;
    }
  }

  #spend(): void {
    if (++this.#steps > MAX_STEPS) throw new UncheckableSchema("it asks for too much, or never ends");
  }
}

/** The last items are those that `contains` asks for. */
function itemSchema(schema: JsonObject, index: number, length: number): JsonValue {
  const { prefix, rest } = itemSchemas(schema);
  const own = prefix[index] ?? rest;
  const isContained = schema.contains !== undefined && index >= length - sizeOr(schema.minContains, 1);
  return isContained ? all([own, schema.contains ?? true]) : own;
}

function all(schemas: readonly JsonValue[]): JsonValue {
  const [only] = schemas;
  return schemas.length === 1 && only !== undefined ? only : { allOf: [...schemas] };
}

/** The declared types, else the one that the keywords are about. */
function typesOf(schema: JsonObject): readonly string[] {
  const { type } = schema;
  if (type !== undefined) return [type].flat().map(String);
  const has = (...keywords: string[]) => keywords.some((keyword) => schema[keyword] !== undefined);
  if (has("properties", "required", "additionalProperties", "patternProperties", "minProperties", "dependentRequired"))
    return ["object"];
  if (has("items", "prefixItems", "contains", "minItems", "uniqueItems")) return ["array"];
  if (has("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")) return ["number"];
  if (has("pattern", "format", "minLength", "maxLength")) return ["string"];
  return ["string", "number", "boolean", "null", "object", "array"];
}

function weightOf(type: string): number {
  return type === "null" ? 0 : type === "object" || type === "array" ? 2 : 1;
}

/** Alternatives that cannot lead any deeper come first. */
function plainFirst(one: JsonValue, other: JsonValue): number {
  return Number(leadsDeeper(one)) - Number(leadsDeeper(other));
}

function leadsDeeper(schema: JsonValue): boolean {
  const deeper = ["$ref", "properties", "required", "items", "prefixItems", "allOf", "anyOf", "oneOf"];
  return isJsonObject(schema) && (deeper.some((keyword) => Object.hasOwn(schema, keyword)) || schema.type === "object");
}

function sizeOr(value: JsonValue | undefined, otherwise: number): number {
  return typeof value === "number" && value >= 0 ? Math.ceil(value) : otherwise;
}
