/** The Responses API over real HTTP: passed through to OpenAI, and translated from chat, in both directions. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { OpenRouter } from "@openrouter/sdk";
import OpenAI, { APIError, RateLimitError } from "openai";
import type {
  ResponseInputItem,
  ResponseOutputItem,
  ResponseStreamEvent,
  Tool,
} from "openai/resources/responses/responses";
import { startServer, type TestServer } from "../support/server.ts";
import {
  ANTHROPIC_KEY,
  type AnthropicUpstream,
  startAnthropicUpstream,
} from "../support/upstreams/anthropic-messages.ts";
import { REDACTED, SIGNATURE } from "../support/upstreams/anthropic-rules.ts";
import {
  CALL,
  ENCRYPTED,
  eventsOf,
  MESSAGE,
  OPENAI_KEY,
  REASONING,
  type ResponsesPiece,
  responseWith,
  startResponsesUpstream,
} from "../support/upstreams/openai-responses.ts";
import type { MockUpstream } from "../support/upstreams/replies.ts";
import { until, type Visitor } from "../support/visitor.ts";

let upstream: MockUpstream<ResponsesPiece>;
let anthropic: AnthropicUpstream;
let server: TestServer;
let person: Visitor;
let client: OpenAI;
let openrouter: OpenRouter;
let apiKey: string;

/** Only in the Responses API, and in both. */
const PRO = "openai/gpt-5-pro";
const BOTH = "openai/gpt-5";
/** A model that asked to be left alone is left alone, so each that does is nobody else's. */
const REFUSED = ["openai/gpt-5-mini", "openai/gpt-5-nano", "openai/gpt-5.1"] as const;

beforeAll(async () => {
  upstream = startResponsesUpstream([
    "gpt-5-pro",
    "gpt-5",
    "gpt-5.6",
    ...REFUSED.map((id) => id.slice("openai/".length)),
  ]);
  anthropic = startAnthropicUpstream(["claude-sonnet-4-5"]);
  server = await startServer({
    OPENAI_API_KEY: OPENAI_KEY,
    OPENAI_BASE_URL: upstream.url,
    ANTHROPIC_API_KEY: ANTHROPIC_KEY,
    ANTHROPIC_API_URL: anthropic.url,
    ALLOW_PRIVATE_UPSTREAM: `${upstream.host},${anthropic.host}`,
  });
  person = await server.visitor().join("siti@example.com");
  apiKey = (await person.createKey()).secret;
  client = new OpenAI({ baseURL: `${server.url}/api/v1`, apiKey, maxRetries: 0 });
  openrouter = new OpenRouter({ apiKey, serverURL: `${server.url}/api/v1`, retryConfig: { strategy: "none" } });
});
afterAll(async () => {
  await server.stop();
  await upstream.stop();
  await anthropic.stop();
});
beforeEach(() => {
  upstream.seen.length = 0;
  upstream.reply = { kind: "answer", pieces: [responseWith([REASONING, MESSAGE, CALL])] };
});

async function collect(stream: AsyncIterable<ResponseStreamEvent>): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

