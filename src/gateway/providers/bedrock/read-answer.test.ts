import { describe, expect, test } from "bun:test";
import type { ConverseStreamOutput, StopReason, TokenUsage } from "@aws-sdk/client-bedrock-runtime";
import fc from "fast-check";
import type { CanonicalEvent } from "../../canonical/events.ts";
import { converseDialect } from "./dialect.ts";

const claude = converseDialect("Amazon Bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0").canonical;
const llama = converseDialect("Amazon Bedrock", "meta.llama3-3-70b-instruct-v1:0").canonical;

const whole = (answer: object) => claude?.readAnswer(JSON.parse(JSON.stringify(answer)));
const ended = (stopReason: StopReason, usage: Partial<TokenUsage> = {}) =>
  whole({ output: { message: { role: "assistant", content: [{ text: "Halo" }] } }, stopReason, usage });
const of = <Kind extends CanonicalEvent["kind"]>(events: CanonicalEvent[] | undefined, kind: Kind) =>
  (events ?? []).filter((event): event is Extract<CanonicalEvent, { kind: Kind }> => event.kind === kind);

/** One event of a stream, as the framing gives it. */
function eventText(event: ConverseStreamOutput): string {
  const [type, payload] = Object.entries(event)[0] ?? ["", {}];
  return JSON.stringify({ ...(payload as object), type });
}

test.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["tool_use", "tool_calls"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["guardrail_intervened", "content_filter"],
  ["content_filtered", "content_filter"],
  ["malformed_tool_use", "error"],
] as const)("an answer that ended with %s ended with %s", (native, reason) => {
  expect(of(ended(native), "finish")[0]).toMatchObject({ reason, native });
});

describe("usage", () => {
  test("what was read from the cache and written to it is a part of the prompt", () => {
    const usage: TokenUsage = {
      inputTokens: 10,
      outputTokens: 5,
      totalTokens: 115,
      cacheReadInputTokens: 70,
      cacheWriteInputTokens: 30,
      cacheDetails: [
        { ttl: "5m", inputTokens: 10 },
        { ttl: "1h", inputTokens: 20 },
      ],
    };
    expect(of(ended("end_turn", usage), "usage")[0]?.usage).toMatchObject({
      promptTokens: 110,
      cachedTokens: 70,
      cacheWriteTokens: 30,
      cacheWrite1hTokens: 20,
      completionTokens: 5,
    });
  });

  test.each([{}, { inputTokens: 1 }, { inputTokens: -1, outputTokens: 1 }, { inputTokens: 1e15, outputTokens: 1 }])(
    "counts that make no sense (%j) are none",
    (usage) => expect(of(ended("end_turn", usage), "usage")).toEqual([]),
  );
});

test("only Claude's thoughts are named as ones that can be given back", () => {
  const delta: ConverseStreamOutput = {
    contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { text: "Hm" } } },
  };
  const formats = [claude, llama].map(
    (one) => of(one?.reader().accept(eventText(delta)), "reasoning")[0]?.detail.format,
  );
  expect(formats).toEqual(["anthropic-claude-v1", null]);
});

test("a source on the web is cited, one in the request's own documents has no address to cite", () => {
  const citations = [
    { title: "A", location: { web: { url: "https://example.com/a" } }, sourceContent: [{ text: "quoted" }] },
    { title: "B", location: { documentPage: { documentIndex: 0, start: 1, end: 2 } } },
  ];
  const content = [{ citationsContent: { content: [{ text: "Halo" }], citations } }];
  const events = whole({ output: { message: { role: "assistant", content } }, stopReason: "end_turn" });
  expect(of(events, "text").map(({ text }) => text)).toEqual(["Halo"]);
  expect(of(events, "citation").map(({ citation }) => [citation.url, citation.content])).toEqual([
    ["https://example.com/a", "quoted"],
  ]);
});

test.each([
  ["throttlingException", 429],
  ["validationException", 400],
  ["internalServerException", 500],
  ["somethingNewException", 502],
  ["error", 502],
])("%s in a stream is a failure with the status %d", (type, status) => {
  const text = JSON.stringify({ message: "So it is.", type });
  expect(claude?.reader().accept(text)).toEqual([{ kind: "failure", status, message: "So it is." }]);
});

test("no rubbish makes the reader throw, whatever stands where something else was expected", () => {
  const names = ["output", "message", "content", "text", "toolUse", "input", "usage", "delta", "start", "stopReason"];
  const types = ["contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata", "later"];
  const { rubbish } = fc.letrec((tie) => ({
    rubbish: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, -1, 1e300, "", "x"),
      fc.array(tie("rubbish"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names, "reasoningContent", "image", "citation"), tie("rubbish"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(rubbish, fc.constantFrom(...types), (value, type) => {
      claude?.readAnswer(value as never);
      const text = JSON.stringify(typeof value === "object" && value !== null ? { ...value, type } : value);
      expect(Array.isArray(claude?.reader().accept(text) ?? [])).toBe(true);
    }),
    { numRuns: 500 },
  );
});
