import { expect, test } from "bun:test";
import { ask, expectThoughtsAndUsage, vendorUnderTest } from "../../../../test/support/vendor.ts";

const cohere = vendorUnderTest("cohere");

test("fields that the compatibility API does not know are left out and reported", () => {
  const { body, dropped } = cohere.sent({ ...ask, logit_bias: {}, max_completion_tokens: 5 });
  expect(body).toEqual({ model: "m", ...ask, max_tokens: 5 });
  expect(dropped).toEqual(["logit_bias"]);
});

test("a whole answer and a stream keep their thoughts and their usage", () => {
  expectThoughtsAndUsage(cohere, "reasoning_content");
});

test("each dialect has its own place, and a ranking is read with its billed units", async () => {
  const asked: string[] = [];
  const transport = {
    send: async ({ url }: { url: string }) => {
      asked.push(url);
      return new Response();
    },
  };
  const adapter = cohere.provider.createAdapter(transport);
  const attempt = { upstreamModel: "m", body: new Uint8Array(), streamed: false, credential: null };
  for (const dialect of ["openai-chat", "embeddings", "rerank"] as const) {
    await adapter.send({ ...attempt, dialect, clientHeaders: new Headers(), signal: AbortSignal.timeout(1000) });
  }
  expect(asked).toEqual([
    "https://api.cohere.ai/compatibility/v1/chat/completions",
    "https://api.cohere.ai/compatibility/v1/embeddings",
    "https://api.cohere.ai/v2/rerank",
  ]);
  const rerank = adapter.dialects("m").find(({ name }) => name === "rerank");
  const answer = {
    id: "1",
    results: [{ index: 1, relevance_score: 0.9 }],
    meta: { billed_units: { search_units: 1 } },
  };
  expect(rerank?.native?.readAnswer?.(answer)).toMatchObject({ results: [{ index: 1 }], usage: { search_units: 1 } });
});

test("its list names models by `name` and says what each is for", () => {
  const models = [
    { name: "command-a-03-2025", endpoints: ["chat"], context_length: 288000 },
    { name: "embed-v4.0", endpoints: ["embed"], context_length: 128000 },
    { name: "rerank-v3.5", endpoints: ["rerank"], context_length: 4096 },
    { name: "c4ai-summarize", endpoints: ["summarize"] },
  ];
  const read = cohere.provider.readModels({ models });
  expect(read?.map(({ upstreamModel, outputModalities }) => [upstreamModel, outputModalities])).toEqual([
    ["command-a-03-2025", ["text"]],
    ["embed-v4.0", ["embeddings"]],
    ["rerank-v3.5", ["rerank"]],
  ]);
});

test("thinking is asked for in one of its two efforts, of models that think", () => {
  const asked = (reasoning: object) =>
    cohere.sent({ ...ask, reasoning }, "command-a-reasoning-08-2025").body.reasoning_effort;
  expect([asked({ effort: "low" }), asked({ enabled: false })]).toEqual(["high", "none"]);
  expect(cohere.sent({ ...ask, reasoning: { effort: "low" } }, "command-r-plus").dropped).toEqual(["reasoning"]);
});
