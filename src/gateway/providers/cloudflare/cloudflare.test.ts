import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";
import { Secret } from "../../../kernel/secret.ts";

const cloudflare = vendorUnderTest("cloudflare");

test("the longest answer is named as there", () => {
  expect(cloudflare.sent({ ...ask, max_completion_tokens: 5 }).body).toEqual({ model: "m", ...ask, max_tokens: 5 });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(cloudflare, "reasoning_content");
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
