import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const fireworks = vendorUnderTest("fireworks");

test("an effort that it knows is asked for, and what it does not know is left out", () => {
  const { body, dropped } = fireworks.sent({
    ...ask,
    max_completion_tokens: 5,
    reasoning: { effort: "low" },
    audio: {},
  });
  expect(body).toEqual({ model: "m", ...ask, max_completion_tokens: 5, reasoning_effort: "low" });
  expect(dropped).toEqual(["audio"]);
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(fireworks, "reasoning_content");
});

test("its long names have the ids that everybody uses", () => {
  const list = {
    data: [{ id: "accounts/fireworks/models/deepseek-v3p2", context_length: 131072, supports_chat: true }],
  };
  expect(fireworks.provider.readModels(list)).toMatchObject([
    { id: "deepseek/deepseek-v3.2", upstreamModel: "accounts/fireworks/models/deepseek-v3p2", contextLength: 131072 },
  ]);
});

test("efforts beyond its three are brought near, and thinking can be switched off", () => {
  const asked = (reasoning: object) => fireworks.sent({ ...ask, reasoning }).body.reasoning_effort;
  expect([asked({ effort: "minimal" }), asked({ effort: "xhigh" })]).toEqual(["low", "high"]);
  expect([asked({ enabled: true }), asked({ enabled: false })]).toEqual(["medium", "none"]);
  expect(
    fireworks.sent({ ...ask, reasoning: { enabled: false } }, "accounts/fireworks/models/gpt-oss-20b").dropped,
  ).toEqual(["reasoning"]);
});
