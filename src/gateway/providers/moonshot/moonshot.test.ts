import { expect, test } from "bun:test";
import { ask, chunkOf, expectThoughtsAndUsage, toolTurn, vendorUnderTest } from "../../../../test/support/vendor.ts";
import type { JsonObject } from "../../../kernel/json.ts";

const moonshot = vendorUnderTest("moonshot");

test("thinking is switched in its own field", () => {
  expect(moonshot.sent({ ...ask, reasoning: { effort: "high" } }, "kimi-k2.6").body).toEqual({
    model: "kimi-k2.6",
    ...ask,
    thinking: { type: "enabled" },
  });
  expect(moonshot.sent({ ...ask, reasoning_effort: "none" }, "kimi-k2.5").body).toEqual({
    model: "kimi-k2.5",
    ...ask,
    thinking: { type: "disabled" },
  });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(moonshot, "reasoning_content", { cached_tokens: 8 });
});

test("cached tokens and the usage of a stream are found where they stand", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19, cached_tokens: 8 };
  const { notes } = moonshot.streamed([chunkOf({ content: "Baik!" }, { finish_reason: "stop", usage })]);
  expect(notes.usage).toMatchObject({ promptTokens: 12, cachedTokens: 8 });
});

test("which words switch thinking depends on the model, and a switch that is not there is not asked for", () => {
  const asked = (model: string, reasoning: object) => moonshot.sent({ ...ask, reasoning }, model);
  expect(asked("kimi-k2.6", { enabled: false }).body).toMatchObject({ thinking: { type: "disabled" } });
  expect(asked("kimi-k3.1-pro", { effort: "medium" }).body).toMatchObject({ reasoning_effort: "high" });
  expect(asked("kimi-k3", { effort: "xhigh" }).body).toMatchObject({ reasoning_effort: "max" });
  const always = asked("kimi-k2.7-code", { enabled: false });
  expect(always.body).not.toHaveProperty("thinking");
  expect(always.dropped).toEqual(["reasoning"]);
});

test("sampling that its own models refuse is left out, and kept for the others", () => {
  const sampling = { temperature: 0.2, top_p: 0.9 };
  expect(moonshot.sent({ ...ask, ...sampling }, "kimi-k3").dropped).toEqual(["temperature", "top_p"]);
  expect(moonshot.sent({ ...ask, ...sampling }, "moonshot-v1-8k").body).toMatchObject(sampling);
});

test("a turn with tool calls comes back with its thoughts, and with a placeholder where there are none", () => {
  const returned = (thoughts: JsonObject) => moonshot.sent({ messages: toolTurn(thoughts) }).body.messages;
  const details = [{ type: "reasoning.text", text: "They ask." }];
  expect(returned({ reasoning: "They ask.", reasoning_details: details })).toMatchObject([
    {},
    { reasoning_content: "They ask." },
    {},
  ]);
  expect(JSON.stringify(returned({ reasoning: "They ask." }))).not.toContain('"reasoning":');
  expect(returned({})).toMatchObject([{}, { reasoning_content: " " }, {}]);
});
