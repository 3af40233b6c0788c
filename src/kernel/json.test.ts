import { expect, test } from "bun:test";
import fc from "fast-check";
import { arrayField, isJsonObject, objectField, parseJson, stringField } from "./json.ts";

test("what JSON can say is parsed to its value, and anything else is a reason and never an exception", () => {
  fc.assert(fc.property(fc.json(), (text) => expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) })));
  for (const text of ["", "{", "{'a':1}", "undefined", "[1,]", "\u0000"]) {
    const result = parseJson(text);
    expect(result.ok ? "parsed" : result.reason).toMatch(/\S/);
    expect(result.ok).toBe(false);
  }
});

test("a field of another type than asked is the same as none", () => {
  const object = { text: "a", object: { b: 1 }, array: [1], none: null };
  expect([stringField(object, "text"), stringField(object, "array"), stringField(object, "missing")]).toEqual([
    "a",
    undefined,
    undefined,
  ]);
  expect([objectField(object, "object"), objectField(object, "array"), objectField(object, "none")]).toEqual([
    { b: 1 },
    undefined,
    undefined,
  ]);
  expect([arrayField(object, "array"), arrayField(object, "object"), arrayField(object, "missing")]).toEqual([
    [1],
    [],
    [],
  ]);
});

test("only objects are objects: neither null nor arrays nor primitives", () => {
  expect([{}, [], null, "x", 1, undefined].map(isJsonObject)).toEqual([true, false, false, false, false, false]);
});
