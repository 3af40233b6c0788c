import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const sambanova = vendorUnderTest("sambanova");

test("fields that it does not know are left out", () => {
  expect(sambanova.sent({ ...ask, seed: 1, min_p: 0.1, top_k: 3 })).toEqual({
    body: { model: "m", ...ask, seed: 1, top_k: 3 },
    dropped: ["min_p"],
  });
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(sambanova, "reasoning");
});

test("prices per token in its list are exact", () => {
  const pricing = { duration: "0", prompt: "0.00000060", completion: "0.0000012" };
  const entry = { id: "Meta-Llama-3.3-70B-Instruct", context_length: 131072, max_completion_tokens: 3072, pricing };
  expect(sambanova.provider.readModels({ data: [entry] })).toMatchObject([
    {
      maxCompletionTokens: 3072,
      price: { promptNanoPerMillion: 600_000_000n, completionNanoPerMillion: 1_200_000_000n },
    },
  ]);
});

test("thinking is switched through the chat template, and by effort where there is one", () => {
  const asked = (model: string, reasoning: object) => sambanova.sent({ ...ask, reasoning }, model).body;
  expect(asked("DeepSeek-V3.1", { enabled: true })).toMatchObject({ chat_template_kwargs: { enable_thinking: true } });
  expect(asked("gpt-oss-120b", { effort: "max" })).toMatchObject({ reasoning_effort: "high" });
});
