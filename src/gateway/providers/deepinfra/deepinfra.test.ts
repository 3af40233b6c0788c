import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const deepinfra = vendorUnderTest("deepinfra");

test("an effort is asked for in OpenAI's field", () => {
  expect(deepinfra.sent({ ...ask, reasoning: { effort: "high" } }).body).toEqual({
    model: "m",
    ...ask,
    reasoning_effort: "high",
  });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19, estimated_cost: 0.00000268 };
  const message = { role: "assistant", content: "Baik!", reasoning_content: "They greet." };
  const answer = {
    id: "1",
    object: "chat.completion",
    created: 5,
    model: "m",
    choices: [{ index: 0, finish_reason: "stop", message }],
    usage,
  };
  expect(deepinfra.whole(answer)).toMatchObject({
    choices: [
      { message: { content: "Baik!", reasoning: "They greet.", reasoning_details: [{ text: "They greet." }] } },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
  });
  const { deltas, notes } = deepinfra.streamed([
    chunkOf({ role: "assistant", reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
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
