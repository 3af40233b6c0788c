/**
 * Does a JSON Schema accept a value? Every keyword that can refuse is either checked or makes the answer an
 * UncheckableSchema, so that nothing is called valid for want of understanding. `unevaluated…` is the exception: what the
 * sandbox makes has declared members only.
 */
import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";
import { type Pattern, type PatternBudget, readPattern } from "./pattern.ts";

/** The schema says something that this cannot judge. The message ends a sentence that begins with "because". */
export class UncheckableSchema extends Error {
  override readonly name = "UncheckableSchema";
}

const MAX_DEPTH = 100;
const MAX_STEPS = 200_000;
/** No honest address or date is longer. */
const MAX_FORMATTED = 2000;
const MAX_PATTERN_STEPS = 300_000;
const UNKNOWN_KEYWORDS = ["$dynamicRef", "$recursiveRef", "dependencies"];

const FORMATS: Record<string, z.ZodType> = {
  "date-time": z.iso.datetime({ offset: true }),
  date: z.iso.date(),
  time: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/),
  duration: z.iso.duration(),
  email: z.email(),
  hostname: z.hostname(),
  ipv4: z.ipv4(),
  ipv6: z.ipv6(),
  uri: z.url(),
  uuid: z.uuid(),
};

/** Number keywords, and what they ask of a size. */
const BOUNDS: Record<string, (size: number, bound: number) => boolean> = {
  minimum: (size, bound) => size >= bound,
  exclusiveMinimum: (size, bound) => size > bound,
  maximum: (size, bound) => size <= bound,
  exclusiveMaximum: (size, bound) => size < bound,
  multipleOf: isMultiple,
};

export class SchemaChecker {
  readonly #root: JsonValue;
  readonly #patterns = new Map<string, Pattern>();
  readonly #budget: PatternBudget = { steps: MAX_PATTERN_STEPS };
  #steps = 0;

  constructor(root: JsonValue) {
    this.#root = root;
  }

  /** Throws UncheckableSchema, PatternTooLarge. */
  accepts(schema: JsonValue | undefined, value: JsonValue, depth = 0): boolean {
    if (!isJsonObject(schema)) return schema !== false;
    if (++this.#steps > MAX_STEPS || depth > MAX_DEPTH) throw new UncheckableSchema("it never ends, or is too large");
    const unknown = UNKNOWN_KEYWORDS.find((keyword) => Object.hasOwn(schema, keyword));
    if (unknown !== undefined) throw new UncheckableSchema(`it uses ${unknown}, which the sandbox does not know`);
    return (
      this.#acceptsKind(schema, value) &&
      this.#acceptsParts(schema, value, depth) &&
      this.#acceptsMembers(schema, value, depth)
    );
  }

  /** What a local reference such as "#/$defs/a" leads to. */
  referred(reference: string): JsonValue {
    let target: JsonValue | undefined = this.#root;
    const steps = reference.startsWith("#/") ? reference.slice(2).split("/") : reference === "#" ? [] : undefined;
    if (!steps) throw new UncheckableSchema(`its reference ${reference.slice(0, 80)} leads outside`);
    for (const step of steps) {
      const name = unescaped(step);
      if (Array.isArray(target)) target = target[Number(name)];
      else target = isJsonObject(target) && Object.hasOwn(target, name) ? target[name] : undefined;
    }
    if (target === undefined) throw new UncheckableSchema(`it has no ${reference.slice(0, 80)}`);
    return target;
  }

  /** What a schema asks of a property: what is declared for its name and for patterns, else what holds for all others. */
  propertySchemas(schema: JsonObject, name: string): JsonValue[] {
    const properties = objectOf(schema.properties);
    const patterns = Object.entries(objectOf(schema.patternProperties));
    const found = patterns.filter(([pattern]) => this.#matches(pattern, name)).map(([, one]) => one);
    const declared = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (declared !== undefined) found.unshift(declared);
    return found.length > 0 ? found : [schema.additionalProperties ?? true];
  }

  #matches(source: string, text: string): boolean {
    const pattern = this.#patterns.get(source) ?? readPattern(source);
    if (!pattern) throw new UncheckableSchema(`its pattern ${source.slice(0, 80)} is beyond the sandbox`);
    this.#patterns.set(source, pattern);
    return pattern.matches(text, this.#budget);
  }

  #acceptsKind(schema: JsonObject, value: JsonValue): boolean {
    const types = schema.type === undefined ? undefined : [schema.type].flat();
    if (types && !types.some((type) => isOfType(value, type))) return false;
    if (schema.const !== undefined && !areEqual(schema.const, value)) return false;
    if (Array.isArray(schema.enum) && !schema.enum.some((one) => areEqual(one, value))) return false;
    if (typeof value === "number") return isWithin(schema, value, Object.keys(BOUNDS));
    return typeof value === "string" ? this.#acceptsText(schema, value) : true;
  }

  #acceptsText(schema: JsonObject, text: string): boolean {
    const { format, pattern } = schema;
    if (!isWithin(named(schema, "Length"), [...text].length, ["minimum", "maximum"])) return false;
    if (typeof pattern === "string" && !this.#matches(pattern, text)) return false;
    const known = typeof format === "string" && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
    return known === undefined || (text.length < MAX_FORMATTED && known.safeParse(text).success);
  }

  #acceptsParts(schema: JsonObject, value: JsonValue, depth: number): boolean {
    const accepts = (part: JsonValue | undefined) => this.accepts(part, value, depth + 1);
    const { $ref, allOf, anyOf, oneOf, not } = schema;
    if (typeof $ref === "string" && !accepts(this.referred($ref))) return false;
    if (Array.isArray(allOf) && !allOf.every(accepts)) return false;
    if (Array.isArray(anyOf) && !anyOf.some(accepts)) return false;
    if (Array.isArray(oneOf) && oneOf.filter(accepts).length !== 1) return false;
    if (not !== undefined && accepts(not)) return false;
    return schema.if === undefined || accepts(accepts(schema.if) ? schema.then : schema.else);
  }

