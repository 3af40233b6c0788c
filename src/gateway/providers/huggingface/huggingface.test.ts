import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const huggingface = vendorUnderTest("huggingface");

test("the longest answer is named as there", () => {
  expect(huggingface.sent({ ...ask, max_completion_tokens: 5 }).body).toEqual({ model: "m", ...ask, max_tokens: 5 });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(huggingface, "reasoning");
});

test("a model's context is the one that each of its providers has", () => {
  const providers = [
    { provider: "together", status: "live", context_length: 131072, pricing: { input: 0.88, output: 0.88 } },
    { provider: "sambanova", status: "live", context_length: 65536, pricing: { input: 0.6, output: 1.2 } },
  ];
  const list = {
    data: [
      { id: "meta-llama/Llama-3.3-70B-Instruct", providers },
      { id: "acme/asleep", providers: [] },
    ],
  };
  const models = huggingface.provider.readModels(list);
  expect(models).toMatchObject([
    { upstreamModel: "meta-llama/Llama-3.3-70B-Instruct", contextLength: 65536, price: null },
  ]);
});

test("a price is known where everybody who serves the model asks the same, and who is away does not count", () => {
  const pricing = { input: 0.1, output: 0.4 };
  const providers = [
    { provider: "a", status: "live", context_length: 8192, pricing },
    { provider: "b", status: "live", context_length: 16384, pricing },
    { provider: "c", status: "error", context_length: 2048, pricing: { input: 9, output: 9 } },
  ];
  const away = { id: "acme/away", providers: [{ provider: "c", status: "error" }] };
  expect(huggingface.provider.readModels({ data: [{ id: "acme/m", providers }, away] })).toMatchObject([
    { upstreamModel: "acme/m", contextLength: 8192, price: { promptNanoPerMillion: 100_000_000n } },
  ]);
});
