import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTrace } from "./trace-file.ts";

const folder = mkdtempSync(join(tmpdir(), "gapura-trace-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = join(folder, `${Bun.randomUUIDv7()}.jsonl`);
  writeFileSync(file, text);
  return readTrace(file);
}

const call = (changes: object) => JSON.stringify({ t: 1_770_000_000_000, key: "a", ...changes });

test("a trace is read in any order, with a byte order mark, any ends of lines, dates, empty lines and without optional fields", async () => {
  const lines = [
    call({ t: "2026-02-02T12:00:05Z", cost_nano: "2500000000", label: "owner", more: 1 }),
    "",
    call({ t: Date.UTC(2026, 1, 2, 12), ip: null, model: null, label: "loud" }),
    call({ status: 429 }),
    call({ key: "b", label: "" }),
  ];
  const byKey = await read(`\uFEFF${lines.join("\r\n")}`);
  expect([...byKey.keys()]).toEqual(["a", "b"]);
  expect(byKey.get("a")).toMatchObject([
    { atMs: Date.UTC(2026, 1, 2, 12), label: "loud", costUsd: 0, address: null, model: "", userAgent: null },
    { atMs: Date.UTC(2026, 1, 2, 12, 0, 5), label: null, costUsd: 2.5 },
  ]);
});

test("lines that cannot be read are named by their numbers with what is wrong, the first few of them", async () => {
  const lines = [
    call({}),
    "{ nonsense",
    "[1]",
    JSON.stringify({ t: 1_770_000_000_000 }),
    call({ t: "yesterday" }),
    call({ t: 1_770_000_000, cost_nano: -1 }),
    "more nonsense",
  ];
  const said = await read(lines.join("\n")).catch((error: Error) => error.message);
  expect(said).toBe(
    [
      "the trace cannot be read:",
      "line 2: is no JSON object",
      "line 3: is no JSON object",
      "line 4: key is missing",
      "line 5: t is no date",
      "line 6: t is too early; milliseconds since 1970 are meant; cost_nano Too small: expected number to be >=0",
    ].join("\n"),
  );
});

test("a file without line ends, or without a call, is refused before it fills the memory", async () => {
  await expect(read(`${call({})}\n${"x".repeat(300_000)}`)).rejects.toThrow("line 2: longer than 65536");
  await expect(read(`${call({ status: 500 })}\n`)).rejects.toThrow("no call that was answered");
});
