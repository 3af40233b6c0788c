/**
 * The official `@anthropic-ai/sdk`, unchanged, through a whole Gapura to providers that are not the sandbox: one that
 * speaks the client's own dialect and is as strict as Anthropic, and one of OpenAI's dialect.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import Anthropic, { APIError, BadRequestError, InternalServerError, NotFoundError } from "@anthropic-ai/sdk";
import { startServer, type TestServer } from "../support/server.ts";
import {
  ANTHROPIC_KEY,
  type AnthropicUpstream,
  startAnthropicUpstream,
  USAGE,
} from "../support/upstreams/anthropic-messages.ts";
import { REDACTED, SIGNATURE } from "../support/upstreams/anthropic-rules.ts";
import { until, type Visitor } from "../support/visitor.ts";
import { PIXEL, WEATHER_SCHEMA } from "./scenarios/scenario.ts";

const MODEL = "claude-haiku-4-5-20251001";
let upstream: AnthropicUpstream;
let server: TestServer;
let person: Visitor;
let client: Anthropic;

beforeAll(async () => {
  upstream = startAnthropicUpstream([MODEL, "claude-opus-4-8"]);
  server = await startServer({
    ANTHROPIC_API_KEY: ANTHROPIC_KEY,
    ANTHROPIC_API_URL: upstream.url,
    ALLOW_PRIVATE_UPSTREAM: upstream.host,
  });
  person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  client = new Anthropic({ apiKey: secret, baseURL: `${server.url}/api`, maxRetries: 0 });
});
afterAll(async () => {
  await server.stop();
  await upstream.stop();
});

type Request = Anthropic.MessageCreateParamsNonStreaming;
const halo: Request = { model: MODEL, max_tokens: 4_000, messages: [{ role: "user", content: "Halo, apa kabar?" }] };
const thinking = { type: "enabled" as const, budget_tokens: 2_000 };
const weather: Anthropic.Tool = { name: "weather", description: "Looks at the sky", input_schema: WEATHER_SCHEMA };
const lastSeen = () => upstream.seen.at(-1)!;
const failureOf = async (call: PromiseLike<unknown>): Promise<APIError> =>
  call.then(
    () => {
      throw new Error("the call should have failed");
    },
    (error: unknown) => error as APIError,
  );

describe("a provider of the client's own dialect", () => {
  test("a whole answer arrives as the provider gave it, with the gateway's id, model, name and cost", async () => {
    const message = await client.messages.create({ ...halo, thinking });
    expect(message.content).toMatchObject([
      { type: "thinking", signature: SIGNATURE },
      { type: "redacted_thinking", data: REDACTED },
      { type: "text", text: "Kabar baik! 👋 Terima kasih." },
    ]);
    expect(message).toMatchObject({
      model: "anthropic/claude-haiku-4.5",
      provider: "Anthropic",
      stop_reason: "end_turn",
      usage: { ...USAGE, is_byok: false },
    });
    expect(message.id).toStartWith("gen-");
    // 100 × $1 + 10 × $1.25 + 20 × $2 + 20 × $0.10 + 50 × $5, for a million tokens each.
    expect(message.usage).toMatchObject({ cost: 0.0004045 });
  });

  test("a streamed answer adds up to the whole one, block by block", async () => {
    const whole = await client.messages.create({ ...halo, thinking });
    const stream = client.messages.stream({ ...halo, thinking });
    const order: string[] = [];
    for await (const event of stream) {
      if (event.type === "content_block_delta") order.push(`${event.index} ${event.delta.type}`);
      else order.push("index" in event ? `${event.index} ${event.type}` : event.type);
    }
    const streamed = await stream.finalMessage();
    // The package parses what it streams, and drops what it does not know of the usage.
    const { parsed_output, ...rest } = streamed;
    const content = streamed.content.map((block) => {
      const { parsed_output: _, ...said } = { parsed_output: null, ...block };
      return said;
    });
    expect({ ...rest, content, usage: USAGE, id: "" } as object).toEqual({ ...whole, usage: USAGE, id: "" });
    expect(whole.usage).toMatchObject({ ...streamed.usage });
    expect(order).toEqual([
      "message_start",
      "0 content_block_start",
      "0 thinking_delta",
      "0 thinking_delta",
      "0 signature_delta",
      "0 content_block_stop",
      "1 content_block_start",
      "1 content_block_stop",
      "2 content_block_start",
      "2 text_delta",
      "2 text_delta",
      "2 content_block_stop",
      "message_delta",
      "message_stop",
    ]);
  });

  test("the record holds the prompt with what was read from and written to the cache", async () => {
    const { id } = await client.messages.create(halo);
    const row = await until(async () =>
      (await person.dashboard("/activity")).body.rows.find((one: { id: string }) => one.id === id),
    );
    expect(row).toMatchObject({ promptTokens: 150, completionTokens: 50, finishReason: "stop", provider: "Anthropic" });
  });

  test("a tool loop with thoughts goes round: signed thoughts come back unharmed, results are taken in", async () => {
    const request: Request = { ...halo, thinking, tools: [weather] };
    const first = await client.messages.stream(request).finalMessage();
    const calls = first.content.filter((block) => block.type === "tool_use");
    expect(calls.map(({ id, input }) => [id, input])).toEqual([
      ["toolu_1", { city: "Solo" }],
      ["toolu_2", { city: "Bandung" }],
    ]);
    expect(first.stop_reason).toBe("tool_use");
    const results = calls.map(({ id }) => ({ type: "tool_result" as const, tool_use_id: id, content: "31 °C" }));
    const second = await client.messages.create({
      ...request,
      messages: [
        ...request.messages,
        { role: "assistant", content: first.content },
        { role: "user", content: results },
      ],
    });
    expect(JSON.stringify(second.content)).toContain("31 °C");
  });

  test("what the client asks of the API in headers reaches it, and its key does not", async () => {
    const headers = {
      "anthropic-beta": "context-1m-2025-08-07, fine-grained-tool-streaming-2025-05-14",
      "x-anthropic-beta": "x-1",
    };
    await client.messages.create(halo, { headers });
    const seen = lastSeen().headers;
    expect(seen.get("anthropic-beta")).toBe("context-1m-2025-08-07,fine-grained-tool-streaming-2025-05-14,x-1");
    expect(seen.get("anthropic-version")).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect([seen.get("authorization"), seen.get("x-api-key")]).toEqual([null, ANTHROPIC_KEY]);
  });

  test("schemas, pictures and stop sequences pass", async () => {
    const format = { type: "json_schema" as const, schema: WEATHER_SCHEMA };
    const json = await client.messages.create({ ...halo, output_config: { format } });
    expect(json.content).toMatchObject([{ text: '{"city":"Surakarta"}' }]);
    const source = { type: "base64" as const, media_type: "image/png" as const, data: PIXEL };
    const seen = await client.messages.create({
      ...halo,
      messages: [{ role: "user", content: [{ type: "image", source }] }],
    });
    expect(seen.content).toMatchObject([{ text: "An image, I see." }]);
    const stopped = await client.messages.create({ ...halo, stop_sequences: ["dua"] });
    expect(stopped).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "dua" });
  });

  test("tokens are counted by the provider, without the fields that a count does not take", async () => {
    const { model, messages } = halo;
    expect(await client.messages.countTokens({ model, messages, tools: [weather] })).toEqual({ input_tokens: 4321 });
    expect(lastSeen().path).toBe("/v1/messages/count_tokens");
  });

  test("a client that leaves stops the provider", async () => {
    const request = { ...halo, messages: [{ role: "user" as const, content: "[slowly]" }], stream: true as const };
    const stream = await client.messages.create(request);
    for await (const event of stream) if (event.type === "content_block_delta") break;
    await until(async () => upstream.wasLeft());
    expect(upstream.wasLeft()).toBe(true);
  });

  test("a stream that breaks ends with an error event, not as a finished answer", async () => {
    const broken = { ...halo, messages: [{ role: "user" as const, content: "[broken]" }] };
    const error = await failureOf(client.messages.stream(broken).finalMessage());
    expect(error).toBeInstanceOf(APIError);
    expect(error.message).toContain("incomplete");
  });

  test("the provider's refusals arrive as the package's own classes, with the request's id", async () => {
    const asked = (status: number) => ({
      ...halo,
      messages: [{ role: "user" as const, content: `[status ${status}]` }],
    });
    const bad = await failureOf(client.messages.create(asked(400)));
    expect(bad).toBeInstanceOf(BadRequestError);
    expect(bad.message).toContain("as the test asked");
    expect(bad.requestID).toStartWith("req_");
    const busy = await failureOf(client.messages.create(asked(529)));
    expect([busy.status, busy.type]).toEqual([503, "overloaded_error"]);
    expect((await failureOf(client.messages.create(asked(500)))) instanceof InternalServerError).toBe(true);
  });
});

/** Fields and order as Claude Code sends them. */
function claudeCodeRequest(messages: Anthropic.MessageParam[]) {
  const cache_control = { type: "ephemeral" as const };
  return {
    model: MODEL,
    messages,
    system: [
      { type: "text", text: "You are Claude Code, Anthropic's official CLI for Claude.", cache_control },
      { type: "text", text: "Be brief. ✔\n# Environment\nPlatform: linux", cache_control },
    ],
    tools: [
      { ...weather, cache_control },
      { name: "Bash", description: "Runs a command", input_schema: WEATHER_SCHEMA },
    ],
    metadata: { user_id: `user_${"a".repeat(64)}_account__session_0b7e` },
    max_tokens: 32_000,
    thinking: { type: "enabled", budget_tokens: 31_999 },
    stream: true,
  };
}

