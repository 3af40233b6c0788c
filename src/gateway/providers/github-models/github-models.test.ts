import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const github = vendorUnderTest("github-models");

test("fields that it does not know are left out", () => {
  expect(github.sent({ ...ask, top_k: 1, seed: 2 })).toEqual({
    body: { model: "m", ...ask, seed: 2 },
    dropped: ["top_k"],
  });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };
  const message = { role: "assistant", content: "Baik!", reasoning_content: "They greet." };
  const answer = {
    id: "1",
    object: "chat.completion",
    created: 5,
    model: "m",
    choices: [{ index: 0, finish_reason: "stop", message }],
    usage,
  };
  expect(github.whole(answer)).toMatchObject({
    choices: [
      { message: { content: "Baik!", reasoning: "They greet.", reasoning_details: [{ text: "They greet." }] } },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
  });
  const { deltas, notes } = github.streamed([
    chunkOf({ role: "assistant", reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
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
