import { expect, test } from "bun:test";
import { vendorUnderTest } from "../../../../test/support/vendor.ts";
import { embeddings } from "../../ingress/embeddings/dialect.ts";

const voyage = vendorUnderTest("voyage");

test("sizes, purposes and formats are named as there", () => {
  const body = { model: "x", input: "a", dimensions: 512, input_type: "search_query", encoding_format: "float" };
  expect(voyage.plain("embeddings", body)).toEqual({
    model: "m",
    input: "a",
    output_dimension: 512,
    input_type: "query",
  });
  expect(voyage.plain("embeddings", { model: "x", input: "a", encoding_format: "base64" })).toEqual({
    model: "m",
    input: "a",
    encoding_format: "base64",
  });
});

test("a ranking is asked for and read in its words", () => {
  const asked = voyage.plain("rerank", { model: "x", query: "q", documents: ["a", "b"], top_n: 1 });
  expect(asked).toEqual({ model: "m", query: "q", documents: ["a", "b"], top_k: 1 });
  const rerank = voyage.adapter.dialects("m").find(({ name }) => name === "rerank");
  const answer = { object: "list", data: [{ index: 1, relevance_score: 0.8 }], usage: { total_tokens: 26 } };
  expect(rerank?.native?.readAnswer?.(answer)).toMatchObject({ results: [{ index: 1, relevance_score: 0.8 }] });
});

test("it has no chat, and offers the models of the price book, each for what it does", () => {
  expect(voyage.adapter.dialects("m").map(({ name }) => name)).toEqual(["embeddings", "rerank"]);
  expect(voyage.provider.fixedModels).toContain("voyage-3.5");
  expect(voyage.provider.readModels({ data: [{ id: "voyage-3.5" }, { id: "rerank-2.5" }] })).toMatchObject([
    { outputModalities: ["embeddings"], price: { promptNanoPerMillion: 60_000_000n } },
    { outputModalities: ["rerank"] },
  ]);
});

test("tokens that are counted in total alone are billed", () => {
  const answer = {
    object: "list",
    data: [{ object: "embedding", index: 0, embedding: [0.1] }],
    usage: { total_tokens: 9 },
  };
  expect(embeddings.native.readAnswer(answer)?.usage).toMatchObject({ promptTokens: 9, estimated: false });
});
