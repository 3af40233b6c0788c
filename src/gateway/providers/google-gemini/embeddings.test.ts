import { expect, test } from "bun:test";
import type { ContentEmbedding, EmbedContentResponse } from "@google/genai";
import type { JsonObject } from "../../../kernel/json.ts";
import { embeddingOperation, type GeminiService, geminiEmbeddings } from "./embeddings.ts";

const FIRST = "gemini-embedding-001";
const SECOND = "gemini-embedding-2";
const written = (body: JsonObject, upstreamModel = FIRST, service: GeminiService = "ai-studio") => {
  const { adapted } = geminiEmbeddings(service, "Google");
  if (!adapted) throw new Error("embeddings are adapted");
  return adapted.write({ model: "google/x", ...body }, { upstreamModel, streamed: false });
};
const read = (answer: object) =>
  geminiEmbeddings("vertex", "Google").adapted?.readAnswer(JSON.parse(JSON.stringify(answer)), new Headers());

test("each text is a request of its own, in order, with its size and purpose", () => {
  const asked = { input: ["satu", "dua"], dimensions: 768, input_type: "search_query", encoding_format: "base64" };
  const wish = { model: `models/${FIRST}`, taskType: "RETRIEVAL_QUERY", outputDimensionality: 768 };
  expect(written(asked)).toEqual({
    body: {
      requests: [
        { ...wish, content: { parts: [{ text: "satu" }] } },
        { ...wish, content: { parts: [{ text: "dua" }] } },
      ],
    },
    dropped: [],
  });
  expect(written({ input: "satu" }).body).toEqual({
    requests: [{ model: `models/${FIRST}`, content: { parts: [{ text: "satu" }] } }],
  });
});

test("every purpose has Google's word, its own words are taken too, and an unknown one is reported", () => {
  const taskOf = (input_type: string) => {
    const { body, dropped } = written({ input: "x", input_type }, "text-embedding-005", "vertex");
    const [instance] = body.instances as JsonObject[];
    return [instance?.task_type, dropped];
  };
  expect(taskOf("search_document")).toEqual(["RETRIEVAL_DOCUMENT", []]);
  expect(taskOf("classification")).toEqual(["CLASSIFICATION", []]);
  expect(taskOf("clustering")).toEqual(["CLUSTERING", []]);
  expect(taskOf("SEMANTIC_SIMILARITY")).toEqual(["SEMANTIC_SIMILARITY", []]);
  expect(taskOf("constructor")).toEqual([undefined, ["input_type"]]);
});

test("what Google has no word for is reported, what the gateway does itself and what is null are not", () => {
  const body = { input: "x", user: "siti", seed: 1, dimensions: null, provider: { sort: "price" }, stream: false };
  expect(written(body).dropped).toEqual(["user", "seed"]);
});

test("a newer Gemini reads pictures beside texts, and is told no purpose", () => {
  const picture = { type: "image_url", image_url: { url: "data:image/png;base64,iVBO" } };
  const input = [{ content: [{ type: "text", text: "kucing" }, picture] }];
  const content = { parts: [{ text: "kucing" }, { inlineData: { mimeType: "image/png", data: "iVBO" } }] };
  expect(written({ input, input_type: "search_query", dimensions: 768 }, SECOND)).toEqual({
    body: { requests: [{ model: `models/${SECOND}`, content, outputDimensionality: 768 }] },
    dropped: ["input_type"],
  });
  expect(written({ input, dimensions: 768 }, SECOND, "vertex").body).toEqual({
    content,
    embedContentConfig: { outputDimensionality: 768 },
  });
  expect(() => written({ input })).toThrow("pictures");
});

test("Vertex has the older operation for models of texts and the newer for the rest", () => {
  expect(embeddingOperation("vertex", FIRST)).toBe("predict");
  expect(embeddingOperation("vertex", "text-multilingual-embedding-002")).toBe("predict");
  expect(embeddingOperation("vertex", SECOND)).toBe("embedContent");
  expect(embeddingOperation("ai-studio", SECOND)).toBe("batchEmbedContents");
  expect(written({ input: ["a", "b"], dimensions: 256 }, "text-embedding-005", "vertex").body).toEqual({
    instances: [{ content: "a" }, { content: "b" }],
    parameters: { outputDimensionality: 256 },
  });
});

test("more inputs than the operation takes, and token numbers, are refused with what to do", () => {
  const texts = (length: number) => Array.from({ length }, (_, index) => `text ${index}`);
  expect(() => written({ input: texts(101) })).toThrow("at most 100 inputs, so send several requests");
  expect(() => written({ input: texts(2) }, FIRST, "vertex")).toThrow("at most one input");
  expect(() => written({ input: texts(251) }, "text-embedding-005", "vertex")).toThrow("at most 250");
  expect(() => written({ input: [1, 2, 3] })).toThrow("token numbers");
  expect(() => written({ input: [[1], [2]] })).toThrow("token numbers");
  expect(() => written({ input: [{ content: [] }] }, SECOND)).toThrow("input[0].content");
  expect(() => written({ input: [{ content: [{ type: "smell" }] }] }, SECOND)).toThrow("input[0].content[0].type");
});

test("the answer of each operation becomes the same, in order, with what was used where that is said", () => {
  const embeddings: ContentEmbedding[] = [{ values: [0.1, -0.2] }, { values: [0.3, 0.4] }];
  const data = [
    { object: "embedding", index: 0, embedding: [0.1, -0.2] },
    { object: "embedding", index: 1, embedding: [0.3, 0.4] },
  ];
  expect(read({ embeddings } satisfies Partial<EmbedContentResponse>)).toEqual({ object: "list", data });
  const usageMetadata = { promptTokenCount: 7 };
  expect(read({ embeddings, usageMetadata })).toMatchObject({ data, usage: { prompt_tokens: 7, total_tokens: 7 } });
  const promptTokensDetails = [{ modality: "IMAGE", tokenCount: 258 }];
  expect(
    read({ embedding: embeddings[0], usageMetadata: { promptTokenCount: 260, promptTokensDetails } }),
  ).toMatchObject({
    data: data.slice(0, 1),
    usage: { prompt_tokens: 260, prompt_tokens_details: { image_tokens: 258 } },
  });
  const predicted = (at: number, token_count: number) => ({
    embeddings: { values: embeddings[at]?.values, statistics: { token_count, truncated: false } },
  });
  expect(read({ predictions: [predicted(0, 3), predicted(1, 4)] })).toMatchObject({
    data,
    usage: { prompt_tokens: 7 },
  });
  expect(read({ predictions: [{ embeddings: { values: [1] } }] })).not.toHaveProperty("usage");
});

test("an answer without numbers is none", () => {
  expect(read({ embeddings: [{ values: [0.1] }, {}] })).toBeUndefined();
  expect(read({ embeddings: [{ values: [] }] })).toBeUndefined();
  expect(read({ embeddings: [{ values: ["x"] }] })).toBeUndefined();
  expect(read({ predictions: [null] })).toBeUndefined();
});
