import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const zai = vendorUnderTest("zai");

test("thinking is switched in its own field, and fields are named as there", () => {
  const { body, dropped } = zai.sent({ ...ask, stream: true, reasoning: { enabled: true }, user: "u1", seed: 3 });
  expect(body).toEqual({ model: "m", ...ask, stream: true, thinking: { type: "enabled" }, user_id: "u1" });
  expect(dropped).toEqual(["seed"]);
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
  expect(zai.whole(answer)).toMatchObject({
    choices: [
      { message: { content: "Baik!", reasoning: "They greet.", reasoning_details: [{ text: "They greet." }] } },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
  });
  const { deltas, notes } = zai.streamed([
    chunkOf({ role: "assistant", reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
});

test("its own finish reasons are understood", () => {
  const finish = (finish_reason: string) =>
    zai.streamed([chunkOf({ content: "" }, { finish_reason })]).notes.finishReason;
  expect(["sensitive", "network_error", "tool_calls", "length"].map(finish)).toEqual([
    "content_filter",
    "error",
    "tool_calls",
    "length",
  ]);
});
