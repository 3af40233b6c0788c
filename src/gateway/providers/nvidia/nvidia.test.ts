import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const nvidia = vendorUnderTest("nvidia");

test("the longest answer is named as there", () => {
  expect(nvidia.sent({ ...ask, max_completion_tokens: 5 }).body).toEqual({ model: "m", ...ask, max_tokens: 5 });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(nvidia, "reasoning_content");
});

test("thinking is switched through the chat template, and by effort where there is one", () => {
  expect(nvidia.sent({ ...ask, reasoning: { enabled: false } }).body).toMatchObject({
    chat_template_kwargs: { enable_thinking: false, thinking: false },
  });
  expect(nvidia.sent({ ...ask, reasoning: { effort: "high" } }, "openai/gpt-oss-20b").body).toMatchObject({
    reasoning_effort: "high",
  });
});

test("what a text is for is said in its words", () => {
  expect(nvidia.plain("embeddings", { model: "x", input: "a", input_type: "search_query" })).toEqual({
    model: "m",
    input: "a",
    input_type: "query",
  });
  expect(nvidia.plain("embeddings", { model: "x", input: "a", input_type: "search_document" }).input_type).toBe(
    "passage",
  );
  expect(nvidia.plain("embeddings", { model: "x", input: "a" })).toEqual({ model: "m", input: "a" });
});
