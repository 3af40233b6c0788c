import { expect, test } from "bun:test";
import fc from "fast-check";
import type { ResponseCreateParams } from "openai/resources/responses/responses";
import {
  CALL,
  eventsOf,
  MESSAGE,
  REASONING,
  responseWith,
} from "../../../../test/support/upstreams/openai-responses.ts";
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import type { CanonicalEvent } from "../../canonical/events.ts";
import { openAiResponses } from "../../ingress/openai-responses/dialect.ts";
import { sealThought } from "../../ingress/openai-responses/sealed-thoughts.ts";
import { parseBody } from "../../ingress/read-body.ts";
import { responsesDialect } from "./responses-dialect.ts";

const hints = { exampleModel: "gpt-3.5", modelsUrl: "http://localhost:8787/api/v1/models" };
const target = { upstreamModel: "m", streamed: false };
const dialect = responsesDialect({ efforts: () => ["low", "medium", "high"] });
const { canonical, native } = dialect;
if (!canonical || !native) throw new Error("both sides are there");

const json = (value: object) => JSON.parse(JSON.stringify(value)) as JsonObject;
function canonicalOf(body: object) {
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(body)));
  const read = openAiResponses.canonical?.read(
    openAiResponses.read(parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 }), hints),
  );
  if (!read) throw new Error("no canonical form");
  return read;
}

const everything: ResponseCreateParams = {
  model: "m",
  instructions: "Be brief.",
  input: [
    { type: "message", role: "developer", content: "Answer in Indonesian." },
    {
      type: "message",
      role: "user",
      content: [
        { type: "input_text", text: "Apa ini?" },
        { type: "input_image", detail: "low", image_url: "https://example.com/a.png" },
        { type: "input_image", detail: "auto", image_url: "data:image/png;base64,AAAA" },
        { type: "input_image", detail: "auto", file_id: "file_2" },
        { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,CCCC" },
        { type: "input_file", file_url: "https://example.com/a.pdf" },
        { type: "input_file", file_id: "file_1" },
      ],
    },
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm" }], encrypted_content: "xyz" },
    {
      type: "message",
      role: "assistant",
      content: [{ type: "output_text", text: "Sebentar." } as never],
    },
    { type: "function_call", call_id: "call_1", name: "look", arguments: '{"at":1}' },
    { type: "function_call", call_id: "call_2", name: "look", arguments: '{"at":2}' },
    { type: "function_call_output", call_id: "call_1", output: "a cat" },
    {
      type: "function_call_output",
      call_id: "call_2",
      output: [
        { type: "input_text", text: "this:" },
        { type: "input_image", detail: "auto", image_url: "data:image/png;base64,BBBB" },
      ],
    },
  ],
  temperature: 0.5,
  top_p: 0.9,
  include: ["message.output_text.logprobs", "reasoning.encrypted_content"],
  top_logprobs: 2,
  max_output_tokens: 100,
  tools: [
    { type: "function", name: "look", description: "Looks", parameters: { type: "object" }, strict: true },
    { type: "web_search" },
  ],
  tool_choice: { type: "function", name: "look" },
  parallel_tool_calls: false,
  text: { format: { type: "json_schema", name: "n", schema: { type: "object" }, strict: true }, verbosity: "low" },
  reasoning: { effort: "low", summary: "auto" },
  service_tier: "flex",
  user: "u1",
  metadata: { a: "b" },
  prompt_cache_key: "k",
  store: false,
};

test("a Responses request that goes through the canonical form comes out as it went in", () => {
  const { body, dropped } = canonical.write(canonicalOf(everything), target);
  expect(body).toEqual(json(everything));
  expect(dropped).toEqual([]);
});

test("what the dialect has no word for is left out and named; what asks for nothing special is not named", () => {
  const read = canonicalOf({ model: "m", input: "Halo", frequency_penalty: 0, top_k: 5, seed: 7, stop: ["END"] });
  const { body, dropped } = canonical.write(read, target);
  expect([...dropped].sort()).toEqual(["seed", "stop", "top_k"]);
  expect(Object.keys(body).sort()).toEqual(["include", "input", "model", "store"]);
});

test("a body that passes through keeps its bytes but for the model, what steers the gateway, and what would be stored", () => {
  const body = json({ model: "acme/m", input: "Halo", provider: {}, session_id: "s", store: null, weird: { a: 1 } });
  const { set, remove, dropped } = native.edits(body, target);
  expect(Object.fromEntries(set)).toEqual({
    model: '"m"',
    store: "false",
    // Nobody else could remember its thoughts.
    include: '["reasoning.encrypted_content"]',
  });
  expect([...remove].filter((name) => name in body)).toEqual(["provider", "session_id"]);
  expect(dropped).toEqual([]);
});

test("thoughts that the provider could not read, or would have to remember, are left out; its own lose additions", () => {
  const own = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "xyz" };
  const sealed = sealThought({ format: "anthropic-claude-v1", signature: "sig", data: null, id: null });
  const items = [
    { role: "user", content: "x" },
    { ...own, format: "openai-responses-v1", signature: null },
    { ...own, encrypted_content: sealed },
    { ...own, format: "anthropic-claude-v1" },
    { type: "reasoning", id: "rs_2", summary: [] },
  ];
  const input = native.edits(json({ model: "m", input: items }), target).set.get("input");
  expect(JSON.parse(input ?? "")).toEqual([{ role: "user", content: "x" }, own]);
  expect(native.edits(json({ model: "m", input: [own] }), target).set.has("input")).toBe(false);
});

