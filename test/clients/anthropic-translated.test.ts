/** Messages clients with providers of OpenAI's dialect, and chat clients with Anthropic: translated both ways. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import Anthropic, { APIError, RateLimitError } from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { z } from "zod";
import { startServer, type TestServer } from "../support/server.ts";
import {
  ANTHROPIC_KEY,
  type AnthropicUpstream,
  startAnthropicUpstream,
} from "../support/upstreams/anthropic-messages.ts";
import { REDACTED, SIGNATURE } from "../support/upstreams/anthropic-rules.ts";
import { type ChatPiece, chatChunk, OPENAI_CHAT_KEY, startChatUpstream } from "../support/upstreams/openai-chat.ts";
import type { MockUpstream } from "../support/upstreams/replies.ts";
import { until, type Visitor } from "../support/visitor.ts";
import { PIXEL, WEATHER_SCHEMA } from "./scenarios/scenario.ts";

const CLAUDE = "claude-haiku-4-5-20251001";
let claude: AnthropicUpstream;
let gpt: MockUpstream<ChatPiece>;
let server: TestServer;
let person: Visitor;
let anthropic: Anthropic;
let openai: OpenAI;

beforeAll(async () => {
  claude = startAnthropicUpstream([CLAUDE], 5);
  gpt = startChatUpstream(["gpt-4o"]);
  server = await startServer({
    ANTHROPIC_API_KEY: ANTHROPIC_KEY,
    ANTHROPIC_API_URL: claude.url,
    OPENAI_API_KEY: OPENAI_CHAT_KEY,
    OPENAI_BASE_URL: gpt.url,
    ALLOW_PRIVATE_UPSTREAM: `${claude.host},${gpt.host}`,
  });
  person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  anthropic = new Anthropic({ apiKey: secret, baseURL: `${server.url}/api`, maxRetries: 0 });
  openai = new OpenAI({ apiKey: secret, baseURL: `${server.url}/api/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await server.stop();
  await Promise.all([claude.stop(), gpt.stop()]);
});

const usage = {
  prompt_tokens: 30,
  completion_tokens: 12,
  total_tokens: 42,
  prompt_tokens_details: { cached_tokens: 10 },
};

describe("a Messages client with a provider of OpenAI's dialect", () => {
  const halo: Anthropic.MessageCreateParamsNonStreaming = {
    model: "gpt-4o",
    max_tokens: 1_000,
    messages: [{ role: "user", content: "Halo" }],
  };
  const answers = (...pieces: ChatPiece[]) => {
    gpt.reply = { kind: "answer", pieces, cutBytes: 3 };
  };
  const end = (finish_reason: "stop" | "tool_calls" | "length" | "content_filter") => [
    chatChunk({}, { finish_reason }),
    { ...chatChunk({}), choices: [], usage },
  ];

  test("a conversation with everything Claude Code sends reaches it in its own words", async () => {
    const message = { role: "assistant" as const, content: "Selesai.", refusal: null };
    const choices = [{ index: 0, finish_reason: "stop" as const, logprobs: null, message }];
    answers({ id: "chatcmpl-1", object: "chat.completion", created: 1, model: "m", choices, usage });
    const cache_control = { type: "ephemeral" as const };
    const source = { type: "base64" as const, media_type: "image/png" as const, data: PIXEL };
    const answer = await anthropic.messages.create({
      ...halo,
      system: [{ type: "text", text: "You are Claude Code.", cache_control }],
      tools: [
        { name: "Read", description: "Reads", input_schema: WEATHER_SCHEMA, cache_control },
        { type: "web_search_20250305", name: "web_search" },
      ],
      metadata: { user_id: `user_${"a".repeat(150)}` },
      thinking: { type: "enabled", budget_tokens: 1_024 },
      messages: [
        { role: "user", content: [{ type: "text", text: "Lihat", cache_control }] },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "Hm", signature: "" },
            { type: "text", text: "Sebentar" },
            { type: "tool_use", id: "call_1", name: "Read", input: { city: "Solo" } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "call_1", content: [{ type: "text", text: "isi" }] },
            { type: "image", source },
            { type: "text", text: "Lalu?" },
          ],
        },
      ],
    });
    expect(answer).toMatchObject({
      type: "message",
      role: "assistant",
      model: "openai/gpt-4o",
      content: [{ type: "text", text: "Selesai." }],
      stop_reason: "end_turn",
      usage: { input_tokens: 20, cache_read_input_tokens: 10, cache_creation_input_tokens: 0, output_tokens: 12 },
    });
    const { body } = gpt.seen.at(-1)!;
    expect(body.messages).toMatchObject([
      { role: "system" },
      { role: "user" },
      {
        role: "assistant",
        content: "Sebentar",
        tool_calls: [{ id: "call_1", function: { name: "Read", arguments: '{"city":"Solo"}' } }],
      },
      { role: "tool", tool_call_id: "call_1", content: "isi" },
      { role: "user", content: [{ image_url: { url: `data:image/png;base64,${PIXEL}` } }, { text: "Lalu?" }] },
    ]);
    expect(body.tools).toMatchObject([{ function: { name: "Read" } }]);
    expect(String(body.user)).toMatch(/^[0-9a-f]{64}$/);
  });

  test("a stream becomes blocks in their order: thoughts, words, and calls that came interleaved", async () => {
    const call = (index: number, more: object) => chatChunk({ tool_calls: [{ index, ...more }] });
    answers(
      chatChunk({ role: "assistant", reasoning_content: "Hm… " }),
      chatChunk({ reasoning_content: "baik 🤔" }),
      chatChunk({ content: "Se" }),
      chatChunk({ content: "bentar" }),
      call(0, { id: "call_a", type: "function", function: { name: "look", arguments: "" } }),
      call(1, { id: "call_b", type: "function", function: { name: "hear", arguments: '{"b":' } }),
      call(0, { function: { arguments: '{"a":1}' } }),
      call(1, { function: { arguments: "2}" } }),
      // Some servers do not say that an answer ended for its calls.
      ...end("stop"),
    );
    const stream = anthropic.messages.stream(halo);
    const indexes: number[] = [];
    for await (const event of stream) if (event.type === "content_block_start") indexes.push(event.index);
    const message = await stream.finalMessage();
    expect(indexes).toEqual([0, 1, 2, 3]);
    expect(message.content).toMatchObject([
      { type: "thinking", thinking: "Hm… baik 🤔" },
      { type: "text", text: "Sebentar" },
      { type: "tool_use", id: "call_a", name: "look", input: { a: 1 } },
      { type: "tool_use", id: "call_b", name: "hear", input: { b: 2 } },
    ]);
    expect([message.stop_reason, message.usage.input_tokens, message.usage.output_tokens]).toEqual([
      "tool_use",
      20,
      12,
    ]);
  });

  test("ends have Anthropic's names", async () => {
    const reasonFor = async (finish: Parameters<typeof end>[0]) => {
      answers(chatChunk({ role: "assistant", content: "x" }), ...end(finish));
      return (await anthropic.messages.stream(halo).finalMessage()).stop_reason;
    };
    expect(await reasonFor("stop")).toBe("end_turn");
    expect(await reasonFor("length")).toBe("max_tokens");
    expect(await reasonFor("content_filter")).toBe("refusal");
  });

  test("a structured output is asked for in OpenAI's way", async () => {
    answers(chatChunk({ role: "assistant", content: '{"city":"Solo"}' }), ...end("stop"));
    const format = { type: "json_schema" as const, schema: WEATHER_SCHEMA };
    await anthropic.messages.stream({ ...halo, output_config: { format } }).finalMessage();
    const asked = { type: "json_schema", json_schema: { schema: WEATHER_SCHEMA } };
    expect(gpt.seen.at(-1)?.body.response_format).toMatchObject(asked);
  });

  test("a stream that breaks off is an error, and a client that leaves stops the provider", async () => {
    gpt.reply = { kind: "answer", pieces: [chatChunk({ role: "assistant", content: "x" })] };
    const broken = await anthropic.messages
      .stream(halo)
      .finalMessage()
      .catch((error: unknown) => error);
    expect(broken).toBeInstanceOf(APIError);
    gpt.reply = { kind: "silence", pieces: [chatChunk({ role: "assistant", content: "x" })] };
    const stream = await anthropic.messages.create({ ...halo, stream: true });
    for await (const event of stream) if (event.type === "content_block_delta") break;
    await gpt.left;
  });

  test("a rate limit is the package's own error, and tokens are counted by an estimate that says so", async () => {
    gpt.reply = {
      kind: "error",
      status: 429,
      body: { error: { message: "slow down" } },
      headers: { "retry-after": "7" },
    };
    const limited = await anthropic.messages.create(halo).catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(RateLimitError);
    expect((limited as RateLimitError).headers?.get("retry-after")).toBe("7");
    const { model, messages } = halo;
    expect(await anthropic.messages.countTokens({ model, messages })).toMatchObject({
      input_tokens: 6,
      estimated: true,
    });
  });
});

describe("a chat client with Anthropic", () => {
  const halo = { model: "anthropic/claude-haiku-4.5", messages: [{ role: "user" as const, content: "Halo" }] };
  const weather = { type: "function" as const, function: { name: "weather", parameters: WEATHER_SCHEMA } };
  const thoughts = [
    { type: "reasoning.text", text: "Saya pikirkan dulu… 🤔", signature: SIGNATURE, format: "anthropic-claude-v1" },
    { type: "reasoning.encrypted", data: REDACTED, format: "anthropic-claude-v1" },
  ];

  test("a whole answer has its words, thoughts, and the prompt counted with what the cache gave", async () => {
    const answer = await openai.chat.completions.create({ ...halo, reasoning_effort: "low", user: "u1" });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: "stop",
      native_finish_reason: "end_turn",
      message: {
        content: "Kabar baik! 👋 Terima kasih.",
        reasoning: "Saya pikirkan dulu… 🤔",
        reasoning_details: thoughts,
      },
    });
    expect(answer.usage).toMatchObject({
      prompt_tokens: 150,
      completion_tokens: 50,
      cost: 0.0004045,
      prompt_tokens_details: { cached_tokens: 20, cache_write_tokens: 30 },
      completion_tokens_details: { reasoning_tokens: 15 },
    });
    expect(claude.seen.at(-1)?.body).toMatchObject({ max_tokens: 64_000, metadata: { user_id: "u1" } });
  });

  test("a tool loop with thoughts goes round, streamed: Anthropic takes its signed thoughts back", async () => {
    const request = { ...halo, tools: [weather], reasoning_effort: "high" as const, stream: true as const };
    const details: Record<string, unknown>[] = [];
    const calls: { id: string; type: "function"; function: { name: string; arguments: string } }[] = [];
    let content = "";
    let finish: string | null = null;
    for await (const chunk of await openai.chat.completions.create(request)) {
      const { delta, finish_reason } = chunk.choices[0] ?? { delta: {}, finish_reason: null };
      finish = finish_reason ?? finish;
      content += delta.content ?? "";
      for (const call of delta.tool_calls ?? []) {
        calls[call.index] ??= {
          id: call.id ?? "",
          type: "function",
          function: { name: call.function?.name ?? "", arguments: "" },
        };
        calls[call.index]!.function.arguments += call.function?.arguments ?? "";
      }
      // As a client does that only collects: piece by piece, nothing joined.
      details.push(...((delta as { reasoning_details?: typeof details }).reasoning_details ?? []));
    }
    expect([finish, content]).toEqual(["tool_calls", "Sebentar."]);
    expect(calls.map((call) => JSON.parse(call.function.arguments).city)).toEqual(["Solo", "Bandung"]);
    const messages: ChatCompletionMessageParam[] = [
      ...halo.messages,
      { role: "assistant", content, tool_calls: calls, reasoning_details: details } as ChatCompletionMessageParam,
      ...calls.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content: "31 °C" })),
    ];
    const second = await openai.chat.completions.create({ ...request, stream: false, messages });
    expect(second.choices[0]?.message.content).toContain("31 °C");
    const returned = claude.seen.at(-1)?.body.messages[1]?.content;
    expect(returned).toMatchObject([
      { type: "thinking", thinking: "Saya pikirkan dulu… 🤔", signature: SIGNATURE },
      { type: "redacted_thinking", data: REDACTED },
      { type: "text", text: "Sebentar." },
      { type: "tool_use", id: "toolu_1" },
      { type: "tool_use", id: "toolu_2" },
    ]);
  });

  test("a structured output, a picture and a document reach it", async () => {
    const format = zodResponseFormat(z.object({ city: z.string() }), "place");
    const parsed = await openai.chat.completions.parse({ ...halo, response_format: format });
    expect(parsed.choices[0]?.message.parsed).toEqual({ city: "Surakarta" });
    const url = `data:image/png;base64,${PIXEL}`;
    const file = {
      type: "file" as const,
      file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" },
    };
    const seen = await openai.chat.completions.create({
      ...halo,
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }, file] }],
    });
    expect(seen.choices[0]?.message.content).toBe("An image, I see.");
    expect(claude.seen.at(-1)?.body.messages[0]?.content).toMatchObject([
      { type: "image", source: { type: "base64", media_type: "image/png", data: PIXEL } },
      { type: "document", title: "a.pdf", source: { type: "base64", media_type: "application/pdf" } },
    ]);
  });

  test("parameters that Anthropic has no word for are left out and named", async () => {
    const sent = openai.chat.completions.create({ ...halo, seed: 7, logprobs: true });
    expect((await sent.asResponse()).headers.get("x-gapura-dropped-parameters")).toBe("seed, logprobs");
  });

  test("a stream that breaks is an error, and what was written until then is counted", async () => {
    const stream = await openai.chat.completions.create({
      ...halo,
      messages: [{ role: "user", content: "[broken]" }],
      stream: true,
    });
    let id = "";
    const read = async () => {
      for await (const chunk of stream) id = chunk.id;
    };
    await expect(read()).rejects.toThrow("incomplete");
    const row = await until(async () =>
      (await person.dashboard("/activity")).body.rows.find((one: { id: string }) => one.id === id),
    );
    // A quarter of the bytes that came; the stream had said 1.
    expect(row).toMatchObject({ promptTokens: 150, completionTokens: 8, finishReason: "error" });
  });
});
