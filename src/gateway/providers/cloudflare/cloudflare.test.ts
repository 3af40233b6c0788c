import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";
import { Secret } from "../../../kernel/secret.ts";

const cloudflare = vendorUnderTest("cloudflare");

test("the longest answer is named as there", () => {
  expect(cloudflare.sent({ ...ask, max_completion_tokens: 5 }).body).toEqual({ model: "m", ...ask, max_tokens: 5 });
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
  expect(cloudflare.whole(answer)).toMatchObject({
    choices: [
      { message: { content: "Baik!", reasoning: "They greet.", reasoning_details: [{ text: "They greet." }] } },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
  });
  const { deltas, notes } = cloudflare.streamed([
    chunkOf({ role: "assistant", reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
});

test("its list stands beside the compatible API and says what each model does", async () => {
  const asked = await cloudflare.provider.modelsRequest?.(
    new Secret(JSON.stringify({ apiKey: "t1", accountId: "a1" })),
  );
  expect(asked?.url).toEndWith("/ai/models/search?per_page=1000");
  expect(asked?.headers).toEqual({ authorization: "Bearer t1" });
  const result = [
    { name: "@cf/meta/llama-3.3-70b-instruct-fp8-fast", task: { name: "Text Generation" } },
    { name: "@cf/baai/bge-m3", task: { name: "Text Embeddings" } },
    { name: "@cf/openai/whisper", task: { name: "Automatic Speech Recognition" } },
  ];
  const models = cloudflare.provider.readModels({ success: true, result });
  expect(models?.map(({ upstreamModel, outputModalities }) => [upstreamModel, outputModalities])).toEqual([
    ["@cf/meta/llama-3.3-70b-instruct-fp8-fast", ["text"]],
    ["@cf/baai/bge-m3", ["embeddings"]],
  ]);
});

test("contexts and exact prices are found among a model's properties", () => {
  const properties = [
    { property_id: "context_window", value: "24000" },
    {
      property_id: "price",
      value: [
        { unit: "per M input tokens", price: 0.293, currency: "USD" },
        { unit: "per M output tokens", price: 2.253, currency: "USD" },
      ],
    },
  ];
  const entry = { name: "@cf/acme/m", task: { name: "Text Generation" }, properties };
  expect(cloudflare.provider.readModels({ result: [entry] })).toMatchObject([
    { contextLength: 24000, price: { promptNanoPerMillion: 293_000_000n, completionNanoPerMillion: 2_253_000_000n } },
  ]);
});
