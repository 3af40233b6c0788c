import { describe, expect, test } from "bun:test";
import { StreamEvents$inboundSchema } from "@openrouter/sdk/models";
import fc from "fast-check";
import { accumulateResponse } from "openai/lib/responses/ResponseAccumulator";
import type { Response, ResponseStreamEvent } from "openai/resources/responses/responses";
import { GapuraError } from "../../../kernel/errors.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import type { Billed } from "../../canonical/dialects.ts";
import type { CanonicalEvent, ReasoningDetail } from "../../canonical/events.ts";
import { estimateUsage } from "../../metering/usage.ts";
import { parseBody } from "../read-body.ts";
import { openAiResponses } from "./dialect.ts";

const hints = { exampleModel: "gpt-3.5", modelsUrl: "http://localhost:8787/api/v1/models" };
const identity = {
  generationId: "gen-1-abc",
  model: "acme/m",
  provider: "Acme",
  createdSeconds: 7,
  requestId: "req_1",
};
const charge = { costNano: 5_000n, priceVersion: "v", promptNano: 2_000n };
const billed: Billed = { usage: estimateUsage(40, 80), charge, completedSeconds: 9 };

function read(body: object) {
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify({ model: "m", ...body })));
  return openAiResponses.read(parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 }), hints);
}
const { canonical } = openAiResponses;
if (!canonical) throw new Error("it translates");

type Event = ResponseStreamEvent & JsonObject;
function framesOf(text: string): Event[] {
  return text
    .split("\n\n")
    .filter((frame) => frame.startsWith("event: "))
    .map((frame) => {
      const [name, data] = frame.split("\n");
      const event = JSON.parse(data?.slice("data: ".length) ?? "");
      expect(name).toBe(`event: ${event.type}`);
      return event;
    });
}

function streamed(events: readonly CanonicalEvent[], body: object = { input: "x" }) {
  const writer = canonical?.writer(identity, read(body));
  if (!writer) throw new Error("no writer");
  const text = events.map((event) => writer.write(event)).join("") + writer.end(billed);
  return { text, events: framesOf(text) };
}
const wholeOf = (events: readonly CanonicalEvent[], body: object = { input: "x" }) =>
  JSON.parse(JSON.stringify(canonical.answer(events, { identity, request: read(body), billed })));

const finish: CanonicalEvent = { kind: "finish", reason: "stop", native: "stop", stopSequence: null };
const NO_THOUGHT = { id: null, format: null, text: "", summary: "", data: "", signature: null };
const thought = (detail: Partial<ReasoningDetail> & { kind: ReasoningDetail["kind"] }): CanonicalEvent => ({
  kind: "reasoning",
  detail: { ...NO_THOUGHT, ...detail } as unknown as ReasoningDetail,
});

const words = fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" });
const part: fc.Arbitrary<(calls: number) => CanonicalEvent> = fc.oneof(
  words.map((text) => () => ({ kind: "text" as const, text })),
  words.map((text) => () => ({ kind: "refusal" as const, text })),
  fc
    .record({ text: words, id: fc.constantFrom(null, "a", "rs_b"), signature: fc.constantFrom(null, null, "sig") })
    .map((detail) => () => thought({ kind: "text", format: "anthropic-claude-v1", ...detail })),
  fc
    .record({ summary: words, id: fc.constantFrom(null, "rs_c") })
    .map((detail) => () => thought({ kind: "summary", format: "openai-responses-v1", ...detail })),
  fc
    .record({ data: words, id: fc.constantFrom(null, "rs_c") })
    .map((detail) => () => thought({ kind: "encrypted", format: "openai-responses-v1", ...detail })),
  words.map((name) => (calls: number) => ({ kind: "tool-call" as const, index: calls, id: `call_${calls}`, name })),
  words.map((text) => (calls: number) => ({ kind: "tool-arguments" as const, index: Math.max(0, calls - 1), text })),
  fc.constant(() => ({ kind: "image" as const, mediaType: "image/png", data: "AAAA" })),
  fc.constant(() => ({
    kind: "citation" as const,
    citation: { url: "https://example.com", title: null, content: null, startIndex: 0, endIndex: 1 },
  })),
);
const answers = fc.array(part, { maxLength: 14 }).map((parts): CanonicalEvent[] => {
  let calls = 0;
  return parts.map((make) => {
    const event = make(calls);
    if (event.kind === "tool-call") calls++;
    return event;
  });
});

