import { expect, test } from "bun:test";
import type { JsonValue } from "../../../kernel/json.ts";
import { SchemaChecker } from "./schema-check.ts";

/** Schema, what it accepts, what it refuses. */
const CASES: [JsonValue, JsonValue[], JsonValue[]][] = [
  [true, [null, 1], []],
  [false, [], [null, 1]],
  [{ type: "integer" }, [1, -3, 2.0], [1.5, "1", null]],
  [{ type: ["string", "null"] }, ["", null], [0, []]],
  [{ const: { a: [1, { b: 2 }] } }, [{ a: [1, { b: 2 }] }], [{ a: [1] }]],
  [{ enum: [1, "a", null] }, [1, "a", null], ["1", false]],
  [{ minimum: 1, exclusiveMaximum: 3 }, [1, 2.9, "text"], [0, 3]],
  [{ exclusiveMinimum: 0, maximum: 2 }, [0.1, 2], [0, 3]],
  [{ multipleOf: 0.1 }, [0.3, 0, -1.1], [0.25]],
  [{ minLength: 2, maxLength: 3 }, ["ab", "😀😀"], ["a", "abcd", "😀"]],
  [{ pattern: "b" }, ["abc", 1], ["ac"]],
  [{ format: "date-time" }, ["2025-01-01T00:00:00Z", "2025-01-01T00:00:00+07:00"], ["2025-01-01", "soon"]],
  [{ format: "email" }, ["a@example.com"], ["a@"]],
  [{ format: "time" }, ["23:59:59Z"], ["24:00:00Z", "12:00"]],
  [{ format: "something-of-ours" }, ["anything"], []],
  [{ items: { type: "integer" }, minItems: 1, maxItems: 2 }, [[1], [1, 2]], [[], [1, 2, 3], ["1"]]],
  [{ prefixItems: [{ type: "string" }], items: false }, [[], ["a"]], [[1], ["a", 1]]],
  [{ items: [{ type: "string" }], additionalItems: { type: "null" } }, [["a", null]], [["a", 1]]],
  [
    { uniqueItems: true },
    [[1, "1", { a: 1, b: 2 }]],
    [
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
  ],
  [{ contains: { const: 1 }, maxContains: 1 }, [[1, 2]], [[2], [1, 1]]],
  [{ required: ["a"], additionalProperties: false, properties: { a: {} } }, [{ a: 1 }], [{}, { a: 1, b: 2 }]],
  [{ required: ["toString"] }, [{ toString: 1 }], [{}]],
  [
    { patternProperties: { "^n": { type: "number" } }, additionalProperties: false },
    [{ n1: 1 }],
    [{ n1: "" }, { m: 1 }],
  ],
  [
    { propertyNames: { maxLength: 2 }, minProperties: 1, maxProperties: 2 },
    [{ ab: 1 }],
    [{}, { abc: 1 }, { a: 1, b: 1, c: 1 }],
  ],
  [{ dependentRequired: { a: ["b"] } }, [{}, { a: 1, b: 1 }], [{ a: 1 }]],
  [{ dependentSchemas: { a: { minProperties: 2 } } }, [{}, { a: 1, c: 1 }], [{ a: 1 }]],
  [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1, 2], [0, 3]],
  [{ anyOf: [{ const: 1 }, { type: "string" }] }, [1, "x"], [2]],
  [{ oneOf: [{ minimum: 1 }, { maximum: 5 }] }, [0, 6], [3]],
  [{ not: { type: "string" } }, [1], ["a"]],
  [JSON.parse('{"if":{"minimum":10},"then":{"multipleOf":10},"else":{"multipleOf":3}}'), [20, 3], [15, 4]],
  [{ $ref: "#/$defs/a~1b", $defs: { "a/b": { type: "null" } } }, [null], [1]],
  [{ properties: { next: { $ref: "#" } }, required: ["v"] }, [{ v: 1, next: { v: 2 } }], [{ v: 1, next: {} }]],
];

test("a schema accepts what it should and nothing else", () => {
  for (const [schema, accepted, refused] of CASES) {
    const accepts = (value: JsonValue) => [schema, value, new SchemaChecker(schema).accepts(schema, value)];
    for (const value of accepted) expect(accepts(value)).toEqual([schema, value, true]);
    for (const value of refused) expect(accepts(value)).toEqual([schema, value, false]);
  }
});

test("a schema that cannot be judged is never called satisfied", () => {
  const schemas: JsonValue[] = [
    { $ref: "other.json" },
    { $ref: "#/$defs/missing" },
    { $ref: "#/constructor" },
    { $ref: "#" },
    { dependencies: { a: ["b"] } },
    { pattern: "(?=a)" },
  ];
  for (const schema of schemas) expect(() => new SchemaChecker(schema).accepts(schema, "text")).toThrow();
});
