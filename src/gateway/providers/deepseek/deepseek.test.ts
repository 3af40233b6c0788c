import { expect, test } from "bun:test";
import { ask, chunkOf, toolTurn, vendorUnderTest } from "../../../../test/support/vendor.ts";
import type { JsonObject } from "../../../kernel/json.ts";

const deepseek = vendorUnderTest("deepseek");
const usage = {
  prompt_tokens: 20,
  completion_tokens: 8,
  total_tokens: 28,
  prompt_cache_hit_tokens: 16,
  prompt_cache_miss_tokens: 4,
};

test("thinking is switched in DeepSeek's own field, and the longest answer named as there", () => {
  const { body, dropped } = deepseek.sent({ ...ask, reasoning: { effort: "high" }, max_completion_tokens: 9, seed: 1 });
  expect(body).toEqual({ model: "m", ...ask, thinking: { type: "enabled" }, reasoning_effort: "high", max_tokens: 9 });
  expect(dropped).toEqual(["seed"]);
  expect(deepseek.sent({ ...ask, reasoning_effort: "none" }).body).toEqual({
    model: "m",
    ...ask,
    thinking: { type: "disabled" },
  });
});

test("tokens read from the cache are found under their own name", () => {
  const message = { role: "assistant", content: "Baik!", reasoning_content: "They greet." };
  const answer = { id: "1", choices: [{ index: 0, finish_reason: "insufficient_system_resource", message }], usage };
  expect(deepseek.whole(answer)).toMatchObject({
    choices: [{ finish_reason: "error", message: { reasoning: "They greet." } }],
    usage: { prompt_tokens_details: { cached_tokens: 16 } },
  });
  const { deltas, notes } = deepseek.streamed([
    chunkOf({ role: "assistant", content: null, reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { choices: [], usage },
  ]);
  expect(deltas[0]).toMatchObject({ reasoning: "They", reasoning_details: [{ type: "reasoning.text", text: "They" }] });
  expect(notes.usage).toMatchObject({ cachedTokens: 16 });
});

test("a turn with tool calls comes back with its thoughts, which are an error to leave out", () => {
  const returned = (thoughts: JsonObject) => deepseek.sent({ messages: toolTurn(thoughts) }).body.messages;
  expect(returned({ reasoning: "They ask." })).toEqual(toolTurn({ reasoning_content: "They ask." }));
  expect(returned({ reasoning_content: "They ask." })).toEqual(toolTurn({ reasoning_content: "They ask." }));
  expect(returned({})).toEqual(toolTurn({ reasoning_content: " " }));
});
