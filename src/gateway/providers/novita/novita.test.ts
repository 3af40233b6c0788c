import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const novita = vendorUnderTest("novita");

test("the longest answer is named as there", () => {
  expect(novita.sent({ ...ask, max_completion_tokens: 5 }).body).toEqual({ model: "m", ...ask, max_tokens: 5 });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(novita, "reasoning_content");
});

test("context and prices of its list are exact", () => {
  const entry = {
    id: "deepseek/deepseek-r1",
    context_size: 64000,
    input_token_price_per_m: 7000,
    output_token_price_per_m: 25000,
  };
  expect(novita.provider.readModels({ data: [entry] })).toMatchObject([
    {
      id: "deepseek/deepseek-r1",
      contextLength: 64000,
      price: { promptNanoPerMillion: 700_000_000n, completionNanoPerMillion: 2_500_000_000n },
    },
  ]);
});

test("thinking is switched in its own field, and by effort where there is one", () => {
  expect(novita.sent({ ...ask, reasoning: { enabled: false } }).body).toMatchObject({ enable_thinking: false });
  expect(novita.sent({ ...ask, reasoning: { effort: "xhigh" } }, "openai/gpt-oss-120b").body).toMatchObject({
    reasoning_effort: "high",
  });
});
