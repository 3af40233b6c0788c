/**
 * Requests made from an OpenAPI document, right ones and wrong ones: whatever the document names is called, so that a
 * new operation needs no line here.
 */
import { hostileBodies, hostileTexts, hostileValues } from "./hostile.ts";
import type { Random } from "./random.ts";

type Json = Record<string, unknown>;

export interface FuzzRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer> | null;
}

export interface FuzzOptions {
  random: Random;
  keys: { good: readonly string[]; bad: readonly string[] };
  /** A model that answers. */
  model: string;
}

interface Operation {
  method: string;
  path: string;
  parameters: Json[];
  schema: Json | undefined;
}

const METHODS = ["get", "post", "put", "patch", "delete"];
const MAX_DEPTH = 5;
const CONTENT_TYPES = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "application/json; charset=utf-16",
  "",
];
/** It tells the practice provider to fail, and then a failure is right. */
const LEFT_OUT = new Set(["sandbox"]);
const encoder = new TextEncoder();

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every operation of the document, as a maker of requests. Throws when the document has none. */
export function fuzzerFor(document: Json, options: FuzzOptions): { operations: string[]; next(): FuzzRequest } {
  const operations = operationsOf(document);
  if (operations.length === 0) throw new Error("the OpenAPI document has no operations");
  const hostile = hostileBodies(options.model);
  let turn = 0;
  return {
    operations: operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`),
    next: () => {
      const operation = operations[turn++ % operations.length] as Operation;
      return makeRequest(operation, { document, hostile, ...options });
    },
  };
}

function operationsOf(document: Json): Operation[] {
  const found: Operation[] = [];
  for (const [path, item] of Object.entries(isObject(document.paths) ? document.paths : {})) {
    if (!isObject(item)) continue;
    for (const method of METHODS) {
      const operation = item[method];
      if (!isObject(operation)) continue;
      const parameters = [item.parameters, operation.parameters].flat().filter(isObject);
      const body = isObject(operation.requestBody) ? operation.requestBody : {};
      const content = isObject(body.content) ? body.content : {};
      const json = isObject(content["application/json"]) ? content["application/json"] : undefined;
      found.push({ method, path, parameters, schema: isObject(json?.schema) ? json.schema : undefined });
    }
  }
  return found;
}

interface Making extends FuzzOptions {
  document: Json;
  hostile: readonly Uint8Array<ArrayBuffer>[];
}

function makeRequest(operation: Operation, making: Making): FuzzRequest {
  const { random, keys } = making;
  const headers: Record<string, string> = { "x-fuzz": "1" };
  const key = random.chance(0.85) ? random.pick(keys.good) : random.pick([...keys.bad, ""]);
  if (key !== "")
    headers[random.chance(0.9) ? "authorization" : "x-api-key"] = random.chance(0.97) ? `Bearer ${key}` : key;
  const takesBody = operation.method !== "get" && (operation.schema !== undefined || random.chance(0.2));
  if (takesBody) headers["content-type"] = random.chance(0.95) ? "application/json" : random.pick(CONTENT_TYPES);
  if (random.chance(0.03)) headers["content-encoding"] = random.pick(["gzip", "identity", "br", "x"]);
  if (random.chance(0.05))
    headers[random.pick(["x-title", "http-referer", "accept-language", "range", "if-none-match"])] = "%00ÿ".repeat(50);
  const body = takesBody ? makeBody(operation.schema ?? {}, making) : null;
  return { method: operation.method.toUpperCase(), path: makePath(operation, making), headers, body };
}

function makePath({ path, parameters }: Operation, making: Making): string {
  const { random } = making;
  const filled = path.replace(/\{([^}]+)\}/g, () =>
    encodeURIComponent(
      wellFormed(random.chance(0.5) ? random.pick(hostileTexts).slice(0, 2_000) || "x" : making.model),
    ),
  );
  const query: string[] = [];
  for (const parameter of parameters) {
    if (parameter.in !== "query" || random.chance(0.4)) continue;
    const schema = isObject(parameter.schema) ? parameter.schema : {};
    const value = random.chance(0.5) ? make(schema, making, 0) : random.pick(hostileTexts).slice(0, 2_000);
    query.push(`${encodeURIComponent(String(parameter.name))}=${encodeURIComponent(wellFormed(String(value)))}`);
    if (random.chance(0.05)) query.push(query.at(-1) ?? "");
  }
  if (random.chance(0.1)) query.push("%ff=%00&=&&a[b]=c");
  return query.length === 0 ? filled : `${filled}?${query.join("&")}`;
}

/** encodeURIComponent throws on lone surrogates. */
const wellFormed = (text: string) => text.toWellFormed();

function makeBody(schema: Json, making: Making): Uint8Array<ArrayBuffer> {
  const { random, hostile } = making;
  if (random.chance(0.15)) return random.pick(hostile);
  let value = make(schema, making, 0);
  if (isObject(value) && "model" in value && random.chance(0.8)) value.model = making.model;
  for (let changes = random.pick([0, 0, 1, 1, 2, 5]); changes > 0; changes--) value = mutate(value, making);
  let text = JSON.stringify(value) ?? "null";
  if (random.chance(0.05)) text = text.slice(0, random.whole(text.length));
  if (random.chance(0.05)) text = text.replace(/:/, `:1,"${random.pick(["model", "messages", "input"])}":`);
  const bytes = encoder.encode(text);
  if (random.chance(0.03) && bytes.length > 0) bytes[random.whole(bytes.length)] = random.whole(256);
  return bytes;
}

/** A value of the schema, more or less. */
function make(schema: Json, making: Making, depth: number): unknown {
  const { random, document } = making;
  if (typeof schema.$ref === "string") return make(lookUp(document, schema.$ref), making, depth + 1);
  for (const word of ["anyOf", "oneOf"]) {
    const choices = schema[word];
    if (Array.isArray(choices) && choices.length > 0) return make(asSchema(random.pick(choices)), making, depth + 1);
  }
  if (Array.isArray(schema.allOf)) {
    const parts = schema.allOf.map((part) => make(asSchema(part), making, depth + 1));
    return Object.assign({}, ...parts.filter(isObject));
  }
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return random.pick(schema.enum);
  const type = Array.isArray(schema.type) ? random.pick(schema.type) : schema.type;
  if (type === "object" || isObject(schema.properties)) return makeObject(schema, making, depth);
  if (type === "array") {
    const length = depth > MAX_DEPTH ? 0 : 1 + random.whole(3);
    return Array.from({ length }, () => make(asSchema(schema.items), making, depth + 1));
  }
  return makePlain(type, schema, random);
}

function makeObject(schema: Json, making: Making, depth: number): Json {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const made: Json = {};
  for (const [name, property] of Object.entries(properties)) {
    if (LEFT_OUT.has(name)) continue;
    if (!required.has(name) && (depth > MAX_DEPTH || making.random.chance(0.7))) continue;
    made[name] = make(asSchema(property), making, depth + 1);
  }
  return made;
}

function makePlain(type: unknown, schema: Json, random: Random): unknown {
  if (type === "boolean") return random.chance(0.5);
  if (type === "null") return null;
  if (type === "integer" || type === "number") {
    const from = typeof schema.minimum === "number" ? schema.minimum : 0;
    return random.chance(0.8) ? from + random.whole(10) : random.pick([-1, 0.5, 1e12, 2 ** 53]);
  }
  if (type === "string")
    return random.chance(0.8) ? random.pick(["Halo", "user", "a-b", "2026-01-01"]) : random.pick(hostileTexts);
  return random.pick(hostileValues);
}

/** The value with one thing wrong somewhere. */
function mutate(value: unknown, making: Making): unknown {
  const { random } = making;
  const isLeaf = typeof value !== "object" || value === null || Object.keys(value).length === 0;
  if (isLeaf || random.chance(0.15)) return random.chance(0.6) ? random.pick(hostileValues) : random.pick(hostileTexts);
  if (Array.isArray(value)) {
    const at = random.whole(value.length);
    if (random.chance(0.1)) return Array.from({ length: 300 }, () => value[at]);
    return value.with(at, mutate(value[at], making));
  }
  const entries = Object.entries(value);
  const at = random.whole(entries.length);
  const [name, inner] = entries[at] as [string, unknown];
  const change = random.next();
  if (change < 0.1) entries.splice(at, 1);
  else if (change < 0.2) entries.push([random.pick(hostileTexts).slice(0, 200), random.pick(hostileValues)]);
  else entries[at] = [name, mutate(inner, making)];
  return Object.fromEntries(entries.filter(([each]) => !LEFT_OUT.has(each)));
}

function asSchema(value: unknown): Json {
  return isObject(value) ? value : {};
}

function lookUp(document: Json, reference: string): Json {
  let found: unknown = document;
  for (const step of reference.replace(/^#\//, "").split("/")) found = isObject(found) ? found[step] : undefined;
  return asSchema(found);
}
