import { expect, test } from "bun:test";
import { ask, chunkOf, toolTurn, vendorUnderTest } from "../../../../test/support/vendor.ts";

const minimax = vendorUnderTest("minimax");
const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };

test("thinking is switched in its own field, and what it does not heed is left out", () => {
  const { body, dropped } = minimax.sent({ ...ask, reasoning: { effort: "low" }, max_tokens: 5, presence_penalty: 1 });
  expect(body).toEqual({ model: "m", ...ask, thinking: { type: "adaptive" }, max_completion_tokens: 5 });
  expect(dropped).toEqual(["presence_penalty"]);
  expect(minimax.sent({ ...ask, reasoning: { enabled: false } }).body).toMatchObject({
    thinking: { type: "disabled" },
  });
});

test("thoughts in the content are taken out of it, whole and streamed, and put back", () => {
  const message = { role: "assistant", content: "<think>\nThey greet.\n</think>\n\nBaik!" };
  const answer = { id: "1", object: "chat.completion", created: 5, model: "m", usage };
  expect(minimax.whole({ ...answer, choices: [{ index: 0, finish_reason: "stop", message }] })).toMatchObject({
    choices: [
      { message: { content: "Baik!", reasoning: "\nThey greet.\n", reasoning_details: [{ type: "reasoning.text" }] } },
    ],
  });
  const { deltas, notes } = minimax.streamed([
    chunkOf({ role: "assistant", content: "<thi" }),
    chunkOf({ content: "nk>They greet.</thi" }),
    chunkOf({ content: "nk>\n\nBaik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ content: "" }, { content: "", reasoning: "They greet." }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { completionTokens: 7 } });
  const { body } = minimax.sent({ messages: toolTurn({ reasoning: "They ask." }) });
  expect(body.messages).toMatchObject([{}, { content: "<think>They ask.</think>\n\n" }, {}]);
});

test("two streams at once do not mix their thoughts", () => {
  const first = minimax.streamed([chunkOf({ content: "<think>a" })]);
  const second = minimax.streamed([chunkOf({ content: "b" }, { finish_reason: "stop" })]);
  expect([first.deltas[0]?.reasoning, second.deltas[0]?.content]).toEqual(["a", "b"]);
});

test("an error in an answer of status 200 is an error", () => {
  const chat = minimax.adapter.dialects("m").find(({ name }) => name === "openai-chat");
  const answer = { id: "1", choices: null, base_resp: { status_code: 1008, status_msg: "insufficient balance" } };
  expect(chat?.native?.readAnswer?.(answer)).toMatchObject({ error: { code: 402, message: "insufficient balance" } });
});
