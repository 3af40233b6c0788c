import { expect, test } from "bun:test";
import type { JsonObject } from "../../../kernel/json.ts";
import { bedrockEmbeddings } from "./embeddings.ts";
import { bedrockRerank } from "./rerank.ts";

const TITAN = "amazon.titan-embed-text-v2:0";
const EMBED_4 = "eu.cohere.embed-v4:0";
const NOVA = "amazon.nova-2-multimodal-embeddings-v1:0";
const adaptedOf = (model: string) => {
  const adapted = (bedrockEmbeddings("Bedrock", model) ?? bedrockRerank("Bedrock", model))?.adapted;
  if (!adapted) throw new Error(`${model} is not known`);
  return adapted;
};
const written = (model: string, body: JsonObject) =>
  adaptedOf(model).write({ model: "x", ...body }, { upstreamModel: model, streamed: false });
const read = (answer: object, headers: Record<string, string> = {}) =>
  adaptedOf(TITAN).readAnswer(JSON.parse(JSON.stringify(answer)), new Headers(headers));
const picture = { type: "image_url", image_url: { url: "data:image/png;base64,iVBO" } };

test("Titan reads one text, in the size that is asked for where it knows sizes", () => {
  const body = { input: ["halo"], dimensions: 256, input_type: "search_query" };
  expect(written(TITAN, body)).toEqual({ body: { inputText: "halo", dimensions: 256 }, dropped: ["input_type"] });
  expect(written("amazon.titan-embed-text-v1", body)).toEqual({
    body: { inputText: "halo" },
    dropped: ["dimensions", "input_type"],
  });
  expect(() => written(TITAN, { input: ["a", "b"] })).toThrow("2 inputs in one request; it takes at most one input");
});

test("Titan's model of pictures reads a text, a picture, or both", () => {
  const model = "amazon.titan-embed-image-v1";
  expect(written(model, { input: [{ content: [picture] }] }).body).toEqual({ inputImage: "iVBO" });
  const both = { content: [{ type: "text", text: "kucing" }, picture] };
  expect(written(model, { input: [both], dimensions: 384 }).body).toEqual({
    inputText: "kucing",
    inputImage: "iVBO",
    embeddingConfig: { outputEmbeddingLength: 384 },
  });
  expect(() => written(model, { input: [{ content: [picture, picture] }] })).toThrow("several pictures");
});

test("Nova is told a purpose, and cuts no text in silence", () => {
  expect(written(NOVA, { input: "halo", dimensions: 1024, input_type: "search_query" }).body).toEqual({
    taskType: "SINGLE_EMBEDDING",
    singleEmbeddingParams: {
      embeddingPurpose: "GENERIC_RETRIEVAL",
      embeddingDimension: 1024,
      text: { truncationMode: "NONE", value: "halo" },
    },
  });
  expect(written(NOVA, { input: [{ content: [picture] }] }).body).toMatchObject({
    singleEmbeddingParams: {
      embeddingPurpose: "GENERIC_INDEX",
      image: { format: "png", source: { bytes: "iVBO" } },
    },
  });
  expect(() => written(NOVA, { input: [{ content: [picture, picture] }] })).toThrow("several parts");
});

test("Cohere reads many texts, always told what for, and from its fourth version sizes and pictures", () => {
  const texts = { input: ["satu", "dua"], dimensions: 512 };
  const plain = { texts: ["satu", "dua"], input_type: "search_document", embedding_types: ["float"] };
  expect(written("cohere.embed-multilingual-v3", texts)).toEqual({ body: plain, dropped: ["dimensions"] });
  expect(written(EMBED_4, { ...texts, input_type: "clustering" })).toEqual({
    body: { ...plain, input_type: "clustering", output_dimension: 512 },
    dropped: [],
  });
  const caption = { type: "text", text: "kucing" };
  const mixed = { content: [caption, picture] };
  expect(written(EMBED_4, { input: [mixed] }).body.inputs).toEqual([
    { content: [caption, { type: "image_url", image_url: "data:image/png;base64,iVBO" }] },
  ]);
  expect(() => written("cohere.embed-english-v3", { input: [mixed] })).toThrow("reads texts alone");
  const far = { content: [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }] };
  expect(() => written(EMBED_4, { input: [far] })).toThrow("data: URL");
  expect(() => written(EMBED_4, { input: Array.from({ length: 97 }, () => "x") })).toThrow("at most 96 inputs");
  expect(() => written(EMBED_4, { input: [1, 2] })).toThrow("token numbers");
});

test("every shape of answer is read, with the tokens of the body or of Bedrock's header", () => {
  const vector = [0.5, -0.5];
  const one = [{ object: "embedding", index: 0, embedding: vector }];
  const titan = { embedding: vector, embeddingsByType: { float: vector }, inputTextTokenCount: 3 };
  expect(read(titan)).toEqual({ object: "list", data: one, usage: { prompt_tokens: 3, total_tokens: 3 } });
  const counted = { "x-amzn-bedrock-input-token-count": "9" };
  const cohere = { id: "1", response_type: "embeddings_by_type", embeddings: { float: [vector, [1, 2]] }, texts: [] };
  expect(read(cohere, counted)).toMatchObject({
    data: [one[0], { index: 1, embedding: [1, 2] }],
    usage: { prompt_tokens: 9 },
  });
  expect(read({ response_type: "embeddings_floats", embeddings: [vector] })).toEqual({ object: "list", data: one });
  expect(read({ embeddings: [{ embeddingType: "TEXT", embedding: vector }] }, counted)).toMatchObject({ data: one });
  expect(read({ embedding: vector }, { "x-amzn-bedrock-input-token-count": "many" })).not.toHaveProperty("usage");
  expect(read({ embeddings: { float: [["x"]] } })).toBeUndefined();
});

test("a ranking is asked for in Cohere's or Amazon's words, of texts alone", () => {
  const body = { query: "q", documents: ["a", { text: "b" }], top_n: 1, user: "siti" };
  const plain = { query: "q", documents: ["a", "b"], top_n: 1 };
  expect(written("cohere.rerank-v3-5:0", body)).toEqual({ body: { ...plain, api_version: 2 }, dropped: ["user"] });
  expect(written("amazon.rerank-v1:0", body).body).toEqual(plain);
  expect(() => written("amazon.rerank-v1:0", { query: "q", documents: [{ image: "x" }] })).toThrow("texts alone");
  const answer = { results: [{ index: 1, relevance_score: 0.9 }] };
  expect(adaptedOf("amazon.rerank-v1:0").readAnswer(answer, new Headers())).toEqual(answer);
  expect(adaptedOf("amazon.rerank-v1:0").readAnswer({ message: "?" }, new Headers())).toBeUndefined();
});

test("models that chat are not taken for models of vectors or rankings", () => {
  for (const model of ["amazon.nova-lite-v1:0", "cohere.command-r-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0"]) {
    expect([bedrockEmbeddings("B", model), bedrockRerank("B", model)]).toEqual([undefined, undefined]);
  }
});
