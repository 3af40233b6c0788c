import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const vercel = vendorUnderTest("vercel");

test("thinking is asked for in OpenRouter's words, and thoughts go back whole", () => {
  const messages = [
    { role: "assistant", content: "Baik!", reasoning_details: [{ type: "reasoning.encrypted", data: "x" }] },
  ];
  const { body } = vercel.sent({ messages: [...messages, ...ask.messages], reasoning: { effort: "high" } });
  expect(body).toMatchObject({ reasoning: { effort: "high" }, messages: [...messages, ...ask.messages] });
});

test("its list gives contexts and exact prices, and no price where there are several", () => {
  const pricing = { input: "0.00000015", output: "0.0000006", input_cache_read: "0.000000075" };
  const entry = { id: "openai/gpt-4o-mini", type: "language", context_window: 128000, pricing };
  const tiered = { id: "acme/long", type: "language", pricing: { ...pricing, input_tiers: [{ cost: "1", min: 0 }] } };
  const picture = { id: "acme/picture", type: "image", pricing };
  expect(vercel.provider.readModels({ data: [entry, tiered, picture] })).toMatchObject([
    { id: "openai/gpt-4o-mini", contextLength: 128000, price: { promptNanoPerMillion: 150_000_000n } },
    { price: null },
  ]);
});

test("a stream keeps its thoughts and its usage", () => {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };
  const { deltas, notes } = vercel.streamed([
    chunkOf({ role: "assistant", reasoning_content: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
});
