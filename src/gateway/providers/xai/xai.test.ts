import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const xai = vendorUnderTest("xai");
const usage = {
  prompt_tokens: 32,
  completion_tokens: 9,
  total_tokens: 135,
  completion_tokens_details: { reasoning_tokens: 94 },
};

test("reasoning tokens that stand beside the completion's are billed with them", () => {
  const message = { role: "assistant", content: "Baik!", reasoning_content: "They greet." };
  const answer = { id: "1", choices: [{ index: 0, finish_reason: "stop", message }], usage };
  expect(xai.whole(answer)).toMatchObject({
    choices: [{ message: { reasoning: "They greet." } }],
    usage: { completion_tokens: 103, total_tokens: 135, completion_tokens_details: { reasoning_tokens: 94 } },
  });
  const { notes } = xai.streamed([chunkOf({ content: "Baik!" }, { finish_reason: "stop" }), { choices: [], usage }]);
  expect(notes.usage).toMatchObject({ completionTokens: 103, reasoningTokens: 94 });
});

test("an effort is asked for in OpenAI's field", () => {
  expect(xai.sent({ ...ask, reasoning: { effort: "low" }, top_k: 1 })).toEqual({
    body: { model: "m", ...ask, reasoning_effort: "low" },
    dropped: ["top_k"],
  });
  expect(xai.sent({ ...ask, reasoning: { enabled: false } }, "grok-4.3").body).toMatchObject({
    reasoning_effort: "none",
  });
  expect(xai.sent({ ...ask, reasoning: { effort: "medium" } }, "grok-3-mini").body).toMatchObject({
    reasoning_effort: "high",
  });
});

test("an effort and stop sequences do not reach models that refuse them", () => {
  for (const model of [
    "grok-4",
    "grok-4-0709",
    "grok-4-fast-reasoning",
    "grok-4.20-0309-reasoning",
    "grok-code-fast-1",
  ]) {
    expect(xai.sent({ ...ask, reasoning: { effort: "low" } }, model).dropped).toEqual(["reasoning"]);
    expect(xai.sent({ ...ask, stop: ["x"] }, model).dropped).toEqual(["stop"]);
  }
  expect(xai.sent({ ...ask, stop: ["x"] }, "grok-4.20-non-reasoning").body).toMatchObject({ stop: ["x"] });
});
