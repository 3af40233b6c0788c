import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const moonshot = vendorUnderTest("moonshot");

test("thinking is switched in its own field", () => {
  expect(moonshot.sent({ ...ask, reasoning: { effort: "high" } }).body).toEqual({
    model: "m",
    ...ask,
    thinking: { type: "enabled" },
  });
  expect(moonshot.sent({ ...ask, reasoning_effort: "none" }).body).toEqual({
    model: "m",
    ...ask,
    thinking: { type: "disabled" },
  });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19, cached_tokens: 8 };
  const message = { role: "assistant", content: "Baik!", reasoning_content: "They greet." };
  const answer = {
    id: "1",
    object: "chat.completion",
    created: 5,
    model: "m",
    choices: [{ index: 0, finish_reason: "stop", message }],
    usage,
  };
  expect(moonshot.whole(answer)).toMatchObject({
    choices: [
      { message: { content: "Baik!", reasoning: "They greet.", reasoning_details: [{ text: "They greet." }] } },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
  });
  const { deltas, notes } = moonshot.streamed([
    chunkOf({ role: "assistant", reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
});

test("cached tokens and the usage of a stream are found where they stand", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19, cached_tokens: 8 };
  const { notes } = moonshot.streamed([chunkOf({ content: "Baik!" }, { finish_reason: "stop", usage })]);
  expect(notes.usage).toMatchObject({ promptTokens: 12, cachedTokens: 8 });
});
