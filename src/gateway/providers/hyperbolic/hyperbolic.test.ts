import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const hyperbolic = vendorUnderTest("hyperbolic");

test("the longest answer is named as there", () => {
  expect(hyperbolic.sent({ ...ask, max_completion_tokens: 5 }).body).toEqual({ model: "m", ...ask, max_tokens: 5 });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(hyperbolic, "reasoning_content");
});

test("models that do not chat are left out", () => {
  const list = {
    data: [
      { id: "deepseek-ai/DeepSeek-V3", supports_chat: true, context_length: 131072 },
      { id: "SDXL1.0-base", supports_chat: false },
    ],
  };
  expect(hyperbolic.provider.readModels(list)).toMatchObject([
    { upstreamModel: "deepseek-ai/DeepSeek-V3", contextLength: 131072 },
  ]);
});
