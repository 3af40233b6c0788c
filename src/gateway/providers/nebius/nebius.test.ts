import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const nebius = vendorUnderTest("nebius");

test("the longest answer is named as there", () => {
  expect(nebius.sent({ ...ask, max_completion_tokens: 5 }).body).toEqual({ model: "m", ...ask, max_tokens: 5 });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(nebius, "reasoning_content");
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
