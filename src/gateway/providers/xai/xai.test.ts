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
});
