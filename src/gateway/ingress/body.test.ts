import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { editBody } from "./body-edits.ts";
import { scanBody } from "./body-scan.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array) => new TextDecoder().decode(body);

function edit(json: string, set: Record<string, unknown>, remove: string[] = []): string {
  const body = bytes(json);
  const scan = scanBody(body, 64);
  if (!scan.ok) throw new Error(scan.problem);
  const values = new Map(Object.entries(set).map(([name, value]) => [name, JSON.stringify(value)]));
  return text(editBody(body, scan.fields, { set: values, remove: new Set(remove) }));
}

describe("scanning", () => {
  test("every top-level field is found where JSON.parse finds it, for any object and any white space", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(undefined, 1, 2, "\t"),
        (object, indent) => {
          const body = bytes(JSON.stringify(object, null, indent));
          const scan = scanBody(body, 1000);
          if (!scan.ok) throw new Error(scan.problem);
          const found = scan.fields.map((field) => [
            field.name,
            JSON.parse(text(body.subarray(field.valueStart, field.valueEnd))),
          ]);
          const expected = Object.entries(JSON.parse(text(body)));
          expect(JSON.stringify(found)).toBe(JSON.stringify(expected));
        },
      ),
    );
  });

  test("a field that stands twice is refused, however its name is written", () => {
    expect(scanBody(bytes('{"model":"a","messages":[],"model":"b"}'), 64)).toEqual({
      ok: false,
      problem: "duplicate",
      field: "model",
    });
    expect(scanBody(bytes('{"model":"a","mod\\u0065l":"b"}'), 64)).toEqual({
      ok: false,
      problem: "duplicate",
      field: "model",
    });
    expect(scanBody(bytes('{"a":{"model":1},"model":"b"}'), 64).ok).toBe(true);
  });

  test("depth is bounded before anything is parsed", () => {
    const nested = (levels: number) => bytes(`{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`);
    expect(scanBody(nested(63), 64).ok).toBe(true);
    expect(scanBody(nested(64), 64)).toEqual({ ok: false, problem: "too-deep" });
    expect(scanBody(bytes(`{"a":${"[".repeat(1_000_000)}`), 64)).toEqual({ ok: false, problem: "too-deep" });
  });

  test("brackets and quotes inside strings count for nothing", () => {
    const scan = scanBody(bytes('{"a":"[[[[{\\"\\\\","b":"}"}'), 2);
    expect(scan.ok && scan.fields.map((field) => field.name)).toEqual(["a", "b"]);
  });

  test("too many values are refused", () => {
    expect(scanBody(bytes(`{"a":[${"1,".repeat(1_000_001)}1]}`), 64)).toEqual({
      ok: false,
      problem: "too-many-values",
    });
  });

  test("any bytes at all are scanned without a throw or an endless loop", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (body) => void scanBody(body, 8)));
    for (const odd of ["", "{", "[]", '{"', '{"a', '{"a":', '{"a":1', "{,}", '{"a"}', "null", '{"a":"\\'])
      expect(() => scanBody(bytes(odd), 8)).not.toThrow();
  });
});

describe("editing", () => {
  test("what is not named goes through byte for byte", () => {
    const strange = '{ "temperature":1.0e0, "model" : "x" ,"big":12345678901234567890,"u":"\\u00e9" }';
    expect(edit(strange, { model: "y" })).toBe(
      '{"temperature":1.0e0,"model":"y","big":12345678901234567890,"u":"\\u00e9"}',
    );
  });

  test("fields are added and taken out, first and last included", () => {
    expect(edit('{"a":1,"b":2,"c":3}', { d: 4 }, ["a", "c"])).toBe('{"b":2,"d":4}');
    expect(edit('{"a":1}', {}, ["a"])).toBe("{}");
    expect(edit("{}", { a: 1 })).toBe('{"a":1}');
  });

  test("nothing to change gives the very same bytes", () => {
    const body = bytes('{"a":1}');
    const scan = scanBody(body, 64);
    expect(scan.ok && editBody(body, scan.fields, { set: new Map(), remove: new Set(["zz"]) })).toBe(body);
  });

  test("for any object the edited body parses to the object with those edits", () => {
    const plain = fc.dictionary(
      fc.string().filter((name) => name !== "__proto__"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(plain, fc.jsonValue(), fc.array(fc.string()), (object, value, remove) => {
        const edited = JSON.parse(edit(JSON.stringify(object), { model: value }, remove));
        const expected = Object.fromEntries(
          Object.entries(JSON.parse(JSON.stringify(object))).filter(([name]) => !remove.includes(name)),
        );
        expect(edited).toEqual({ ...expected, model: JSON.parse(JSON.stringify(value)) });
      }),
    );
  });
});

test("a body of very many fields or values is refused before it is parsed", () => {
  const fields = Array.from({ length: 1_001 }, (_, index) => `"f${index}":1`).join(",");
  expect(scanBody(bytes(`{${fields}}`), 64)).toEqual({ ok: false, problem: "too-many-fields" });
  expect(scanBody(bytes(`{"a":[${"1,".repeat(300_000)}1]}`), 64)).toEqual({ ok: false, problem: "too-many-values" });
});
