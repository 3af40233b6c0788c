/** Two schemas without references and alternatives as one. Where two demands cannot be one, the check has the last word. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";
import { areEqual, isOfType, objectOf } from "./schema-check.ts";

const LOWER_BOUNDS = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"];
const UPPER_BOUNDS = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"];
/** Keywords whose demands are kept side by side under `allOf`. */
const NESTED = ["items", "additionalProperties", "contains", "propertyNames"];

export function intersection(first: JsonObject, second: JsonObject): JsonObject {
  const both: JsonObject = { ...first, ...second };
  for (const [name, mine] of Object.entries(first)) {
    const other = second[name];
    if (other === undefined) continue;
    if (LOWER_BOUNDS.includes(name)) both[name] = Math.max(Number(mine), Number(other));
    else if (UPPER_BOUNDS.includes(name)) both[name] = Math.min(Number(mine), Number(other));
    else if (NESTED.includes(name)) both[name] = together(mine, other);
    else if (name === "patternProperties") both[name] = { ...objectOf(mine), ...objectOf(other) };
    else if (name === "required") both[name] = union(mine, other);
    else if (name === "type") both[name] = commonTypes([mine].flat(), [other].flat());
    else if (name === "enum" && Array.isArray(mine)) both[name] = common(mine, [other].flat());
    else if (name === "multipleOf") both[name] = commonMultiple(Number(mine), Number(other));
  }
  if (first.properties !== undefined && second.properties !== undefined) both.properties = properties(first, second);
  return both;
}

/** Declared by both: both count. Declared by one and ruled out by the other: gone. */
function properties(first: JsonObject, second: JsonObject): JsonObject {
  const [mine, others] = [objectOf(first.properties), objectOf(second.properties)];
  const rulesOut = (schema: JsonObject, name: string) =>
    schema.additionalProperties === false &&
    schema.patternProperties === undefined &&
    !Object.hasOwn(objectOf(schema.properties), name);
  const names = [...new Set([...Object.keys(mine), ...Object.keys(others)])];
  const kept = names.filter((name) => !rulesOut(first, name) && !rulesOut(second, name));
  return Object.fromEntries(kept.map((name) => [name, together(own(mine, name), own(others, name))]));
}

function own(object: JsonObject, name: string): JsonValue {
  return Object.hasOwn(object, name) ? (object[name] ?? true) : true;
}

function together(one: JsonValue, other: JsonValue): JsonValue {
  if (one === false || other === false) return false;
  if (!isJsonObject(one)) return other;
  return isJsonObject(other) && !areEqual(one, other) ? { allOf: [one, other] } : one;
}

function union(one: JsonValue, other: JsonValue): JsonValue[] {
  return [...new Set([one, other].flat())];
}

function common(one: readonly JsonValue[], other: readonly JsonValue[]): JsonValue[] {
  return one.filter((value) => other.some((candidate) => areEqual(candidate, value)));
}

/** Whole numbers are numbers too. */
function commonTypes(one: readonly JsonValue[], other: readonly JsonValue[]): JsonValue[] {
  const accepts = (types: readonly JsonValue[], type: JsonValue) =>
    types.includes(type) || (type === "integer" && types.some((wider) => isOfType(0, wider)));
  return [...new Set([...one.filter((type) => accepts(other, type)), ...other.filter((type) => accepts(one, type))])];
}

function commonMultiple(one: number, other: number): number {
  if (!Number.isInteger(one) || !Number.isInteger(other)) return Math.max(one, other);
  let [larger, smaller] = [one, other];
  while (smaller !== 0) [larger, smaller] = [smaller, larger % smaller];
  return larger === 0 ? one : (one / larger) * other;
}
