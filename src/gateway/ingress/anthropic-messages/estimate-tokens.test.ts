import { expect, test } from "bun:test";
import { estimateTokens } from "./estimate-tokens.ts";

const asking = (content: unknown, more: object = {}) => ({ messages: [{ role: "user", content }], ...more }) as never;
const count = (content: unknown, more?: object, model = "claude-haiku-4-5") =>
  estimateTokens(asking(content, more), model);

test("English has a token for about 3.5 characters, scripts without spaces one for each", () => {
  expect(count("a".repeat(350))).toBe(104);
  expect(count("水".repeat(100))).toBe(104);
  expect(count("")).toBe(4);
});

test("everything that the model reads counts: system, tools, results, pictures, documents", () => {
  const plain = count("Halo");
  expect(count("Halo", { system: [{ type: "text", text: "x".repeat(70) }] })).toBe(plain + 20);
  const tools = [{ name: "look", input_schema: { type: "object" } }];
  expect(count("Halo", { tools })).toBeGreaterThan(plain + 346);
  expect(count([{ type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: "x".repeat(70) }] }])).toBe(
    24,
  );
  expect(count([{ type: "image", source: { type: "url", url: "https://example.com/a.png" } }])).toBe(1_504);
  const pdf = { type: "base64", media_type: "application/pdf", data: "A".repeat(200_000) };
  expect(count([{ type: "document", source: pdf }])).toBe(5_004);
});

test("newer models make 30 % more tokens of the same text", () => {
  for (const model of ["claude-opus-4-8", "claude-sonnet-5", "anthropic/claude-opus-4.7", "claude-fable-5"]) {
    expect(count("a".repeat(350), {}, model)).toBe(136);
  }
});

test("rubbish has a count, not an error", () => {
  for (const content of [null, 7, {}, [null, 7, { type: "image" }, { type: "document" }]]) {
    expect(count(content)).toBeGreaterThan(0);
  }
});
