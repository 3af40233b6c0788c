import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const together = vendorUnderTest("together");

test("the longest answer is named as there", () => {
  expect(together.sent({ ...ask, max_completion_tokens: 5, top_k: 3 }).body).toEqual({
    model: "m",
    ...ask,
    max_tokens: 5,
    top_k: 3,
  });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(together, "reasoning");
});

test("its list is a bare array with exact prices, and pictures are left out", () => {
  const pricing = { hourly: 0, input: 0.88, output: 0.88, base: 0, finetune: 0 };
  const models = together.provider.readModels([
    { id: "meta-llama/Llama-3.3-70B-Instruct-Turbo", type: "chat", context_length: 131072, pricing },
    { id: "black-forest-labs/FLUX.1-dev", type: "image", pricing },
  ]);
  expect(models).toHaveLength(1);
  expect(models).toMatchObject([
    { id: "meta-llama/llama-3.3-70b-instruct", contextLength: 131072, price: { promptNanoPerMillion: 880_000_000n } },
  ]);
});

test("thinking is switched in its own field, and a form of logprobs that is not OpenAI's is not asked for", () => {
  expect(together.sent({ ...ask, reasoning: { enabled: false } }).body).toEqual({
    model: "m",
    ...ask,
    reasoning: { enabled: false },
  });
  const { body, dropped } = together.sent({ ...ask, reasoning: { effort: "minimal" }, logprobs: true });
  expect(body).toEqual({ model: "m", ...ask, reasoning_effort: "low" });
  expect(dropped).toEqual(["logprobs"]);
});
