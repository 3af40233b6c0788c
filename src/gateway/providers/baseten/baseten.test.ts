import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const baseten = vendorUnderTest("baseten");

test("the longest answer is named as there, and its list gives contexts", () => {
  expect(baseten.sent({ ...ask, max_completion_tokens: 5 }).body).toEqual({ model: "m", ...ask, max_tokens: 5 });
  const models = baseten.provider.readModels({ data: [{ id: "openai/gpt-oss-120b", context_length: 128072 }] });
  expect(models).toMatchObject([{ id: "openai/gpt-oss-120b", contextLength: 128072 }]);
});

test("a stream keeps its thoughts and its usage", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };
  const { deltas, notes } = baseten.streamed([
    chunkOf({ role: "assistant", reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
});
