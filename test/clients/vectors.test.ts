/** Embeddings and reranking, with the official packages against the running server. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OpenRouter } from "@openrouter/sdk";
import OpenAI from "openai";
import { startServer, type TestServer } from "../support/server.ts";
import type { Visitor } from "../support/visitor.ts";

let server: TestServer;
let person: Visitor;
let apiKey: string;
let openai: OpenAI;
let openrouter: OpenRouter;

beforeAll(async () => {
  server = await startServer();
  person = await server.visitor().join("siti@example.com");
  apiKey = (await person.createKey()).secret;
  openai = new OpenAI({ baseURL: `${server.url}/api/v1`, apiKey, maxRetries: 0 });
  openrouter = new OpenRouter({ apiKey, serverURL: `${server.url}/api/v1` });
});
afterAll(() => server.stop());

const model = "sandbox/embedding";
const texts = ["kopi hitam tanpa gula", "kopi hitam dengan gula", "harga tiket kereta api"];
const product = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, index) => sum + x * (b[index] ?? 0), 0);

test("the openai package gets one vector per text, the nearer texts nearer, in both encodings the same", async () => {
  const plain = await openai.embeddings.create({ model, input: texts, encoding_format: "float" });
  const [first, second, third] = plain.data.map(({ embedding }) => embedding);
  if (!first || !second || !third) throw new Error("three vectors were asked for");
  expect(plain.data.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(product(first, second)).toBeGreaterThan(product(first, third));
  // The package asks for base64 by itself and decodes it.
  const packed = await openai.embeddings.create({ model, input: texts });
  expect(packed.data[0]?.embedding[0]).toBeCloseTo(first[0] ?? Number.NaN, 5);
  expect(plain.usage.prompt_tokens).toBeGreaterThan(0);
});

test("the answer of embeddings and of reranking parses through OpenRouter's own package", async () => {
  const vectors = await openrouter.embeddings.generate({
    requestBody: { model, input: texts[0] ?? "", dimensions: 8 },
  });
  if (typeof vectors === "string") throw new Error("a stream was not asked for");
  expect(vectors.data[0]?.embedding).toHaveLength(8);
  const ranked = await openrouter.rerank.rerank({
    requestBody: { model: "sandbox/rerank", query: "berapa harga tiket?", documents: texts, topN: 2 },
  });
  if (typeof ranked === "string") throw new Error("a stream was not asked for");
  expect(ranked.results.map(({ index }) => index)[0]).toBe(2);
  expect(ranked.results).toHaveLength(2);
  expect(ranked.results[0]?.document.text).toBe(texts[2] ?? "");
});

test("an embedding is kept in the record of usage like any other call", async () => {
  const answer = await person.call("/api/v1/embeddings", {
    body: { model, input: "satu dua tiga" },
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const { id } = answer.body as { id: string };
  expect(answer.headers.get("x-generation-id")).toBe(id);
  const activity = await person.call("/api/dashboard/activity");
  expect(JSON.stringify(activity.body)).toContain(id);
});

test("a wrong body is named field by field, and a model of another kind is refused", async () => {
  const ask = async (path: string, body: object) => {
    const answer = await person.call(path, { body, headers: { authorization: `Bearer ${apiKey}` } });
    const { error } = answer.body as { error: { message: string } };
    return `${answer.status} ${error.message}`;
  };
  expect(await ask("/api/v1/embeddings", { model })).toStartWith("400 input: is missing");
  expect(await ask("/api/v1/embeddings", { model, input: [] })).toStartWith("400 input: must hold");
  expect(await ask("/api/v1/embeddings", { model, input: ["a", 1] })).toStartWith(
    "400 input[1]: must be of the same kind",
  );
  expect(await ask("/api/v1/embeddings", { model, input: "a", dimensions: 0 })).toStartWith("400 dimensions:");
  expect(await ask("/api/v1/embeddings", { model: "sandbox/chat", input: "a" })).toStartWith(
    "400 Sandbox cannot answer",
  );
  expect(await ask("/api/v1/rerank", { model: "sandbox/rerank", query: "a", documents: [{}] })).toStartWith(
    "400 documents[0]",
  );
  expect(await ask("/api/v1/chat/completions", { model, messages: [{ role: "user", content: "a" }] })).toStartWith(
    "400",
  );
});