describe("whatever a provider answers", () => {
  test("numbers rise one by one, and every item that is added is done once, in order", () => {
    fc.assert(
      fc.property(answers, (parts) => {
        const { events, text } = streamed([...parts, finish]);
        expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
        const places = (type: string) => events.flatMap((event) => (event.type === type ? [event.output_index] : []));
        const added = places("response.output_item.added");
        expect(added).toEqual(added.map((_, index) => index));
        expect(places("response.output_item.done")).toEqual(added);
        expect(events.slice(0, 2).map(({ type }) => type)).toEqual(["response.created", "response.in_progress"]);
        expect(events.at(-1)?.type).toBe("response.completed");
        expect(text.endsWith("\n\ndata: [DONE]\n\n")).toBe(true);
      }),
    );
  });

  test("the whole response is the last event of the stream, and what OpenAI's package puts together on the way", () => {
    fc.assert(
      fc.property(answers, (parts) => {
        const { events } = streamed([...parts, finish]);
        const last = events.at(-1);
        expect(last && "response" in last ? last.response : null).toEqual(wholeOf([...parts, finish]));
        let snapshot: Response | undefined;
        for (const event of events.slice(0, -1)) snapshot = accumulateResponse(event as never, snapshot as never);
        expect(snapshot?.output).toEqual(wholeOf([...parts, finish]).output);
      }),
    );
  });

  test("OpenRouter's package knows every event", () => {
    fc.assert(
      fc.property(answers, (parts) => {
        for (const event of streamed([...parts, finish]).events) {
          const parsed = StreamEvents$inboundSchema.parse(event);
          expect(JSON.stringify(parsed)).not.toContain('"isUnknown"');
        }
      }),
      { numRuns: 40 },
    );
  });
});

test("a response says what was asked, what it cost and when it was whole", () => {
  const asked = {
    input: "x",
    instructions: "Be brief.",
    temperature: 0.5,
    metadata: { a: "b" },
    tools: [{ type: "function", name: "f" }],
    text: { verbosity: "low" },
  };
  expect(wholeOf([{ kind: "text", text: "Baik" }, finish], asked)).toMatchObject({
    id: "gen-1-abc",
    object: "response",
    status: "completed",
    model: "acme/m",
    provider: "Acme",
    created_at: 7,
    completed_at: 9,
    instructions: "Be brief.",
    temperature: 0.5,
    metadata: { a: "b" },
    store: false,
    tools: [{ type: "function", name: "f", description: null, parameters: null, strict: null }],
    text: { verbosity: "low", format: { type: "text" } },
    usage: {
      input_tokens: 10,
      output_tokens: 20,
      total_tokens: 30,
      cost: 0.000005,
      is_byok: false,
      cost_details: { upstream_inference_input_cost: 0.000002, upstream_inference_output_cost: 0.000003 },
    },
  });
});

test("log probabilities stand with the text they belong to, even when they are told last", () => {
  const content = [{ token: "Ba", logprob: -0.1, bytes: null, top_logprobs: [] }];
  const told: CanonicalEvent[] = [
    { kind: "text", text: "Ba" },
    { kind: "tool-call", index: 0, id: "c1", name: "f" },
    { kind: "logprobs", logprobs: { content } },
    finish,
  ];
  const { output } = wholeOf(told);
  expect(output[0].content[0].logprobs).toEqual([{ token: "Ba", logprob: -0.1, bytes: [], top_logprobs: [] }]);
  const last: unknown = streamed(told).events.at(-1);
  expect(last).toMatchObject({ response: { output } });
});

test("an answer that was cut is incomplete, with its reason, and so is its last item", () => {
  const cut = (reason: "length" | "content_filter") =>
    streamed([{ kind: "text", text: "Ba" }, { ...finish, reason } as CanonicalEvent]).events.at(-1) as unknown;
  expect(cut("length")).toMatchObject({
    type: "response.incomplete",
    response: {
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output: [{ status: "incomplete" }],
    },
  });
  expect(cut("content_filter")).toMatchObject({ response: { incomplete_details: { reason: "content_filter" } } });
});

