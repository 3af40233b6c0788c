import { expect, test } from "bun:test";
import { ask, chunkOf, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const zai = vendorUnderTest("zai");

test("thinking is switched in its own field, and fields are named as there", () => {
  const { body, dropped } = zai.sent({ ...ask, stream: true, reasoning: { enabled: true }, user: "u1", seed: 3 });
  expect(body).toEqual({ model: "m", ...ask, stream: true, thinking: { type: "enabled" }, user_id: "u1" });
  expect(dropped).toEqual(["seed"]);
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(zai, "reasoning_content");
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

test("an effort goes to models that know one, and thinking is not switched off where that is refused", () => {
  const asked = (model: string, reasoning: object) => zai.sent({ ...ask, reasoning }, model);
  expect(asked("glm-5.2", { effort: "low" }).body).toMatchObject({
    thinking: { type: "enabled" },
    reasoning_effort: "low",
  });
  expect(asked("glm-4.6", { effort: "low" }).body).not.toHaveProperty("reasoning_effort");
  expect(asked("glm-4.6", { enabled: false }).body).toMatchObject({ thinking: { type: "disabled" } });
  expect(asked("glm-5.3", { enabled: false }).dropped).toEqual(["reasoning"]);
});

test("a choice of tools that it cannot follow is left out, and with none of them the tools too", () => {
  const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
  const { body, dropped } = zai.sent({ ...ask, tools, tool_choice: "required" });
  expect([body.tools, body.tool_choice, dropped]).toEqual([tools, undefined, ["tool_choice"]]);
  expect(zai.sent({ ...ask, tools, tool_choice: "none" }).body).not.toHaveProperty("tools");
});
