import { describe, expect, test } from "bun:test";
import {
  BlockedReason,
  type Candidate,
  FinishReason,
  type GenerateContentResponse,
  MediaModality,
} from "@google/genai";
import fc from "fast-check";
import type { CanonicalEvent } from "../../canonical/events.ts";
import { geminiDialect } from "./dialect.ts";

type Answer = Partial<Pick<GenerateContentResponse, "candidates" | "promptFeedback" | "usageMetadata" | "responseId">>;
const { canonical } = geminiDialect({ takesServiceTier: true });
const whole = (answer: object): CanonicalEvent[] | undefined =>
  canonical?.readAnswer(JSON.parse(JSON.stringify(answer)));
const of = <Kind extends CanonicalEvent["kind"]>(events: CanonicalEvent[] | undefined, kind: Kind) =>
  (events ?? []).filter((event): event is Extract<CanonicalEvent, { kind: Kind }> => event.kind === kind);
const answer = (candidate: Candidate, more: Answer = {}): Answer => ({ candidates: [candidate], ...more });
const hello = { content: { role: "model", parts: [{ text: "Halo" }] } };

describe("why an answer ended", () => {
  test.each([
    [FinishReason.STOP, "stop"],
    [FinishReason.MAX_TOKENS, "length"],
    [FinishReason.SAFETY, "content_filter"],
    [FinishReason.RECITATION, "content_filter"],
    [FinishReason.SPII, "content_filter"],
    [FinishReason.IMAGE_SAFETY, "content_filter"],
    [FinishReason.MODEL_ARMOR, "content_filter"],
    [FinishReason.MALFORMED_FUNCTION_CALL, "error"],
    [FinishReason.UNEXPECTED_TOOL_CALL, "error"],
    [FinishReason.OTHER, "error"],
  ] as const)("%s is %s", (native, reason) => {
    const [finish] = of(whole(answer({ ...hello, finishReason: native })), "finish");
    expect(finish).toMatchObject({ reason, native });
  });

  test("a call makes STOP the end for calls, and a call without an id gets one of its own", () => {
    const parts = [{ functionCall: { name: "f" } }, { functionCall: { name: "g", args: { a: 1 } } }];
    const events = whole(answer({ content: { parts }, finishReason: FinishReason.STOP }, { responseId: "r1" }));
    expect(of(events, "finish")[0]?.reason).toBe("tool_calls");
    expect(of(events, "tool-call").map(({ id }) => id)).toEqual(["call_r1_0", "call_r1_1"]);
    expect(of(events, "tool-arguments").map(({ text }) => text)).toEqual(["{}", '{"a":1}']);
  });

  test("a blocked prompt is a filtered answer, and something else without a candidate is none", () => {
    const blocked: Answer = { promptFeedback: { blockReason: BlockedReason.SAFETY } };
    expect(of(whole(blocked), "finish")[0]).toMatchObject({ reason: "content_filter", native: "SAFETY" });
    expect(whole({})).toBeUndefined();
    expect(whole(answer(hello))).toBeUndefined();
  });

  test("a chunk that says it again ends nothing twice", () => {
    const reader = canonical?.reader();
    const chunk = JSON.stringify(answer({ ...hello, finishReason: FinishReason.STOP }));
    const events = [chunk, chunk].flatMap((data) => reader?.accept(data) ?? []);
    expect([of(events, "finish").length, of(events, "start").length]).toEqual([1, 1]);
  });
});

test("thoughts count as completion, tools' results as prompt, and no token twice", () => {
  const usageMetadata = {
    promptTokenCount: 1_000,
    toolUsePromptTokenCount: 50,
    cachedContentTokenCount: 600,
    candidatesTokenCount: 1_300,
    thoughtsTokenCount: 200,
    promptTokensDetails: [
      { modality: MediaModality.TEXT, tokenCount: 500 },
      { modality: MediaModality.AUDIO, tokenCount: 500 },
    ],
    cacheTokensDetails: [{ modality: MediaModality.AUDIO, tokenCount: 400 }],
    candidatesTokensDetails: [{ modality: MediaModality.IMAGE, tokenCount: 1_290 }],
  };
  const events = whole(answer({ ...hello, finishReason: FinishReason.STOP }, { usageMetadata }));
  expect(of(events, "usage")[0]?.usage).toMatchObject({
    promptTokens: 1_050,
    cachedTokens: 600,
    audioPromptTokens: 100,
    completionTokens: 1_500,
    reasoningTokens: 200,
    imageCompletionTokens: 1_290,
  });
});

