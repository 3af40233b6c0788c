import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, toolTurn, vendorUnderTest } from "../../../../test/support/vendor.ts";

const cerebras = vendorUnderTest("cerebras");

test("fields that are errors there are left out and reported", () => {
  const { body, dropped } = cerebras.sent({
    ...ask,
    frequency_penalty: 1,
    top_k: 3,
    verbosity: "low",
    seed: 1,
    reasoning_effort: "low",
  });
  expect(body).toEqual({ model: "m", ...ask, frequency_penalty: 1, seed: 1, reasoning_effort: "low" });
  expect(dropped).toEqual(["top_k", "verbosity"]);
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(cerebras, "reasoning");
});

test("thinking is asked for in the words of the model", () => {
  const asked = (model: string, reasoning?: object) =>
    cerebras.sent({ ...ask, ...(reasoning ? { reasoning } : {}) }, model);
  expect(asked("qwen-3-235b").body).toMatchObject({ reasoning_format: "parsed" });
  expect(asked("zai-glm-4.7", { enabled: false }).body).toMatchObject({ reasoning_effort: "none" });
  expect(asked("gpt-oss-120b", { effort: "xhigh" }).body).toMatchObject({ reasoning_effort: "high" });
  expect(asked("gpt-oss-120b", { enabled: false }).dropped).toEqual(["reasoning"]);
});

test("former thoughts go back as a text, and nothing else of them", () => {
  const details = [{ type: "reasoning.text", text: "They ask." }];
  const { body } = cerebras.sent({ messages: toolTurn({ reasoning_details: details }) });
  expect(body.messages).toMatchObject([{}, { reasoning: "They ask." }, {}]);
  expect(JSON.stringify(body.messages)).not.toContain("reasoning_details");
});

test("its list gives contexts and exact prices for the names that it is asked by", async () => {
  const asked = await cerebras.provider.modelsRequest?.(null);
  expect(asked?.url).toBe("https://api.cerebras.ai/v1/models?format=openrouter");
  const pricing = { prompt: "0.00000035", completion: "0.00000075" };
  const entry = { id: "cerebras/gpt-oss-120b", created: 5, context_length: 131072, max_output_length: 40960, pricing };
  expect(cerebras.provider.readModels({ data: [entry] })).toMatchObject([
    {
      upstreamModel: "gpt-oss-120b",
      contextLength: 131072,
      maxCompletionTokens: 40960,
      price: { promptNanoPerMillion: 350_000_000n, completionNanoPerMillion: 750_000_000n },
    },
  ]);
});
