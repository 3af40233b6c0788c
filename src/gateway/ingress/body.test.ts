import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { GapuraError } from "../../kernel/errors.ts";
import { editBody } from "./body-edits.ts";
import { BODY_BOUNDS, BodyScanner, scanBody } from "./body-scan.ts";
import { parseBody } from "./read-body.ts";

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
    expect(scanBody(bytes(`{"a":[${"1,".repeat(1_000_001)}1]}`), 64)).toMatchObject({ problem: "too-much" });
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

test("each thing that would make parsing slow has its bound, and what is just within it passes", () => {
  const { values, nodes, fields, escapes, literal } = BODY_BOUNDS;
  const many = (count: number, one: string) => Array.from({ length: count }, () => one).join(",");
  const named = (count: number) => Array.from({ length: count }, (_, index) => `"f${index}":1`).join(",");
  const cases: [string, (count: number) => string, number][] = [
    [values.what, (count) => `{"a":[${many(count, "1")}]}`, values.limit],
    [nodes.what, (count) => `{"a":[${many(count - 3, "[]")}]}`, nodes.limit],
    [nodes.what, (count) => `{"a":{${named(count - 3)}}}`, nodes.limit],
    [nodes.what, (count) => `{"a":[${many(count - 3, '"\\n"')}]}`, nodes.limit],
    [nodes.what, (count) => `{"a":[${many(count - 3, "7".repeat(127))}]}`, nodes.limit],
    [fields.what, (count) => `{${named(count)}}`, fields.limit],
    [escapes.what, (count) => `{"a":"${"\\n".repeat(count)}"}`, escapes.limit],
    [literal.what, (count) => `{"a":${"9".repeat(count)}}`, literal.limit],
  ];
  for (const [what, write, limit] of cases) {
    expect([what, scanBody(bytes(write(limit)), 64).ok]).toEqual([what, true]);
    expect(scanBody(bytes(write(limit + 1)), 64)).toEqual({ ok: false, problem: "too-much", what, limit });
  }
});

test("a scan that is interrupted anywhere finds what one in a single go finds", () => {
  fc.assert(
    fc.property(fc.json(), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (json, steps) => {
      const body = bytes(`{"first":${json}, "second" :\t"\\"x" }`);
      const scanner = new BodyScanner(body, 64);
      let step = 0;
      let scan = scanner.run(1);
      while (scan === undefined) scan = scanner.run(steps[step++ % steps.length] ?? 1);
      expect(scan).toEqual(scanBody(body, 64));
    }),
  );
});

describe("a name that stands twice in one object", () => {
  const refusal = (json: string) => {
    try {
      parseBody(bytes(json), { maxBytes: 1e6, maxDepth: 64 });
    } catch (error) {
      return (error as GapuraError).message;
    }
    return undefined;
  };
  const twice = (path: string) => `The field "${path}" stands twice in the body. Send it once.`;

  test("is refused at any depth, with its place, however it is written", () => {
    const cases: [string, string][] = [
      ['{"provider":{"order":["a"],"order":["b"]}}', "provider.order"],
      ['{"reasoning":{"max_tokens":1,"max_tok\\u0065ns":99999}}', "reasoning.max_tokens"],
      ['{"stream_options":{"include_usage":true, "x":1 ,"include_usage":false}}', "stream_options.include_usage"],
      ['{"messages":[{"role":"user"},{"content":"mild","content":"wild"}]}', "messages[1].content"],
      ['{"messages":[{"content":[{"type":"text"},[1,{"text":"a","text":"b"}]]}]}', "messages[0].content[1][1].text"],
      ['{"a":{"__proto__":1,"__proto__":2}}', "a.__proto__"],
      ['{"a":{"constructor":{"b":1,"b":2}}}', "a.constructor.b"],
      ['{"a":{"":1,"":2}}', "a."],
      ['{"a":{"1":1,"1":2}}', "a.1"],
      ['{"a":{"\\ud800":1,"\\ud800":2}}', "a.\ud800"],
      ['{"a":{"x":"a\\"b","x":1}}', "a.x"],
    ];
    for (const [json, path] of cases) expect([json, refusal(json)]).toEqual([json, twice(path)]);
  });

  test("is told from one that stands in two objects, in a text or in a list", () => {
    for (const json of [
      '{"a":{"b":1},"c":{"b":1},"b":[{"b":1},{"b":{"b":"{\\"b\\":1,\\"b\\":2}"}}]}',
      '{"a":{"__proto__":{"x":1},"constructor":1,"toString":2}}',
      '{"a":["b","b",{"b":"b"}],"d":":,:"}',
    ]) {
      expect([json, refusal(json)]).toEqual([json, undefined]);
    }
  });

  test("is never found where there is none, for any value", () => {
    fc.assert(fc.property(fc.json(), (json) => refusal(`{"a":${json},"b":[${json}]}`) === undefined));
  });
});

test("what is no JSON object is refused with what is wrong about it", () => {
  const refused: [Uint8Array<ArrayBuffer>, string, RegExp][] = [
    [bytes(""), "invalid_json", /./],
    [bytes("[]"), "body_not_object", /object/],
    [bytes("null"), "body_not_object", /object/],
    [bytes('\ufeff{"a":1}'), "invalid_json", /byte order mark/],
    [bytes('{"a":1} x'), "invalid_json", /./],
    [bytes('{"a":1}{"b":2}'), "invalid_json", /./],
    [bytes('{"a":1}\0'), "invalid_json", /./],
    [bytes('{"a":"\0"}'), "invalid_json", /./],
    [bytes("{'a':1}"), "invalid_json", /./],
    [bytes('{"a":NaN}'), "invalid_json", /./],
    [bytes('{"a":1,}'), "invalid_json", /./],
    [bytes('{"a":01}'), "invalid_json", /./],
    [new Uint8Array([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]), "body_encoding", /UTF-8/],
    [new Uint8Array([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]), "body_encoding", /UTF-8/],
    [new Uint8Array([0x7b, 0x22, 0xe2, 0x82]), "body_encoding", /UTF-8/],
    [new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]), "body_encoding", /UTF-8/],
  ];
  for (const [body, code, message] of refused) {
    try {
      parseBody(body, { maxBytes: 1e6, maxDepth: 64 });
      throw new Error(`accepted: ${text(body)}`);
    } catch (error) {
      expect([text(body), (error as GapuraError).code]).toEqual([text(body), code]);
      expect((error as GapuraError).message).toMatch(message);
    }
  }
});
