import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

const perplexity = vendorUnderTest("perplexity");
const usage = {
  prompt_tokens: 12,
  completion_tokens: 7,
  total_tokens: 19,
  cost: { input_tokens_cost: 0.000012, output_tokens_cost: 0.000007, request_cost: 0.005, total_cost: 0.005019 },
};
const search_results = [{ title: "Bandung", url: "https://example.com/bandung", date: "2026-01-01" }];

test("tools and other fields that it does not know are left out", () => {
  const { body, dropped } = perplexity.sent({ ...ask, tools: [], seed: 1, search_domain_filter: ["example.com"] });
  expect(body).toEqual({ model: "m", ...ask, search_domain_filter: ["example.com"] });
  expect(dropped).toEqual(["tools", "seed"]);
});

test("the pages that were searched become annotations, once, whole and streamed", () => {
  const message = { role: "assistant", content: "Di Jawa Barat." };
  const answer = { id: "1", choices: [{ index: 0, finish_reason: "stop", message }], usage, search_results };
  const annotations = [
    { type: "url_citation", url_citation: { url: "https://example.com/bandung", title: "Bandung" } },
  ];
  expect(perplexity.whole(answer)).toMatchObject({
    choices: [{ message: { annotations } }],
    usage: { completion_tokens: 7 },
  });
  const { deltas, notes } = perplexity.streamed([
    { ...chunkOf({ role: "assistant", content: "Di " }), search_results, usage },
    { ...chunkOf({ content: "Jawa Barat." }, { finish_reason: "stop" }), search_results, usage },
  ]);
  expect(deltas[0]).not.toHaveProperty("annotations");
  expect(deltas[1]).toMatchObject({ annotations });
  expect(notes.usage).toMatchObject({ completionTokens: 7, reportedCostUsd: 0.005019 });
});

test("without a list of its own it offers the models of the price book", () => {
  expect(perplexity.provider.fixedModels).toContain("sonar-pro");
});

test("an effort is asked of the models that think, and the reported cost is what is charged", () => {
  const asked = (model: string) => perplexity.sent({ ...ask, reasoning: { effort: "xhigh" } }, model);
  expect(asked("sonar-deep-research").body).toMatchObject({ reasoning_effort: "high" });
  expect(asked("sonar-pro").dropped).toEqual(["reasoning"]);
  expect(perplexity.provider.reportsCost).toBe(true);
});

test("thoughts that stand before the answer are taken out of it", () => {
  const message = { role: "assistant", content: "<think>They ask.</think>\n\nDi Jawa Barat." };
  expect(perplexity.whole({ id: "1", choices: [{ index: 0, finish_reason: "stop", message }], usage })).toMatchObject({
    choices: [{ message: { content: "Di Jawa Barat.", reasoning: "They ask." } }],
  });
});