test("a stream that breaks ends with the error in both of its forms and without [DONE]", () => {
  const writer = canonical.writer(identity, read({ input: "x" }));
  const begun = writer.write({ kind: "text", text: "Ba" });
  const error = new GapuraError("provider_stream_broken", { values: { provider: "Acme" }, metadata: { raw: "oops" } });
  const text = begun + writer.fail(error);
  const [told, failed] = framesOf(text).slice(-2);
  expect(told).toMatchObject({
    type: "error",
    code: "server_error",
    error: { message: expect.stringContaining("oops") },
  });
  expect(failed).toMatchObject({
    type: "response.failed",
    response: {
      status: "failed",
      error: { code: "server_error" },
      error_type: "provider_unavailable",
      output: [{ status: "incomplete", content: [{ text: "Ba" }] }],
    },
  });
  expect(text).not.toContain("[DONE]");
  for (const event of [told, failed]) expect(StreamEvents$inboundSchema.parse(event)).not.toHaveProperty("isUnknown");
});

describe("tools that other dialects do not have", () => {
  const tools = [
    {
      type: "custom",
      name: "apply_patch",
      description: "Patches",
      format: { type: "grammar", syntax: "lark", definition: "start: x" },
    },
    { type: "namespace", name: "mcp__files", tools: [{ type: "function", name: "list", parameters: {} }] },
    { type: "web_search" },
  ];
  const called: CanonicalEvent[] = [
    { kind: "tool-call", index: 0, id: "c1", name: "apply_patch" },
    { kind: "tool-call", index: 1, id: "c2", name: "mcp__files__list" },
    { kind: "tool-arguments", index: 0, text: '{"input":"*** Begin' },
    { kind: "tool-arguments", index: 1, text: "{}" },
    { kind: "tool-arguments", index: 0, text: ' Patch\\n"}' },
    finish,
  ];

  test("a custom tool is a function with one text, a namespace goes before the names", () => {
    const request = canonical.read(read({ input: "x", tools }));
    expect(request.tools).toMatchObject([
      { kind: "function", name: "apply_patch", parameters: { required: ["input"] } },
      { kind: "function", name: "mcp__files__list" },
      { kind: "native", dialect: "openai-responses" },
    ]);
    expect(request.tools[0]).toMatchObject({ description: expect.stringContaining("start: x") });
  });

  test("their calls come back as the client declared them, and can be given back", () => {
    const { output } = wholeOf(called, { input: "x", tools });
    expect(output).toMatchObject([
      { type: "custom_tool_call", call_id: "c1", name: "apply_patch", input: "*** Begin Patch\n" },
      { type: "function_call", call_id: "c2", name: "list", namespace: "mcp__files", arguments: "{}" },
    ]);
    const results = [
      { type: "custom_tool_call_output", call_id: "c1", output: "done" },
      { type: "function_call_output", call_id: "c2", output: "a.txt" },
    ];
    const [user, said, ...given] = canonical.read(
      read({ input: [{ role: "user", content: "x" }, ...output, ...results], tools }),
    ).messages;
    expect(user?.role).toBe("user");
    expect(said).toMatchObject({
      role: "assistant",
      parts: [
        { kind: "tool-call", id: "c1", name: "apply_patch", arguments: '{"input":"*** Begin Patch\\n"}' },
        { kind: "tool-call", id: "c2", name: "mcp__files__list", arguments: "{}" },
      ],
    });
    expect(given).toMatchObject([
      { role: "tool", toolCallId: "c1" },
      { role: "tool", toolCallId: "c2" },
    ]);
  });

  test("what a model writes beside the schema of a custom tool is its input", () => {
    const raw: CanonicalEvent[] = [called[0]!, { kind: "tool-arguments", index: 0, text: "*** Begin" }, finish];
    expect(wholeOf(raw, { input: "x", tools }).output).toMatchObject([{ input: "*** Begin" }]);
  });

  test("only the tools that are allowed are shown to the model", () => {
    const tool_choice = { type: "allowed_tools", mode: "required", tools: [{ type: "custom", name: "apply_patch" }] };
    const request = canonical.read(read({ input: "x", tools, tool_choice }));
    expect(request.toolChoice).toEqual({ kind: "required" });
    expect(request.tools.map((tool) => tool.kind === "function" && tool.name)).toEqual(["apply_patch"]);
  });
});