describe("passed through to OpenAI", () => {
  test("a whole answer keeps its items, gets this generation's id and its cost, and stores nothing", async () => {
    const body = { model: BOTH, input: "Halo", instructions: "Be brief.", session_id: "s-1", provider: {} };
    const answer = await client.responses.create(body);
    expect(answer.id).toStartWith("gen-");
    expect(answer).toMatchObject({ model: BOTH, provider: "OpenAI", output: [REASONING, MESSAGE, CALL] });
    expect(answer.output_text).toBe("Kabar baik! 🎉");
    expect(answer.usage).toMatchObject({ total_tokens: 3000, cost: expect.any(Number) });
    expect(upstream.seen[0]?.body).toEqual({
      model: "gpt-5",
      input: "Halo",
      instructions: "Be brief.",
      store: false,
      include: ["reasoning.encrypted_content"],
    });
    const generation = await person.call(`/api/v1/generation?id=${answer.id}`, {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    expect(generation.body.data).toMatchObject({ upstream_id: "resp_abc", native_tokens_reasoning: 500 });
  });

  test("a stream in pieces of any size has the same events, of which only the responses changed", async () => {
    const plain = eventsOf(responseWith([REASONING, MESSAGE, CALL]));
    for (const cutBytes of [1, 2, 3, 7, 64, 100_000]) {
      upstream.reply = { kind: "answer", cutBytes, pieces: [responseWith([REASONING, MESSAGE, CALL])] };
      const events = await collect(await client.responses.create({ model: BOTH, input: "Halo", stream: true }));
      expect(events.map(({ type }) => type)).toEqual(plain.map(({ type }) => type));
      for (const [index, event] of events.entries()) {
        if (!("response" in event)) {
          expect<unknown>(event).toEqual({ ...plain[index], sequence_number: index });
        } else expect(event.response).toMatchObject({ id: expect.stringMatching(/^gen-/), model: BOTH });
      }
      const last = events.at(-1);
      expect(last).toMatchObject({ type: "response.completed", response: { usage: { cost: expect.any(Number) } } });
    }
  });

  test("the helper of OpenAI's package and OpenRouter's package understand the stream", async () => {
    const helper = client.responses.stream({ model: BOTH, input: "Halo" });
    expect((await helper.finalResponse()).output_text).toBe("Kabar baik! 🎉");
    const stream = await openrouter.responses.send({ responsesRequest: { model: BOTH, input: "Halo", stream: true } });
    if (!(Symbol.asyncIterator in stream)) throw new Error("no stream");
    let words = "";
    for await (const event of stream) {
      expect(event).not.toHaveProperty("isUnknown");
      if (event.type === "response.output_text.delta") words += event.delta;
    }
    expect(words).toBe("Kabar baik! 🎉");
    const whole = await openrouter.responses.send({ responsesRequest: { model: BOTH, input: "Halo" } });
    expect("output" in whole && JSON.stringify(whole.output)).not.toContain("isUnknown");
  });

  test("an agent that gives everything back with its results goes on, whatever it keeps of the thoughts", async () => {
    const input: ResponseInputItem[] = [{ role: "user", content: "Cuaca?" }];
    const asked = { model: BOTH, store: false, include: ["reasoning.encrypted_content" as const] };
    const first = await client.responses.create({ ...asked, input });
    input.push(...(first.output as ResponseInputItem[]));
    input.push({ type: "function_call_output", call_id: "call_abc", output: "31 degrees" });
    upstream.reply = { kind: "answer", pieces: [responseWith([MESSAGE])] };
    const second = await client.responses.create({ ...asked, input });
    expect(second.status).toBe("completed");
    expect(upstream.seen[1]?.body.input).toEqual(JSON.parse(JSON.stringify(input)));
  });

  test("an error of OpenAI keeps its status; one inside an answer gets one", async () => {
    const error = { message: "Slow down", type: "requests", param: null, code: "rate_limit_exceeded" };
    upstream.reply = { kind: "error", status: 429, body: { error }, headers: { "retry-after": "7" } };
    const refused = await client.responses.create({ model: REFUSED[0], input: "x" }).catch((caught: unknown) => caught);
    expect(refused).toBeInstanceOf(RateLimitError);
    upstream.reply = {
      kind: "answer",
      pieces: [responseWith([], { status: "failed", error: { code: "rate_limit_exceeded", message: "Slow down" } })],
    };
    const failed = await client.responses.create({ model: REFUSED[1], input: "x" }).catch((caught: unknown) => caught);
    expect(failed).toBeInstanceOf(RateLimitError);
  });

  test("a stream that fails or breaks off after its first token is an error to the package, and is recorded as one", async () => {
    const begun = eventsOf(responseWith([MESSAGE])).slice(0, 5);
    const failed = responseWith([], { status: "failed", error: { code: "rate_limit_exceeded", message: "oops" } });
    const ends: [string, ResponseStreamEvent[]][] = [
      ["server_error", []],
      ["rate_limit_exceeded", [{ type: "response.failed", response: failed, sequence_number: 0 }]],
    ];
    for (const [code, end] of ends) {
      upstream.reply = { kind: "answer", pieces: [...begun, ...end] };
      const answer = await client.responses.create({ model: BOTH, input: "x", stream: true });
      const caught = await collect(answer).catch((error: unknown) => error);
      expect(caught).toBeInstanceOf(APIError);
      expect(caught).toMatchObject({ code });
      expect(String(caught)).toContain("broke off");
    }
    const row = await until(async () =>
      (await person.dashboard("/activity")).body.rows.find((one: { errorCode: string | null }) => one.errorCode),
    );
    expect(row.errorCode).toBe("provider_stream_broken");
  });

  test("a failure that follows the first events at once is a real status, since nothing was said yet", async () => {
    const begun = eventsOf(responseWith([MESSAGE])).slice(0, 2);
    const error = { code: "rate_limit_exceeded", message: "Slow down", param: null, sequence_number: 0 };
    upstream.reply = { kind: "answer", pieces: [...begun, { type: "error", ...error }] };
    const answer = client.responses.create({ model: REFUSED[2], input: "x", stream: true });
    expect(await answer.catch((caught: unknown) => caught)).toBeInstanceOf(RateLimitError);
  });

  test("a client that leaves stops the provider", async () => {
    upstream.reply = { kind: "silence", pieces: eventsOf(responseWith([MESSAGE])).slice(0, 5) };
    const stream = await client.responses.create({ model: BOTH, input: "x", stream: true });
    for await (const event of stream) if (event.type === "response.output_text.delta") break;
    await upstream.left;
  });
});

describe("a chat client of a model that only the Responses API has", () => {
  const tools = [
    { type: "function" as const, function: { name: "weather", parameters: { type: "object", properties: {} } } },
  ];
  const messages = [{ role: "user" as const, content: "Cuaca?" }];

  test("gets thoughts, words and calls, and gives the thoughts back", async () => {
    const chat = client.chat.completions;
    const first = await chat.create({ model: PRO, messages, tools, max_completion_tokens: 5 });
    const message = first.choices[0]?.message;
    expect(first.choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      native_finish_reason: "completed",
      message: {
        content: "Kabar baik! 🎉",
        reasoning: "Melihat langit 🌤️ dulu.\n\nLalu menjawab.",
        tool_calls: [{ id: "call_abc", function: { name: "weather", arguments: '{"city":"Bogor"}' } }],
      },
    });
    expect(first.usage).toMatchObject({ prompt_tokens: 1000, prompt_tokens_details: { cached_tokens: 200 } });
    expect(upstream.seen[0]?.body).toEqual({
      model: "gpt-5-pro",
      input: [{ type: "message", role: "user", content: "Cuaca?" }],
      max_output_tokens: 16,
      tools: [{ type: "function", name: "weather", parameters: { type: "object", properties: {} }, strict: false }],
      store: false,
      include: ["reasoning.encrypted_content"],
    });
    if (!message) throw new Error("no message");
    const result = { role: "tool" as const, tool_call_id: "call_abc", content: "31 degrees" };
    await chat.create({ model: PRO, messages: [...messages, message, result], tools });
    expect(upstream.seen[1]?.body.input).toMatchObject([
      { role: "user" },
      { type: "reasoning", id: "rs_abc", encrypted_content: ENCRYPTED },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Kabar baik! 🎉" }] },
      { type: "function_call", call_id: "call_abc", name: "weather" },
      { type: "function_call_output", call_id: "call_abc", output: "31 degrees" },
    ]);
  });

  test("gets the same from a stream in pieces of any size", async () => {
    const seen = new Set<string>();
    for (const cutBytes of [1, 3, 50, 100_000]) {
      upstream.reply = { kind: "answer", cutBytes, pieces: [responseWith([REASONING, MESSAGE, CALL])] };
      const stream = await client.chat.completions.create({ model: PRO, messages, tools, stream: true });
      const deltas: unknown[] = [];
      for await (const chunk of stream) deltas.push(chunk.choices[0]?.delta ?? chunk.usage);
      seen.add(JSON.stringify(deltas));
    }
    expect(seen.size).toBe(1);
    expect([...seen][0]).toContain('"arguments":"{\\"city\\"');
  });

  test("the same holds for a model whose chat cannot think and call tools at once", async () => {
    const answer = await client.chat.completions.create({ model: "openai/gpt-5.6", messages, tools });
    expect(answer.choices[0]?.message.tool_calls).toHaveLength(1);
    expect(upstream.seen[0]?.path).toBe("/v1/responses");
  });

  test("is told of parameters that the model does not take, and which efforts it has instead", async () => {
    const response = await client.chat.completions
      .create({ model: PRO, messages, temperature: 0.2, seed: 7, top_p: 1, reasoning_effort: "low" })
      .withResponse();
    expect(response.response.headers.get("x-gapura-dropped-parameters")?.split(", ").sort()).toEqual([
      "seed",
      "temperature",
    ]);
    expect(upstream.seen[0]?.body).toMatchObject({ reasoning: { effort: "high" } });
  });
});

describe("an agent like the Codex CLI on a model of Anthropic", () => {
  const CLAUDE = "anthropic/claude-sonnet-4.5";
  const tools: Tool[] = [
    { type: "function", name: "weather", parameters: { type: "object", properties: {} }, strict: false },
    { type: "custom", name: "apply_patch", description: "Patches files" },
    { type: "web_search" },
  ];
  /** What a client that knows OpenAI's fields alone sends back. */
  const strictly = (item: ResponseOutputItem): ResponseInputItem => {
    const { status, format, signature, ...rest } = item as unknown as Record<string, unknown>;
    if (rest.type === "reasoning") delete rest.id;
    return rest as unknown as ResponseInputItem;
  };

  test("thinks, calls its tools and goes on, with its thoughts signed as Anthropic wants them", async () => {
    const input: ResponseInputItem[] = [{ type: "message", role: "user", content: "Cuaca di Solo dan Bandung?" }];
    const ask = async () => {
      const stream = client.responses.stream({
        model: CLAUDE,
        instructions: "You are an agent.",
        input: structuredClone(input),
        tools,
        reasoning: { effort: "high", summary: "auto" },
        include: ["reasoning.encrypted_content"],
        store: false,
        parallel_tool_calls: true,
        prompt_cache_key: "session-1",
      });
      return await stream.finalResponse();
    };
    const first = await ask();
    expect<string[]>(first.output.map(({ type }) => type)).toEqual([
      ...["reasoning", "reasoning", "message", "function_call", "function_call"],
    ]);
    for (const item of first.output) {
      input.push(strictly(item));
      if (item.type === "function_call") {
        const { call_id } = item;
        input.push({ type: "function_call_output", call_id, output: [{ type: "input_text", text: "31 degrees" }] });
      }
    }
    // Results stand behind all calls, as agents that run them side by side send them.
    input.sort(
      (one, other) => Number(one.type === "function_call_output") - Number(other.type === "function_call_output"),
    );
    const second = await ask();
    expect(second.output_text).toContain("31 degrees");
    const [, said, results] = anthropic.seen.at(-1)?.body.messages ?? [];
    expect(said).toMatchObject({
      role: "assistant",
      content: [
        { type: "thinking", signature: SIGNATURE },
        { type: "redacted_thinking", data: REDACTED },
        { type: "text", text: "Sebentar." },
        { type: "tool_use", id: "toolu_1", input: { city: "Solo" } },
        { type: "tool_use", id: "toolu_2" },
      ],
    });
    expect(results).toMatchObject({ content: [{ type: "tool_result" }, { type: "tool_result" }] });
  });

  test("may hand a conversation from one provider to the other, which leaves out thoughts that it cannot read", async () => {
    const input: ResponseInputItem[] = [{ role: "user", content: "Halo" }];
    const thinking = await client.responses.create({ model: CLAUDE, input, reasoning: { effort: "high" } });
    input.push(...(thinking.output as ResponseInputItem[]), { role: "user", content: "Lalu?" });
    const other = await client.responses.create({ model: BOTH, input });
    expect(other.status).toBe("completed");
    expect(upstream.seen.at(-1)?.body.input).toMatchObject([{ role: "user" }, { type: "message" }, { role: "user" }]);
    input.push(...(other.output.filter(({ type }) => type !== "function_call") as ResponseInputItem[]));
    input.push({ role: "user", content: "Terima kasih" });
    expect((await client.responses.create({ model: CLAUDE, input })).status).toBe("completed");
  });
});
