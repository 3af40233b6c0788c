/** Bodies and texts that have broken programs before. */
const encoder = new TextEncoder();
const MIB = 1024 * 1024;

/** Where a text is expected. */
export const hostileTexts: readonly string[] = [
  "",
  " ",
  "\0",
  "a\0b",
  "\ud800",
  "\udc00\ud800",
  "\ufeff",
  "\u202e\u2066",
  "ı".repeat(300),
  "x".repeat(70_000),
  "'; DROP TABLE users; --",
  "%00%0a%0d",
  "../../../../etc/passwd",
  "$\u007bjndi:ldap://127.0.0.1/a}",
  "<script>alert(1)</script>",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "-1",
  "1e999",
  "٣",
  "😀".repeat(1_000),
];

/** Where any value is expected. */
export const hostileValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.1,
  2 ** 53,
  -(2 ** 63),
  1e308,
  [],
  {},
  [[]],
  [null],
  [{}],
  { constructor: { prototype: { admin: true } } },
  { toString: 1, valueOf: 2, length: -1, name: 3 },
  JSON.parse('{"__proto__":{"admin":true}}'),
  Array.from({ length: 300 }, (_, index) => index),
];

/** Whole bodies as bytes: what no serializer would write. */
export function hostileBodies(model: string): Uint8Array<ArrayBuffer>[] {
  const chat = (more: string) =>
    `{"model":${JSON.stringify(model)},"messages":[{"role":"user","content":"Hi"}]${more}}`;
  const texts = [
    "",
    " ",
    "null",
    "true",
    "[]",
    '"text"',
    "{",
    '{"model"',
    '{"model":',
    "{]",
    "{}x",
    "\ufeff{}",
    "{}\0",
    '{"a":undefined}',
    '{"a":01}',
    '{"a":"\t"}',
    "[".repeat(100_000),
    `{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
    `{"a":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`,
    chat(',"model":"other"'),
    chat(',"provider":{"order":["a"],"order":["b"]}'),
    chat(',"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}}'),
    chat(`,"max_tokens":${"9".repeat(400)}`),
    chat(`,"max_tokens":${"9".repeat(5_000)}`),
    chat(',"temperature":1e999,"top_p":-1e999,"seed":123456789012345678901234567890'),
    chat(',"user":"\\ud800","metadata":{"\\udc00":"\\ud800\\ud800"}'),
    chat(`,"stop":[${'"a",'.repeat(10_000)}"b"]`),
    chat(
      `,"tools":${JSON.stringify(Array.from({ length: 500 }, (_, index) => ({ type: "function", function: { name: `f${index}` } })))}`,
    ),
    chat(',"stream":"yes"'),
    chat(',"stream_options":{"include_usage":1e999,"x":"\\ud800"},"stream":true'),
    chat(',"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"$ref":"#"}}}'),
    chat(`,"logit_bias":{${Array.from({ length: 2_000 }, (_, index) => `"${index * 30_000}":1`).join(",")}}`),
    `{${Array.from({ length: 1_001 }, (_, index) => `"f${index}":1`).join(",")}}`,
  ];
  const invalidUtf8 = [
    [0x7b, 0x22, 0xc0, 0xaf, 0x22],
    [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22],
    [0xff, 0xfe, 0x7b, 0],
    [0x7b, 0x80],
  ];
  return [...texts.map((text) => encoder.encode(text)), ...invalidUtf8.map((bytes) => new Uint8Array(bytes))];
}

/** Bodies at the edge of every bound on size and number: the slowest that are let through, and some just beyond. */
export function heavyBodies(model: string): { name: string; body: Uint8Array<ArrayBuffer> }[] {
  const room = 10 * MIB - 300;
  const wrap = (extra: string) =>
    `{"model":${JSON.stringify(model)},"messages":[{"role":"user","content":"Hi"}],"max_tokens":1,"extra":${extra}}`;
  const list = (count: number, one: (index: number) => string) =>
    `[${Array.from({ length: count }, (_, index) => one(index)).join(",")}]`;
  const content = (text: string) =>
    `{"model":${JSON.stringify(model)},"max_tokens":1,"messages":[{"role":"user","content":"${text}"}]}`;
  const shapes: Record<string, () => string> = {
    numbers: () => wrap(list(240_000, (index) => String(Math.sin(index)).padEnd(38, "7"))),
    values: () => wrap(list(319_000, () => "1")),
    texts: () => wrap(list(240_000, (index) => `"${String(index).padEnd(38, "z")}"`)),
    "objects of different shape": () => wrap(list(24_000, (index) => `{"u${index}":1}`)),
    "objects and numbers": () =>
      wrap(
        `[${list(24_000, (index) => `{"u${index}":1}`)},${list(230_000, (index) => String(Math.sin(index)).padEnd(38, "7"))}]`,
      ),
    "one object": () => wrap(`{${list(49_000, (index) => `"${String(index).padEnd(100, "q")}":1`).slice(1, -1)}}`),
    escapes: () => wrap(`"${'\\"'.repeat(1_499_000)}${"a".repeat(room - 2_998_000)}"`),
    spaces: () => wrap(`${" ".repeat(room)}1`),
    "one long text": () => content("a".repeat(room)),
    "one long text of two-byte letters": () => content("é".repeat(room / 2)),
    "too many objects": () => wrap(list(400_000, (index) => `{"u${index}":1}`)),
    "too many escapes": () => wrap(`"${'\\"'.repeat(room / 2)}"`),
    "one endless number": () => wrap("9".repeat(room)),
    "a duplicate at the end of many": () => wrap(`{${list(24_000, (index) => `"u${index}":{}`).slice(1, -1)},"u1":1}`),
    "too long": () => wrap(`"${"a".repeat(11 * MIB)}"`),
  };
  return Object.entries(shapes).map(([name, write]) => ({ name, body: encoder.encode(write()) }));
}
