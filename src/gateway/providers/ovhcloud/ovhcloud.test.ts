import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const ovhcloud = vendorUnderTest("ovhcloud");

test("the longest answer is named as there, and its list is told apart by what the models do", () => {
  expect(ovhcloud.sent({ ...ask, max_completion_tokens: 5 }).body).toEqual({ model: "m", ...ask, max_tokens: 5 });
  const list = { data: [{ id: "Qwen3-32B" }, { id: "bge-m3" }, { id: "whisper-large-v3" }] };
  expect(ovhcloud.provider.readModels(list)?.map(({ outputModalities }) => outputModalities)).toEqual([
    ["text"],
    ["embeddings"],
  ]);
});

test("a stream keeps its thoughts and its usage", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };
  const { deltas, notes } = ovhcloud.streamed([
    chunkOf({ role: "assistant", reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
});
