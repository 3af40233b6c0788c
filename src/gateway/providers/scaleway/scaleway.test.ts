import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const scaleway = vendorUnderTest("scaleway");

test("what its documentation says it does not support is left out and reported", () => {
  const { body, dropped } = scaleway.sent({ ...ask, max_completion_tokens: 5, user: "u", logit_bias: {} });
  expect(body).toEqual({ model: "m", ...ask, max_tokens: 5 });
  expect(dropped).toEqual(["logit_bias", "user"]);
});

test("a stream keeps its thoughts and its usage", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };
  const { deltas, notes } = scaleway.streamed([
    chunkOf({ role: "assistant", reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
});
