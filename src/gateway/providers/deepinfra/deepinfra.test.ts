import { expect, test } from "bun:test";
import { ask, chunkOf, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const deepinfra = vendorUnderTest("deepinfra");

test("an effort is asked for in OpenAI's field", () => {
  expect(deepinfra.sent({ ...ask, reasoning: { effort: "high" } }).body).toEqual({
    model: "m",
    ...ask,
    reasoning_effort: "high",
  });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(deepinfra, "reasoning_content", { estimated_cost: 0.00000268 });
});

test("context and exact prices are read from the metadata of its list", () => {
  const pricing = { input_tokens: 0.23, output_tokens: 0.4, cache_read_tokens: 0.115 };
  const metadata = { context_length: 131072, max_tokens: 16384, pricing };
  expect(
    deepinfra.provider.readModels({ data: [{ id: "meta-llama/Llama-3.3-70B-Instruct", metadata }] }),
  ).toMatchObject([
    {
      id: "meta-llama/llama-3.3-70b-instruct",
      contextLength: 131072,
      price: { promptNanoPerMillion: 230_000_000n, cachedPromptNanoPerMillion: 115_000_000n },
    },
  ]);
});

test("reasoning tokens that stand beside the completion's are billed with them", () => {
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 84,
    total_tokens: 94,
    completion_tokens_details: { reasoning_tokens: 1081 },
  };
  const { notes } = deepinfra.streamed([
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { choices: [], usage },
  ]);
  expect(notes.usage).toMatchObject({ completionTokens: 1165, reasoningTokens: 1081 });
});
