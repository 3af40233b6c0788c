import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const cerebras = vendorUnderTest("cerebras");

test("fields that are errors there are left out and reported", () => {
  const { body, dropped } = cerebras.sent({
    ...ask,
    frequency_penalty: 1,
    logit_bias: {},
    seed: 1,
    reasoning_effort: "low",
  });
  expect(body).toEqual({ model: "m", ...ask, seed: 1, reasoning_effort: "low" });
  expect(dropped).toEqual(["frequency_penalty", "logit_bias"]);
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };
  const message = { role: "assistant", content: "Baik!", reasoning: "They greet." };
  const answer = {
    id: "1",
    object: "chat.completion",
    created: 5,
    model: "m",
    choices: [{ index: 0, finish_reason: "stop", message }],
    usage,
  };
  expect(cerebras.whole(answer)).toMatchObject({
    choices: [
      { message: { content: "Baik!", reasoning: "They greet.", reasoning_details: [{ text: "They greet." }] } },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
  });
  const { deltas, notes } = cerebras.streamed([
    chunkOf({ role: "assistant", reasoning: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
});
