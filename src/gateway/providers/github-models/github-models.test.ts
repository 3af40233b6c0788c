import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const github = vendorUnderTest("github-models");

test("fields that it does not know are left out", () => {
  expect(github.sent({ ...ask, top_k: 1, seed: 2 })).toEqual({
    body: { model: "m", ...ask, seed: 2 },
    dropped: ["top_k"],
  });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(github, "reasoning_content");
});

test("its list stands beside the inference API, with the limits of each model", async () => {
  expect((await github.provider.modelsRequest?.(null))?.url).toBe("https://models.github.ai/catalog/models");
  const entry = {
    id: "openai/gpt-4.1",
    name: "OpenAI GPT-4.1",
    limits: { max_input_tokens: 1048576, max_output_tokens: 32768 },
  };
  expect(github.provider.readModels([entry])).toMatchObject([
    { upstreamModel: "openai/gpt-4.1", contextLength: 1048576, maxCompletionTokens: 32768 },
  ]);
});
