import { expect, test } from "bun:test";
import { join } from "node:path";
import { z } from "zod";
import { errorTable } from "../../src/kernel/errors.ts";

const requestSchema = z.looseObject({
  name: z.string(),
  request: z.looseObject({
    method: z.enum(["GET", "POST"]),
    url: z.looseObject({ raw: z.string().startsWith("{{baseUrl}}/api/v1/") }),
    body: z.looseObject({ mode: z.literal("raw"), raw: z.string() }).optional(),
  }),
  event: z
    .array(z.looseObject({ listen: z.literal("test"), script: z.looseObject({ exec: z.array(z.string()) }) }))
    .min(1),
});
const collectionSchema = z.looseObject({
  info: z.looseObject({
    name: z.string(),
    schema: z.literal("https://schema.getpostman.com/json/collection/v2.1.0/collection.json"),
  }),
  variable: z.array(z.looseObject({ key: z.string(), value: z.string() })),
  item: z.array(z.looseObject({ name: z.string(), item: z.array(requestSchema).min(1) })),
});

const path = join(import.meta.dir, "..", "..", "postman", "gapura.postman_collection.json");
const collection = collectionSchema.parse(await Bun.file(path).json());
const requests = collection.item.flatMap((folder) => folder.item);

test("the collection can be pointed at any instance by two variables and holds no key", () => {
  expect(collection.variable.map(({ key, value }) => [key, value])).toEqual([
    ["baseUrl", "http://localhost:8787"],
    ["apiKey", ""],
  ]);
});

test("the first request is the guide's own call", () => {
  const first = requests[0];
  expect(first?.request.url.raw).toBe("{{baseUrl}}/api/v1/chat/completions");
  expect(JSON.parse(first?.request.body?.raw ?? "")).toEqual({
    model: "gpt-3.5",
    messages: [{ role: "user", content: "Halo, apa kabar?" }],
  });
});

test("every request carries assertions that are valid JavaScript", () => {
  for (const { event } of requests) {
    const script = event.flatMap(({ script }) => script.exec).join("\n");
    expect(script).toContain("pm.test(");
    expect(() => new Function(script)).not.toThrow();
  }
});

test("every expected error exists in the table with the expected status", () => {
  const expected = requests.flatMap(({ event }) => {
    const script = event.flatMap(({ script }) => script.exec).join("\n");
    const code = /error_code\)\.to\.equal\("(\w+)"\)/.exec(script)?.[1];
    const status = /have\.status\((\d+)\)/.exec(script)?.[1];
    return code === undefined ? [] : [[code, Number(status)]];
  });
  expect(expected.length).toBeGreaterThanOrEqual(5);
  const table = new Map(Object.entries(errorTable).map(([code, row]) => [code, row.status]));
  for (const [code, status] of expected) expect([code, table.get(String(code))]).toEqual([code, Number(status)]);
});
