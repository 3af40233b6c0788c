import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const nebius = vendorUnderTest("nebius");

test("the longest answer is named as there", () => {
  expect(nebius.sent({ ...ask, max_completion_tokens: 5 }).body).toEqual({ model: "m", ...ask, max_tokens: 5 });
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
  expect(nebius.whole(answer)).toMatchObject({
    choices: [
      { message: { content: "Baik!", reasoning: "They greet.", reasoning_details: [{ text: "They greet." }] } },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
  });
  const { deltas, notes } = nebius.streamed([
    chunkOf({ role: "assistant", reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
});

test("it is asked for the long list, whose prices are exact", async () => {
  const asked = await nebius.provider.modelsRequest?.(null);
  expect(asked?.url).toBe("https://api.tokenfactory.nebius.com/v1/models?verbose=true");
  const pricing = { prompt: "0.00000013", completion: "0.0000004" };
  const entry = { id: "meta-llama/Llama-3.3-70B-Instruct", context_length: 131072, pricing };
  expect(nebius.provider.readModels({ data: [entry] })).toMatchObject([
    { contextLength: 131072, price: { promptNanoPerMillion: 130_000_000n, completionNanoPerMillion: 400_000_000n } },
  ]);
});