test("efforts become those that the model takes", () => {
  const effort = (wish: object) =>
    JSON.parse(native.edits(json({ input: "x", reasoning: wish }), target).set.get("reasoning") ?? "null");
  expect(effort({ effort: "low" })).toBeNull();
  expect(effort({ effort: "max", summary: "auto" })).toEqual({ effort: "high", summary: "auto" });
  expect(effort({ enabled: false })).toEqual({ effort: "low" });
  expect(native.edits(json({ input: "x", reasoning: { max_tokens: 99 } }), target).dropped).toEqual(["reasoning"]);
});

/** Pieces of one text, or of one thought, put together. */
function joined(events: readonly CanonicalEvent[]): JsonValue[] {
  const whole: JsonObject[] = [];
  for (const event of events) {
    const last = whole.at(-1);
    const flat = JSON.parse(
      JSON.stringify(event.kind === "reasoning" ? { ...event.detail, part: event.detail.kind } : event),
    );
    if (event.kind === "reasoning") flat.kind = "reasoning";
    const grows = ["text", "summary"].find((name) => typeof flat[name] === "string");
    const isSame = last?.kind === flat.kind && last?.index === flat.index && last?.part === flat.part;
    if (last && grows && isSame) last[grows] = String(last[grows]) + flat[grows];
    else whole.push(flat);
  }
  return whole;
}

const response = responseWith([REASONING, MESSAGE, CALL]);

test("a stream and a whole answer are the same events", () => {
  const reader = canonical.reader();
  const streamed = eventsOf(response).flatMap((event) => reader.accept(JSON.stringify(event)) ?? []);
  const whole = canonical.readAnswer(json(response));
  if (!whole) throw new Error("unreadable");
  expect(streamed.at(-1)).toEqual({ kind: "end" });
  expect(joined(streamed.slice(0, -1))).toEqual(joined(whole));
  expect(joined(whole)).toMatchObject([
    { kind: "start", upstreamId: "resp_abc", createdSeconds: 1_700_000_000 },
    {
      part: "summary",
      id: "rs_abc",
      summary: "Melihat langit 🌤️ dulu.\n\nLalu menjawab.",
      format: "openai-responses-v1",
    },
    { part: "encrypted", id: "rs_abc", data: "gAAAAA-invented-thoughts" },
    { kind: "text", text: "Kabar baik! 🎉" },
    { kind: "citation", citation: { url: "https://example.com/a", endIndex: 5 } },
    { kind: "tool-call", index: 0, id: "call_abc", name: "weather" },
    { kind: "tool-arguments", index: 0, text: '{"city":"Bogor"}' },
    { kind: "service-tier", tier: "default" },
    { kind: "usage", usage: { promptTokens: 1000, cachedTokens: 200, completionTokens: 2000, reasoningTokens: 500 } },
    { kind: "finish", reason: "tool_calls", native: "completed" },
  ]);
});

