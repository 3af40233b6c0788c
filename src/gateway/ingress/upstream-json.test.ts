import { expect, test } from "bun:test";
import { parseUpstreamJson } from "./upstream-json.ts";

test("JSON that is nested without end is refused before it is parsed, and brackets in texts count for nothing", () => {
  const deep = parseUpstreamJson("[".repeat(200_000) + "]".repeat(200_000));
  expect(deep).toEqual({ ok: false, reason: "deeper than 200 levels" });
  const text = JSON.stringify({ a: `\\"${"[{".repeat(5_000)}\\` });
  expect(parseUpstreamJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
});