  #acceptsMembers(schema: JsonObject, value: JsonValue, depth: number): boolean {
    if (Array.isArray(value)) return this.#acceptsItems(schema, value, depth);
    return isJsonObject(value) ? this.#acceptsProperties(schema, value, depth) : true;
  }

  #acceptsItems(schema: JsonObject, items: readonly JsonValue[], depth: number): boolean {
    if (!isWithin(named(schema, "Items"), items.length, ["minimum", "maximum"])) return false;
    if (schema.uniqueItems === true && new Set(items.map(canonical)).size < items.length) return false;
    const { prefix, rest } = itemSchemas(schema);
    const fits = (item: JsonValue, index: number) => this.accepts(prefix[index] ?? rest, item, depth + 1);
    if (!items.every(fits)) return false;
    if (schema.contains === undefined) return true;
    const found = items.filter((item) => this.accepts(schema.contains, item, depth + 1)).length;
    const bounds = { minimum: schema.minContains ?? 1, maximum: schema.maxContains ?? items.length };
    return isWithin(bounds, found, ["minimum", "maximum"]);
  }

  #acceptsProperties(schema: JsonObject, value: JsonObject, depth: number): boolean {
    const names = Object.keys(value);
    if (!isWithin(named(schema, "Properties"), names.length, ["minimum", "maximum"])) return false;
    const missing = (required: JsonValue | undefined) =>
      Array.isArray(required) && required.some((name) => !Object.hasOwn(value, String(name)));
    if (missing(schema.required)) return false;
    for (const [name, needed] of Object.entries(objectOf(schema.dependentRequired))) {
      if (Object.hasOwn(value, name) && missing(needed)) return false;
    }
    for (const [name, needed] of Object.entries(objectOf(schema.dependentSchemas))) {
      if (Object.hasOwn(value, name) && !this.accepts(needed, value, depth + 1)) return false;
    }
    return names.every((name) => {
      if (!this.accepts(schema.propertyNames, name, depth + 1)) return false;
      return this.propertySchemas(schema, name).every((one) => this.accepts(one, value[name] ?? null, depth + 1));
    });
  }
}

/** The schemas of the first items and of all after them; older drafts wrote the first ones as a list under `items`. */
export function itemSchemas(schema: JsonObject): { prefix: readonly JsonValue[]; rest: JsonValue } {
  if (Array.isArray(schema.items)) return { prefix: schema.items, rest: schema.additionalItems ?? true };
  return { prefix: Array.isArray(schema.prefixItems) ? schema.prefixItems : [], rest: schema.items ?? true };
}

export function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** One text for all ways of writing the same value. */
export function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`);
  return `{${members.join()}}`;
}

export function areEqual(one: JsonValue, other: JsonValue): boolean {
  return one === other || canonical(one) === canonical(other);
}

export function isOfType(value: JsonValue, type: JsonValue): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  return type === "object" ? isJsonObject(value) : typeof value === type;
}

/** `minItems` and `maxItems` as `minimum` and `maximum`; likewise for properties and length. */
function named(schema: JsonObject, what: "Items" | "Properties" | "Length"): JsonObject {
  return { minimum: schema[`min${what}`] ?? null, maximum: schema[`max${what}`] ?? null };
}

function isWithin(bounds: JsonObject, size: number, keywords: readonly string[]): boolean {
  return keywords.every((keyword) => {
    const bound = bounds[keyword];
    return typeof bound !== "number" || (BOUNDS[keyword]?.(size, bound) ?? true);
  });
}

/** Forgives what binary fractions do to decimals: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, step: number): boolean {
  const times = value / step;
  return Math.abs(times - Math.round(times)) <= Math.abs(times) * 1e-12 || times === 0;
}

function unescaped(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return step;
  }
}