describe("a session like Claude Code's", () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/api/v1/messages?beta=true`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${client.apiKey}`, ...headers },
      body,
    });

  test("of the body's bytes only the model's name differs, and not even that where the names are the same", async () => {
    const body = JSON.stringify(claudeCodeRequest([{ role: "user", content: "Apa kabar? ☕" }]), null, 1);
    await (await post(body)).text();
    expect(lastSeen().text).toBe(body);
    const alias = body.replace(MODEL, "anthropic/claude-haiku-4.5");
    await (await post(alias)).text();
    // A field that is written anew loses the white space around it: the brace, the comma and the colon stay.
    const squeezed = `{"model":${JSON.stringify(MODEL)}`;
    expect(lastSeen().text.startsWith(squeezed)).toBe(true);
    expect(JSON.parse(lastSeen().text)).toEqual(JSON.parse(body));
    for (const [name, value] of Object.entries(JSON.parse(body)).slice(1)) {
      expect(lastSeen().text).toContain(JSON.stringify({ [name]: value }, null, 1).slice(3, -2));
    }
  });

  test("the gateway's own fields are taken out, and nothing else", async () => {
    const plain = claudeCodeRequest([{ role: "user", content: "Halo" }]);
    const steered = {
      ...plain,
      provider: { sort: "price" },
      session_id: "s-1",
      trace: { trace_id: "t" },
      plugins: [],
      fallbacks: [{ model: "claude-opus-4-8" }],
    };
    await (await post(JSON.stringify(steered))).text();
    expect(lastSeen().text).toBe(JSON.stringify(plain));
  });

  test("the model can be changed in the middle: another maker's unsigned thoughts are left out", async () => {
    const body = claudeCodeRequest([
      { role: "user", content: "Halo" },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "by nobody known", signature: "" },
          { type: "text", text: "Hai" },
        ],
      },
      { role: "user", content: "Lagi" },
    ]);
    const answer = await post(JSON.stringify(body));
    expect(answer.status).toBe(200);
    expect(JSON.stringify(lastSeen().body)).not.toContain("by nobody known");
    await answer.text();
  });

  test("the key may come as x-api-key; where both are sent, the Bearer token counts", async () => {
    const body = JSON.stringify(halo);
    const asKey = await post(body, { authorization: "", "x-api-key": String(client.apiKey) });
    expect(asKey.status).toBe(200);
    expect((await post(body, { "x-api-key": "sk-ant-somebody-else" })).status).toBe(200);
    expect((await post(body, { authorization: "Bearer gpr_wrong", "x-api-key": String(client.apiKey) })).status).toBe(
      401,
    );
  });

  test("every error below these paths has Anthropic's envelope and the request's id", async () => {
    const asked = async (path: string, init: RequestInit) => {
      const answer = await fetch(`${server.url}${path}`, init);
      const body = (await answer.json()) as { request_id: string; error: { type: string } };
      expect(body).toMatchObject({ type: "error", error: { type: expect.any(String), message: expect.any(String) } });
      expect(body.request_id).toBe(String(answer.headers.get("request-id")));
      return [answer.status, body.error.type];
    };
    const authorization = `Bearer ${client.apiKey}`;
    const sent = (body: string, headers: Record<string, string> = { authorization }) => ({
      method: "POST",
      headers,
      body,
    });
    for (const path of ["/api/v1/messages", "/v1/messages", "/v1/messages/count_tokens"]) {
      expect(await asked(path, sent("{}", {}))).toEqual([401, "authentication_error"]);
      expect(await asked(path, { method: "GET" })).toEqual([405, "invalid_request_error"]);
      expect(await asked(path, sent("{"))).toEqual([400, "invalid_request_error"]);
      expect(await asked(path, sent('{"model":"m","messages":[]}'))).toEqual([400, "invalid_request_error"]);
      const huge = { authorization, "content-length": String(1e9) };
      expect(await asked(path, sent("x".repeat(11_000_000), huge))).toEqual([413, "request_too_large"]);
    }
    expect(await asked("/v1/messages/batches", sent("{}"))).toEqual([404, "not_found_error"]);
  });

  test("a request that is not one is told what is wrong, and where", async () => {
    const wrong = async (change: object) => (await failureOf(client.messages.create({ ...halo, ...change }))).message;
    expect(await wrong({ messages: [{ role: "tool", content: "x" }] })).toContain("messages[0].role");
    expect(await wrong({ messages: [{ role: "user", content: 7 }] })).toContain("messages[0].content");
    expect(await wrong({ max_tokens: 0 })).toContain("max_tokens");
    expect(await wrong({ fallbacks: [{ model: "a", max_tokens: 1 }] })).toContain("fallbacks[0].max_tokens");
    expect(await wrong({ fallbacks: [{ model: "a" }], models: ["b"] })).toContain("cannot be combined with models");
    expect(await wrong({ fallbacks: ["a", "b", "c", "d"].map((model) => ({ model })) })).toContain("at most 3");
  });

  test("where the first model is nobody's, a fallback answers", async () => {
    const unknown = { ...halo, model: "nobody/knows-this" };
    expect((await failureOf(client.messages.create(unknown))) instanceof NotFoundError).toBe(false);
    const message = await client.messages.create({ ...unknown, fallbacks: [{ model: MODEL }] } as Request);
    expect(message.model).toBe("anthropic/claude-haiku-4.5");
  });
});
