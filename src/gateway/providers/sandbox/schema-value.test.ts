import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { z } from "zod";
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import { canonical } from "./schema-check.ts";
import { valueFor } from "./schema-value.ts";

const accepts = (schema: JsonValue, value: JsonValue) =>
  z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;

const leaf = fc.oneof(
  fc.record({ type: fc.constant("boolean") }),
  fc.record({ type: fc.constant("null") }),
  fc.record({ const: fc.oneof(fc.string(), fc.integer(), fc.boolean()) }),
  fc.record({ enum: fc.uniqueArray(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 4 }) }),
  fc
    .tuple(fc.nat(20), fc.nat(20))
    .map(([minLength, extra]) => ({ type: "string", minLength, maxLength: minLength + extra })),
  fc
    .tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat(50), fc.constantFrom("integer", "number"))
    .map(([minimum, range, type]) => ({ type, minimum, maximum: minimum + range })),
  fc.integer({ min: -50, max: 50 }).map((exclusiveMinimum) => ({ type: "integer", exclusiveMinimum })),
  fc.integer({ min: -50, max: 50 }).map((exclusiveMaximum) => ({ type: "number", exclusiveMaximum })),
  fc.constantFrom("date-time", "email", "uuid", "ipv4").map((format) => ({ type: "string", format })),
  fc
    .tuple(fc.constantFrom("^[a-z]+$", "^\\d{3}-", "(x|yz)+", "^[^a-f]*$"), fc.nat(20))
    .map(([pattern, minLength]) => ({ type: "string", pattern, minLength })),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer())
    .map(([multipleOf, minimum]) => ({ type: "integer", multipleOf, minimum })),
);
const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf as fc.Arbitrary<JsonObject>,
    fc
      .tuple(tie("schema"), fc.nat(3), fc.nat(3))
      .map(([items, minItems, extra]) => ({ type: "array", items, minItems, maxItems: minItems + extra })),
    fc
      .tuple(fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("schema"), { maxKeys: 4 }), fc.boolean())
      .map(([properties, isClosed]) => ({
        type: "object",
        properties,
        required: Object.keys(properties),
        ...(isClosed ? { additionalProperties: false } : {}),
      })),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    tie("schema").map((one) => ({ allOf: [one, {}] })),
    tie("schema").map((one) => ({ oneOf: [one, false] })),
  ),
}));

const referring = schema.map((one): JsonObject => ({ $ref: "#/$defs/one", $defs: { one } }));