test("a server that sends no deltas, and none of its output at the end, is read all the same", () => {
  const quiet = eventsOf(response).filter(({ type }) => !/delta|done$|added$/.test(type) || type.includes("item.done"));
  const last = quiet.at(-1);
  if (last?.type !== "response.completed") throw new Error("the last event");
  last.response = { ...last.response, output: [] };
  const reader = canonical.reader();
  const events = quiet.flatMap((event) => reader.accept(JSON.stringify(event)) ?? []);
  const whole = canonical.readAnswer(json(response));
  expect(joined(events.slice(0, -1))).toEqual(joined(whole ?? []));
});

test("failures are told with their status, wherever they stand", () => {
  const reader = canonical.reader();
  const told = (event: object) => reader.accept(JSON.stringify(event));
  const error = { code: "rate_limit_exceeded", message: "slow down" };
  const failed = { ...response, status: "failed", error };
  expect(told({ type: "response.failed", response: failed, sequence_number: 1 })).toEqual([
    { kind: "failure", status: 429, message: "slow down" },
  ]);
  expect(told({ type: "error", ...error, param: null })).toEqual([
    { kind: "failure", status: 429, message: "slow down" },
  ]);
  expect(told({ type: "error", error: { type: "server_error", message: "oops" } })).toMatchObject([{ status: 502 }]);
  expect(canonical.readAnswer(json(failed))).toEqual([{ kind: "failure", status: 429, message: "slow down" }]);
});

test("an answer that was cut says why", () => {
  const ended = (reason: "max_output_tokens" | "content_filter") =>
    canonical
      .readAnswer(json(responseWith([MESSAGE], { status: "incomplete", incomplete_details: { reason } })))
      ?.at(-1);
  expect(ended("max_output_tokens")).toMatchObject({ reason: "length", native: "max_output_tokens" });
  expect(ended("content_filter")).toMatchObject({ reason: "content_filter" });
});

test("rubbish is unreadable, and unknown events are passed over", () => {
  const reader = canonical.reader();
  expect(reader.accept("{")).toBeUndefined();
  expect(reader.accept("[1]")).toBeUndefined();
  expect(reader.accept('{"type":"response.something_new","delta":7}')).toEqual([]);
  expect(canonical.readAnswer({ object: "response" })).toBeUndefined();
  expect(canonical.readAnswer({ output: [null, 7, { type: "message", content: [{}, "x"] }] })).toMatchObject([
    { kind: "start" },
    { kind: "finish" },
  ]);
});

/** Events and answers that look right from afar. */
const names = ["type", "response", "item", "output", "content", "delta", "error", "usage", "id", "summary", "status"];
const words = [
  ...["response.created", "response.completed", "response.failed", "error", "response.output_text.delta"],
  ...["response.output_item.added", "response.output_item.done", "response.function_call_arguments.delta"],
  ...["message", "reasoning", "function_call", "completed", "failed", "incomplete"],
];
const strange: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue>(...words, null, true, -1, 1e308, ""),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names, "output_index", "sequence_number"), tie("value"), { maxKeys: 6 }),
  ),
})).value;

test("nothing that a provider sends is more than unreadable", () => {
  const identity = { generationId: "gen-1", model: "m", provider: "P", createdSeconds: 1, requestId: "req_1" };
  const { stream, readAnswer, finishAnswer } = openAiResponses.native;
  fc.assert(
    fc.property(fc.array(strange, { maxLength: 6 }), (events) => {
      const through = stream?.(identity, native);
      const reader = canonical.reader();
      for (const event of events) {
        through?.accept(JSON.stringify(event));
        reader.accept(JSON.stringify(event));
        canonical.readAnswer(event);
        if (typeof event !== "object" || event === null || Array.isArray(event)) continue;
        const notes = readAnswer(event);
        if (notes?.usage === undefined) continue;
        const billed = { usage: notes.usage, charge: { costNano: null, priceVersion: null } };
        finishAnswer(event, { identity, billed, request: {} as never });
      }
    }),
    { numRuns: 2_000 },
  );
});