describe("thoughts", () => {
  const said: CanonicalEvent[] = [
    thought({ kind: "text", text: "Hm", format: "anthropic-claude-v1" }),
    thought({ kind: "text", signature: "sig", format: "anthropic-claude-v1" }),
    thought({ kind: "encrypted", data: "redacted", format: "anthropic-claude-v1" }),
    thought({ kind: "summary", summary: "Look", id: "rs_1", format: "openai-responses-v1" }),
    thought({ kind: "encrypted", data: "enc", id: "rs_1", format: "openai-responses-v1" }),
    { kind: "text", text: "Baik" },
    finish,
  ];
  const back = (items: unknown[]) => {
    const [first] = canonical.read(read({ input: items })).messages;
    return first?.role === "assistant"
      ? first.parts.flatMap((one) => (one.kind === "reasoning" ? [one.detail] : []))
      : [];
  };

  test("of every provider come back as that provider wants them, even from clients that keep OpenAI's fields alone", () => {
    const { output } = wholeOf(said);
    expect(output.map(({ type }: { type: string }) => type)).toEqual([
      "reasoning",
      "reasoning",
      "reasoning",
      "message",
    ]);
    const strict = output.map(({ format, signature, ...rest }: JsonObject) => rest);
    for (const items of [output, strict]) {
      expect(back(items)).toMatchObject([
        { kind: "text", text: "Hm", signature: "sig", format: "anthropic-claude-v1", id: null },
        { kind: "encrypted", data: "redacted", format: "anthropic-claude-v1", id: null },
        { kind: "summary", summary: "Look", id: "rs_1", format: "openai-responses-v1" },
        { kind: "encrypted", data: "enc", id: "rs_1", format: "openai-responses-v1" },
      ]);
    }
  });

  test("that were damaged on the way are left out", () => {
    for (const damaged of ["gprt1.%%%", "gprt1.", "gprt1.W10"]) {
      const items = [
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: damaged },
        { role: "user", content: "x" },
      ];
      expect(back(items)).toEqual([]);
    }
  });
});

describe("a request is refused, with what to do, when it", () => {
  const refusals: [string, object, string][] = [
    ["wants to be stored", { input: "x", store: true }, "store: must be false or absent"],
    [
      "goes on from a stored response",
      { input: "x", previous_response_id: "resp_1" },
      "previous_response_id: cannot be followed",
    ],
    ["names a stored conversation", { input: "x", conversation: "conv_1" }, "conversation: cannot be followed"],
    ["names a stored prompt", { input: "x", prompt: { id: "pmpt_1" } }, "prompt: names a prompt"],
    ["is to run in the background", { input: "x", background: true }, "background: must be false"],
    ["has no input", {}, "input: is missing"],
    ["has an empty list", { input: [] }, "input: must hold at least one item"],
    ["has an item of another type", { input: ["x"] }, "input[0]: must be an object"],
  ];
  for (const [what, body, message] of refusals) test(what, () => expect(() => read(body)).toThrow(message));

  const translations: [string, object, string][] = [
    [
      "refers to a stored item",
      { input: [{ type: "item_reference", id: "rs_1" }] },
      "input[0].type: is item_reference",
    ],
    ["has an item that nobody knows", { input: [{ type: "smell" }] }, "input[0].type: must be one of"],
    [
      "has a part that nobody knows",
      { input: [{ role: "user", content: [{ type: "smell" }] }] },
      "input[0].content[0].type",
    ],
    [
      "forces a tool of OpenAI's servers",
      { input: "x", tool_choice: { type: "web_search_preview" } },
      "tool_choice.type",
    ],
    ["has a call without a name", { input: [{ type: "function_call", call_id: "c" }] }, "input[0].name: is missing"],
  ];
  for (const [what, body, message] of translations) {
    test(`${what} and the provider speaks another dialect`, () =>
      expect(() => canonical.read(read(body))).toThrow(message));
  }
});

test("what clients send by habit is not passed on where other dialects would refuse it", () => {
  const habits = { input: "x", parallel_tool_calls: true, tool_choice: "auto", service_tier: "auto" };
  const request = canonical.read(read({ ...habits, tools: [{ type: "web_search" }] }));
  expect(request).toMatchObject({ parallelToolCalls: null, toolChoice: null, serviceTier: null });
  const used = canonical.read(read({ ...habits, tools: [{ type: "function", name: "f" }], service_tier: "flex" }));
  expect(used).toMatchObject({ parallelToolCalls: true, toolChoice: { kind: "auto" }, serviceTier: "flex" });
});

test("records of tools that only OpenAI's servers ran are left out and named", () => {
  const items = [
    { type: "web_search_call", id: "ws_1", status: "completed" },
    { role: "user", content: "x" },
  ];
  const { messages, extras } = canonical.read(read({ input: items, truncation: "auto", max_tool_calls: 3 }));
  expect(messages).toHaveLength(1);
  expect(Object.keys(extras).sort()).toEqual(["input.web_search_call", "max_tool_calls", "truncation"]);
});
