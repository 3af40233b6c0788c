import { expect, test } from "bun:test";
import { ask, chunkOf, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const alibaba = vendorUnderTest("alibaba");

test("thinking and its budget are asked for in its own fields", () => {
  const { body, dropped } = alibaba.sent({ ...ask, reasoning: { max_tokens: 2000 }, top_k: 3, min_p: 0.1 });
  expect(body).toEqual({ model: "m", ...ask, top_k: 3, enable_thinking: true, thinking_budget: 2000 });
  expect(dropped).toEqual(["min_p"]);
  expect(alibaba.sent({ ...ask, reasoning: { effort: "none" } }).body).toEqual({
    model: "m",
    ...ask,
    enable_thinking: false,
  });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(alibaba, "reasoning_content");
});

test("tokens written to its cache are found under their own name", () => {
  const details = { cached_tokens: 4, cache_creation_input_tokens: 6 };
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19, prompt_tokens_details: details };
  const { notes } = alibaba.streamed([
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { choices: [], usage },
  ]);
  expect(notes.usage).toMatchObject({ cachedTokens: 4, cacheWriteTokens: 6 });
});