test("for any schema of the common kinds a value is made that an independent reader accepts", () => {
  fc.assert(
    fc.property(fc.oneof(schema, referring), (one) => {
      expect(accepts(one, valueFor(one, "schema"))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

describe("schemas as people write them", () => {
  const cases: [string, JsonValue][] = [
    ["everything", true],
    ["an empty one", {}],
    [
      "references",
      {
        $ref: "#/$defs/a",
        $defs: {
          a: { type: "object", properties: { b: { $ref: "#/$defs/c" } }, required: ["b"] },
          c: { type: "integer", minimum: 7 },
        },
      },
    ],
    [
      "a tree that refers to itself",
      {
        $defs: {
          node: {
            type: "object",
            properties: { next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] } },
            required: ["next"],
            additionalProperties: false,
          },
        },
        $ref: "#/$defs/node",
      },
    ],
    [
      "parts laid together",
      {
        allOf: [
          { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
          { type: "object", properties: { b: { type: "number" } }, required: ["b"] },
        ],
      },
    ],
    ["a type or null", { type: ["string", "null"], minLength: 2 }],
    ["multiples", { type: "integer", multipleOf: 7, minimum: 10 }],
    ["a narrow number", { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 0.25 }],
    ["unique items", { type: "array", items: { type: "string" }, minItems: 4, uniqueItems: true }],
    ["a tuple", { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], minItems: 2 }],
    ["a map", { type: "object", additionalProperties: { type: "integer" }, minProperties: 2 }],
    ["a pattern", { type: "string", pattern: "^[A-Z]{2}-\\d{4}(?:-x)?$" }],
  ];
  for (const [name, one] of cases) {
    test(`${name}: the value validates`, () => {
      expect(accepts(one, valueFor(one, "schema"))).toBe(true);
    });
  }

  test("what cannot be made is refused in words", () => {
    for (const impossible of [
      false,
      { type: "string", minLength: 99_999 },
      { $ref: "#/nowhere" },
      { type: "string", pattern: "(?=a)b" },
      { type: "integer", minimum: 3, maximum: 2 },
      { $ref: "#" },
      { $ref: "#/%E0%A4%A" },
      { $ref: "https://example.com/schema.json" },
      { type: "object", properties: { a: { $ref: "#" } }, required: ["a"] },
      { type: "object", required: ["constructor"], additionalProperties: false },
      { $dynamicRef: "#node" },
    ] as JsonValue[]) {
      expect(() => valueFor(impossible, "tools.x.parameters")).toThrow(
        "The sandbox cannot make a value for this schema",
      );
    }
  });
});

/** What an independent reader of schemas does not know, judged by hand. */
describe("demands that bind each other", () => {
  const cases: [string, JsonValue, (value: JsonValue) => boolean][] = [
    [
      "bounds of several parts",
      { type: "integer", allOf: [{ minimum: 5 }, { minimum: 1 }] },
      (value) => Number(value) >= 5,
    ],
    [
      "exactly one of two overlapping ranges",
      {
        oneOf: [
          { type: "integer", minimum: 0 },
          { type: "integer", minimum: -5, maximum: 20 },
        ],
      },
      (value) => Number(value) > 20 || (Number(value) >= -5 && Number(value) < 0),
    ],
    ["not", { type: ["string", "integer"], not: { type: "string" } }, Number.isInteger],
    [
      "if and then",
      JSON.parse('{"type":"object","properties":{"a":{"const":1}},"if":{"required":["a"]},"then":{"required":["b"]}}'),
      (value) => canonical(value) === '{"a":1,"b":"text"}',
    ],
    [
      "a default that breaks its own schema",
      { type: "string", maxLength: 3, default: "too long" },
      (value) => value === "tex",
    ],
    [
      "unique items of a small range",
      { type: "array", items: { type: "integer", minimum: 1, maximum: 4 }, minItems: 4, uniqueItems: true },
      (value) => canonical(value) === "[1,2,3,4]",
    ],
    [
      "unique pairs of flags",
      {
        type: "array",
        uniqueItems: true,
        minItems: 3,
        items: { type: "array", items: { type: "boolean" }, minItems: 2, maxItems: 2 },
      },
      (value) => Array.isArray(value) && new Set(value.map(canonical)).size >= 3,
    ],
    [
      "names of an object's prototype",
      { type: "object", required: ["__proto__", "constructor"] },
      (value) => canonical(value) === '{"__proto__":"text","constructor":"text"}',
    ],
    [
      "contained items",
      { type: "array", items: { type: "integer" }, contains: { const: 7 }, minItems: 2 },
      (value) => canonical(value) === "[1,7]",
    ],
    [
      "names that follow a pattern",
      { type: "object", patternProperties: { "^x-": { type: "null" } }, additionalProperties: false, minProperties: 1 },
      (value) => /^\{"x-[^"]*":null\}$/.test(canonical(value)),
    ],
  ];
  for (const [name, one, isGood] of cases) {
    test(`${name}: the value keeps to all of it`, () => {
      const value = valueFor(one, "schema");
      expect([value, isGood(value)]).toEqual([value, true]);
    });
  }
});

test("a schema made to keep the gateway busy is refused after bounded work", () => {
  const nested = (depth: number): JsonObject =>
    depth === 0 ? { type: "string" } : { type: "array", minItems: 100, items: nested(depth - 1) };
  const many = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`p${index}`, { $ref: "#" }]));
  const twin = { type: "object", properties: { a: { $ref: "#" }, b: { $ref: "#" } }, required: ["a", "b"] };
  const choices = { anyOf: Array.from({ length: 50 }, () => ({ allOf: [{ $ref: "#" }, { $ref: "#" }] })) };
  for (const hostile of [nested(6), { type: "object", properties: many }, twin, choices] as JsonValue[]) {
    expect(() => valueFor(hostile, "schema")).toThrow("cannot make a value");
  }
});