test.each([{ promptTokenCount: -5 }, { promptTokenCount: 1e12 }, { promptTokenCount: "9" }, {}])(
  "a count that makes no sense (%j) is no usage",
  (usageMetadata) => {
    const events = whole({ ...answer({ ...hello, finishReason: FinishReason.STOP }), usageMetadata });
    expect(of(events, "usage")).toEqual([]);
  },
);

test("sources are cited once, at places counted in characters", () => {
  const reader = canonical?.reader();
  const chunk = { uri: "https://example.com/a", title: "A" };
  const groundingMetadata = {
    groundingChunks: [{ web: chunk }, { web: { uri: "https://example.com/b" } }],
    groundingSupports: [{ segment: { startIndex: 9, endIndex: 14, text: "pagi." }, groundingChunkIndices: [0, 9] }],
  };
  const said = (text: string, more: object = {}) =>
    JSON.stringify({ candidates: [{ content: { parts: [{ text }] }, groundingMetadata, ...more }] });
  const events = [said("🌅 Sé "), said("pagi.", { finishReason: "STOP" })].flatMap(
    (data) => reader?.accept(data) ?? [],
  );
  // "🌅 Sé " has nine bytes and six characters.
  expect(of(events, "citation").map(({ citation }) => citation)).toEqual([
    { url: "https://example.com/a", title: "A", content: "pagi.", startIndex: 6, endIndex: 11 },
    { url: "https://example.com/b", title: null, content: null, startIndex: null, endIndex: null },
  ]);
});

test("probabilities come in the form of OpenAI's dialect", () => {
  const logprobsResult = {
    chosenCandidates: [{ token: "Hé", logProbability: -0.1 }],
    topCandidates: [{ candidates: [{ token: "Ha", logProbability: -2 }] }],
  };
  const events = whole(answer({ ...hello, finishReason: FinishReason.STOP, logprobsResult }));
  expect(of(events, "logprobs")[0]?.logprobs).toEqual({
    content: [
      {
        token: "Hé",
        logprob: -0.1,
        bytes: [72, 195, 169],
        top_logprobs: [{ token: "Ha", logprob: -2, bytes: [72, 97] }],
      },
    ],
    refusal: null,
  });
});

test("what nobody here knows is passed over, and what is no answer is told", () => {
  const parts = [{ executableCode: { code: "1+1" } }, { codeExecutionResult: { output: "2" } }, { text: "2" }, 7, null];
  const events = whole({ candidates: [{ content: { parts }, finishReason: "STOP" }] });
  expect(of(events, "text").map(({ text }) => text)).toEqual(["2"]);
  for (const broken of ["", "nonsense", "7", "null", "[]"]) expect(canonical?.reader().accept(broken)).toBeUndefined();
  expect(canonical?.reader().accept('[{"error":{"code":503,"message":"Overloaded"}}]')).toEqual([
    { kind: "failure", status: 503, message: "Overloaded" },
  ]);
});

test("no rubbish makes the reader throw, whatever stands where something else was expected", () => {
  const names = ["candidates", "content", "parts", "text", "functionCall", "args", "inlineData", "usageMetadata"];
  const notes = [
    "groundingMetadata",
    "groundingChunks",
    "groundingSupports",
    "logprobsResult",
    "finishReason",
    "error",
  ];
  const { rubbish } = fc.letrec((tie) => ({
    rubbish: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, -1, 1e300, "", "x"),
      fc.array(tie("rubbish"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names, ...notes), tie("rubbish"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(rubbish, (value) => {
      whole(value as object);
      expect(Array.isArray(canonical?.reader().accept(JSON.stringify(value)) ?? [])).toBe(true);
    }),
    { numRuns: 500 },
  );
});
