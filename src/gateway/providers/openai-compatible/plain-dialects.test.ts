import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../../kernel/json.ts";
import { NO_TOKENS } from "../../call.ts";
import { embeddings } from "../../ingress/embeddings/dialect.ts";
import { parseBody } from "../../ingress/read-body.ts";
import { rerank } from "../../ingress/rerank/dialect.ts";
import { rerankDialect } from "./plain-dialects.ts";

const nobody = { exampleModel: "gpt-3.5", modelsUrl: "http://localhost:8787/api/v1/models" };
const identity = { generationId: "gen-1", model: "acme/m", provider: "Acme", createdSeconds: 7, requestId: "req_1" };
const bodyOf = (body: object) =>
  parseBody(new Uint8Array(new TextEncoder().encode(JSON.stringify(body))), { maxBytes: 1e6, maxDepth: 64 });
const charge = { costNano: 5n, priceVersion: "v" };

/** A provider's answer as the client gets it, and the tokens that are billed. */
function ranked(answer: JsonObject): { body: JsonObject; promptTokens: number | undefined } | undefined {
  const request = rerank.read(bodyOf({ model: "acme/m", query: "q", documents: ["a", { text: "b", id: 7 }] }), nobody);
  const own = rerankDialect().native?.readAnswer?.(answer) ?? answer;
  const notes = rerank.native.readAnswer(own, request);
  if (!notes) return undefined;
  const usage = notes.usage ?? { ...NO_TOKENS, estimated: true };
  const body = rerank.native.finishAnswer(own, { identity, request, billed: { usage, charge } });
  return { body, promptTokens: notes.usage?.promptTokens };
}

describe("a ranking is the same for the client, whoever made it", () => {
  const order = [
    { index: 1, relevance_score: 0.9 },
    { index: 0, relevance_score: 0.2 },
  ];
  const forms: Record<string, [answer: JsonObject, tokens: number | undefined, usage: JsonObject]> = {
    "Cohere, in search units": [
      { id: "x", results: order, meta: { api_version: { version: "2" }, billed_units: { search_units: 1 } } },
      undefined,
      { search_units: 1 },
    ],
    "Voyage, under data": [{ object: "list", data: order, model: "rerank-2.5", usage: { total_tokens: 26 } }, 26, {}],
    "Jina, with documents": [
      { model: "j", usage: { total_tokens: 15 }, results: order.map((one) => ({ ...one, document: { text: "?" } })) },
      15,
      {},
    ],
    "Together, with tokens of both kinds": [
      {
        object: "rerank",
        id: "oGs6Zt9-62bZhn",
        model: "x",
        results: order,
        usage: { prompt_tokens: 1837, completion_tokens: 0, total_tokens: 1837 },
      },
      1837,
      {},
    ],
    "vLLM, with its tokens": [{ id: "r", model: "x", usage: { total_tokens: 56 }, results: order }, 56, {}],
    "servers that call it a score": [
      { results: order.map(({ index, relevance_score: score }) => ({ index, score })) },
      undefined,
      {},
    ],
    "servers that count under meta": [{ results: order, meta: { tokens: { input_tokens: 9 } } }, 9, {}],
  };
  for (const [name, [answer, tokens, usage]] of Object.entries(forms)) {
    test(name, () => {
      const told = ranked(answer);
      expect(told?.promptTokens).toEqual(tokens);
      expect(told?.body).toMatchObject({
        id: "gen-1",
        model: "acme/m",
        provider: "Acme",
        results: [
          { index: 1, relevance_score: 0.9, document: { text: "b", id: 7 } },
          { index: 0, relevance_score: 0.2, document: { text: "a" } },
        ],
        usage: { ...usage, cost: 5e-9 },
      });
    });
  }
});

test("a ranking of documents that nobody sent, or without scores, is none", () => {
  for (const result of [{ index: 2, relevance_score: 1 }, { index: -1, relevance_score: 1 }, { index: 0 }, "?"]) {
    expect(ranked({ results: [result] })).toBeUndefined();
  }
  expect(ranked({ error: "?" })).toBeUndefined();
});

describe("vectors", () => {
  const usage = { ...NO_TOKENS, promptTokens: 2, estimated: false };
  const told = (asked: object, vectors: (number[] | string)[]) => {
    const request = embeddings.read(bodyOf({ model: "acme/m", ...asked }), nobody);
    const answer = { data: vectors.map((embedding) => ({ embedding })), usage: { total_tokens: 2 } };
    if (!embeddings.native.readAnswer(answer, request)) return undefined;
    const { data } = embeddings.native.finishAnswer(answer, { identity, request, billed: { usage, charge } });
    return (data as JsonObject[]).map(({ embedding }) => embedding);
  };
  const packed = new Uint8Array(new Float32Array([0.5, -2]).buffer).toBase64();

  test("are base64 where that was asked for, whoever made numbers of them; else they stay as they came", () => {
    expect(told({ input: "a", encoding_format: "base64" }, [[0.5, -2]])).toEqual([packed]);
    expect(told({ input: "a", encoding_format: "base64" }, [packed])).toEqual([packed]);
    expect(told({ input: "a", encoding_format: "float" }, [[0.5, -2]])).toEqual([[0.5, -2]]);
    expect(told({ input: "a" }, [[0.5, -2]])).toEqual([[0.5, -2]]);
  });

  test("are as many as the inputs, or the answer is none", () => {
    expect(told({ input: ["a", "b"] }, [[1], [2]])).toHaveLength(2);
    expect(told({ input: ["a", "b"] }, [[1]])).toBeUndefined();
    expect(told({ input: [1, 2, 3] }, [[1]])).toHaveLength(1);
    expect(told({ input: [[1, 2], [3]] }, [[1]])).toBeUndefined();
  });
});
