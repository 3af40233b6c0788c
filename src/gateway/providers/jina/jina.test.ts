import { expect, test } from "bun:test";
import { vendorUnderTest } from "../../../../test/support/vendor.ts";

const jina = vendorUnderTest("jina");

test("what a text is for and the form of its vector are named as there", () => {
  const body = { model: "x", input: ["a"], dimensions: 512, input_type: "search_document", encoding_format: "base64" };
  expect(jina.plain("embeddings", body)).toEqual({
    model: "m",
    input: ["a"],
    dimensions: 512,
    task: "retrieval.passage",
    embedding_type: "base64",
  });
  expect(jina.plain("embeddings", { model: "x", input: "a" })).toEqual({ model: "m", input: "a" });
});

test("it has no chat, and its models are for what they do", () => {
  expect(jina.adapter.dialects("m").map(({ name }) => name)).toEqual(["embeddings", "rerank"]);
  const list = { data: [{ id: "jina-embeddings-v3" }, { id: "jina-reranker-v3" }] };
  expect(jina.provider.readModels(list)?.map(({ outputModalities }) => outputModalities)).toEqual([
    ["embeddings"],
    ["rerank"],
  ]);
});
