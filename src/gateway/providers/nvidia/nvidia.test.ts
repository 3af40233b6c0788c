import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const nvidia = vendorUnderTest("nvidia");

test("the longest answer is named as there", () => {
  expect(nvidia.sent({ ...ask, max_completion_tokens: 5 }).body).toEqual({ model: "m", ...ask, max_tokens: 5 });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };
  const message = { role: "assistant", content: "Baik!", reasoning_content: "They greet." };
  const answer = {
    id: "1",
    object: "chat.completion",
    created: 5,
    model: "m",
    choices: [{ index: 0, finish_reason: "stop", message }],
    usage,
  };
  expect(nvidia.whole(answer)).toMatchObject({
    choices: [
      { message: { content: "Baik!", reasoning: "They greet.", reasoning_details: [{ text: "They greet." }] } },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
  });
  const { deltas, notes } = nvidia.streamed([
    chunkOf({ role: "assistant", reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
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
