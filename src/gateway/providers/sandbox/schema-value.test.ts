import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { z } from "zod";
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import { textMatching } from "./pattern.ts";
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
  ),
}));

test("for any schema of the common kinds a value is made that an independent reader accepts", () => {
  fc.assert(
    fc.property(schema, (one) => {
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
    ] as JsonValue[]) {
      expect(() => valueFor(impossible, "tools.x.parameters")).toThrow(
        "The sandbox cannot make a value for this schema",
      );
    }
  });
});

test("a text made for a pattern matches it", () => {
  for (const pattern of [
    "^[a-z]+$",
    "^\\d{3}-\\d{4}$",
    "^(foo|bar)[0-9]{2,4}$",
    "^[^a]{3}$",
    "^https?://",
    "^\\w+@\\w+\\.com$",
    "a.c",
    "^#[0-9a-fA-F]{6}$",
  ]) {
    expect([pattern, new RegExp(pattern, "u").test(textMatching(pattern) ?? "none")]).toEqual([pattern, true]);
  }
});
