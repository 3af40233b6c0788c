/** Amazon Bedrock through the whole server with the official `openai` package; Amazon's own client vouches for the mock. */
import { afterEach, describe, expect, test } from "bun:test";
import { Readable } from "node:stream";
import Anthropic from "@anthropic-ai/sdk";
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type Message,
} from "@aws-sdk/client-bedrock-runtime";
import OpenAI, { APIError } from "openai";
import { startServer, type TestServer } from "../support/server.ts";
import {
  type BedrockPiece,
  bedrockAccount,
  bedrockApiKey,
  startBedrockUpstream,
} from "../support/upstreams/bedrock.ts";
import type { MockUpstream } from "../support/upstreams/replies.ts";

const SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const entry = (modelId: string, ways: string[], output = "TEXT") => ({
  modelId,
  modelName: modelId,
  inputModalities: ["TEXT", "IMAGE"],
  outputModalities: [output],
  inferenceTypesSupported: ways,
  modelLifecycle: { status: "ACTIVE" },
});
const profile = (inferenceProfileId: string) => ({ inferenceProfileId, status: "ACTIVE", type: "SYSTEM_DEFINED" });
const MODELS = {
  modelSummaries: [
    entry(SONNET, ["INFERENCE_PROFILE"]),
    entry("amazon.nova-lite-v1:0", ["ON_DEMAND"]),
    entry("amazon.titan-image-generator-v1", ["ON_DEMAND"], "IMAGE"),
  ],
  inferenceProfileSummaries: [profile(`global.${SONNET}`), profile(`eu.${SONNET}`)],
};

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

interface Setup {
  amazon: MockUpstream<BedrockPiece>;
  server: TestServer;
  client: OpenAI;
}

const ACCESS_KEY = {
  BEDROCK_REGION: bedrockAccount.region,
  AWS_ACCESS_KEY_ID: bedrockAccount.accessKeyId,
  AWS_SECRET_ACCESS_KEY: bedrockAccount.secretAccessKey,
};

async function start(env: Record<string, string> = ACCESS_KEY): Promise<Setup> {
  const amazon = startBedrockUpstream(MODELS);
  const server = await startServer({ ALLOW_PRIVATE_UPSTREAM: amazon.host, BEDROCK_BASE_URL: amazon.url, ...env });
  running.push(amazon, server);
  const person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  return { amazon, server, client: new OpenAI({ baseURL: `${server.url}/api/v1`, apiKey: secret, maxRetries: 0 }) };
}

const halo = { model: "anthropic/claude-sonnet-4.5", messages: [{ role: "user" as const, content: "Halo!" }] };
const usage = {
  inputTokens: 100,
  outputTokens: 20,
  totalTokens: 1_020,
  cacheReadInputTokens: 800,
  cacheWriteInputTokens: 100,
};
type Content = NonNullable<Message["content"]>;
const whole = (
  content: Content,
  stopReason: "end_turn" | "tool_use" | "guardrail_intervened" = "end_turn",
): BedrockPiece => ({
  whole: { output: { message: { role: "assistant", content } }, stopReason, usage },
});
const failureOf = (call: PromiseLike<unknown>): Promise<APIError> =>
  Promise.resolve(call).then(
    () => Promise.reject(new Error("it succeeded")),
    (error: unknown) => (error instanceof APIError ? error : Promise.reject(error)),
  );

const streamed: BedrockPiece[] = [
  { event: { messageStart: { role: "assistant" } } },
  { event: { contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { text: "Hm." } } } } },
  { event: { contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { signature: "c2ln" } } } } },
  { event: { contentBlockStop: { contentBlockIndex: 0 } } },
  { event: { contentBlockDelta: { contentBlockIndex: 1, delta: { text: "Kabar " } } } },
  { event: { contentBlockDelta: { contentBlockIndex: 1, delta: { text: "baik 🌅" } } } },
  { event: { contentBlockStop: { contentBlockIndex: 1 } } },
  { event: { contentBlockStart: { contentBlockIndex: 2, start: { toolUse: { toolUseId: "t1", name: "weather" } } } } },
  { event: { contentBlockDelta: { contentBlockIndex: 2, delta: { toolUse: { input: '{"city":' } } } } },
  { event: { contentBlockDelta: { contentBlockIndex: 2, delta: { toolUse: { input: '"Bandung"}' } } } } },
  { event: { contentBlockStop: { contentBlockIndex: 2 } } },
  { event: { contentBlockStart: { contentBlockIndex: 3, start: { toolUse: { toolUseId: "t2", name: "now" } } } } },
  { event: { contentBlockStop: { contentBlockIndex: 3 } } },
  { event: { messageStop: { stopReason: "tool_use" } } },
  { event: { metadata: { usage, metrics: { latencyMs: 7 } } } },
];

describe("the mock that the tests rely on", () => {
  const ask = { modelId: SONNET, messages: [{ role: "user" as const, content: [{ text: "Halo!" }] }] };
  /** Amazon's client speaks HTTP/2 by itself, which a mock without TLS does not. */
  const requestHandler = {
    handle: async (request: { method: string; path: string; headers: Record<string, string>; body?: string }) => {
      const { method, headers, body: sent = null } = request;
      const answer = await fetch(`http://${headers.host}${request.path}`, { method, headers, body: sent });
      const body = Readable.from([Buffer.from(await answer.arrayBuffer())]);
      return { response: { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body } };
    },
  };
  function official(amazon: MockUpstream<BedrockPiece>, secretAccessKey = bedrockAccount.secretAccessKey) {
    const { region, accessKeyId } = bedrockAccount;
    const credentials = { accessKeyId, secretAccessKey };
    return new BedrockRuntimeClient({ region, credentials, endpoint: amazon.url, maxAttempts: 1, requestHandler });
  }

  test("answers Amazon's own client, whole and streamed, and refuses it with another secret", async () => {
    const amazon = startBedrockUpstream(MODELS);
    running.push(amazon);
    amazon.reply = { kind: "answer", pieces: [whole([{ text: "Baik." }])] };
    const answer = await official(amazon).send(new ConverseCommand(ask));
    expect(answer.output?.message?.content).toEqual([{ text: "Baik." }]);
    amazon.reply = { kind: "answer", pieces: streamed, cutBytes: 7 };
    const { stream } = await official(amazon).send(new ConverseStreamCommand(ask));
    const events: unknown[] = [];
    for await (const event of stream ?? []) events.push(event);
    expect(events).toEqual(streamed.map((piece) => ("event" in piece ? piece.event : null)));
    const refused = official(amazon, "another").send(new ConverseCommand(ask));
    expect(await refused.catch((error: Error) => error.message)).toContain("signature");
    expect(amazon.seen).toHaveLength(2);
  });
});

test("a model's plain id means the way nearest to the region, and other ways keep names of their own", async () => {
  const { amazon, client } = await start();
  amazon.reply = { kind: "answer", pieces: [whole([{ text: "Kabar baik!" }])] };
  const answer = await client.chat.completions.create(halo);
  expect(answer).toMatchObject({ model: halo.model, provider: "Amazon Bedrock" });
  expect(answer.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "Kabar baik!" } });
  expect(answer.usage).toMatchObject({
    prompt_tokens: 1_000,
    completion_tokens: 20,
    prompt_tokens_details: { cached_tokens: 800 },
    cost: expect.any(Number),
  });
  await client.chat.completions.create({ ...halo, model: `amazon-bedrock/global.${SONNET}` });
  expect(amazon.seen.map(({ path }) => decodeURIComponent(path))).toEqual([
    `/model/eu.${SONNET}/converse`,
    `/model/global.${SONNET}/converse`,
  ]);
  const ids: string[] = [];
  for await (const { id } of client.models.list()) ids.push(id);
  expect(ids.filter((id) => /bedrock|claude|nova/.test(id)).sort()).toEqual([
    `amazon-bedrock/global.${SONNET}`,
    "amazon/nova-lite-v1",
    "anthropic/claude-sonnet-4.5",
  ]);
});

test("a stream, cut at every byte, gives thoughts with their signature, words, calls and one usage", async () => {
  const { amazon, client } = await start();
  amazon.reply = { kind: "answer", pieces: streamed, cutBytes: 1 };
  const stream = await client.chat.completions.create({
    ...halo,
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 10_000,
    reasoning_effort: "low",
    temperature: 0.2,
  });
  const calls: { id: string; name: string; text: string }[] = [];
  let [words, thoughts] = ["", ""];
  const [signatures, finishes, usages]: [unknown[], unknown[], unknown[]] = [[], [], []];
  for await (const chunk of stream) {
    const delta = chunk.choices[0]?.delta as Record<string, never> | undefined;
    words += delta?.content ?? "";
    thoughts += delta?.reasoning ?? "";
    for (const { signature } of (delta?.reasoning_details ?? []) as { signature: unknown }[]) {
      if (signature) signatures.push(signature);
    }
    for (const call of chunk.choices[0]?.delta.tool_calls ?? []) {
      calls[call.index] ??= { id: call.id ?? "", name: call.function?.name ?? "", text: "" };
      calls[call.index]!.text += call.function?.arguments ?? "";
    }
    if (chunk.choices[0]?.finish_reason) finishes.push(chunk.choices[0].finish_reason);
    if (chunk.usage) usages.push(chunk.usage.prompt_tokens);
  }
  expect([words, thoughts, signatures]).toEqual(["Kabar baik 🌅", "Hm.", ["c2ln"]]);
  expect([finishes, usages]).toEqual([["tool_calls"], [1_000]]);
  expect(calls).toEqual([
    { id: "t1", name: "weather", text: '{"city":"Bandung"}' },
    { id: "t2", name: "now", text: "{}" },
  ]);
  expect(amazon.seen[0]?.body).toEqual({
    messages: [{ role: "user", content: [{ text: "Halo!" }] }],
    inferenceConfig: { maxTokens: 10_000 },
    additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2_000 } },
  });
});

test("a call, its thoughts and its result go back the way they came", async () => {
  const { amazon, client } = await start();
  amazon.reply = {
    kind: "answer",
    pieces: [
      whole(
        [
          { reasoningContent: { reasoningText: { text: "Hm.", signature: "c2ln" } } },
          { toolUse: { toolUseId: "t1", name: "weather", input: { city: "Bandung" } } },
        ],
        "tool_use",
      ),
    ],
  };
  const parameters = { type: "object", properties: { city: { type: "string" } } };
  const tools = [{ type: "function" as const, function: { name: "weather", parameters } }];
  const first = await client.chat.completions.create({ ...halo, tools, tool_choice: "required" });
  expect(first.choices[0]?.finish_reason).toBe("tool_calls");
  const message = first.choices[0]!.message;
  const result = { role: "tool" as const, tool_call_id: "t1", content: "31 degrees" };
  await client.chat.completions.create({ ...halo, tools, messages: [...halo.messages, message, result] });
  expect(amazon.seen[0]?.body.toolConfig).toEqual({
    tools: [{ toolSpec: { name: "weather", inputSchema: { json: parameters } } }],
    toolChoice: { any: {} },
  });
  expect(amazon.seen[1]?.body.messages).toEqual([
    { role: "user", content: [{ text: "Halo!" }] },
    {
      role: "assistant",
      content: [
        { reasoningContent: { reasoningText: { text: "Hm.", signature: "c2ln" } } },
        { toolUse: { toolUseId: "t1", name: "weather", input: { city: "Bandung" } } },
      ],
    },
    { role: "user", content: [{ toolResult: { toolUseId: "t1", content: [{ text: "31 degrees" }] } }] },
  ]);
});

test("a program written for Anthropic gets thoughts, words and calls of Claude on Bedrock, and gives them back", async () => {
  const { amazon, client } = await start();
  const baseURL = client.baseURL.replace(/\/v1$/, "");
  const anthropic = new Anthropic({ baseURL, apiKey: client.apiKey, maxRetries: 0 });
  amazon.reply = { kind: "answer", pieces: streamed, cutBytes: 5 };
  const question = { role: "user" as const, content: "Halo!" };
  const asked = {
    model: halo.model,
    max_tokens: 10_000,
    thinking: { type: "enabled" as const, budget_tokens: 2_048 },
    tools: [{ name: "weather", input_schema: { type: "object" as const } }],
  };
  const message = await anthropic.messages.stream({ ...asked, messages: [question] }).finalMessage();
  expect(message.content).toMatchObject([
    { type: "thinking", thinking: "Hm.", signature: "c2ln" },
    { type: "text", text: "Kabar baik 🌅" },
    { type: "tool_use", id: "t1", name: "weather", input: { city: "Bandung" } },
    { type: "tool_use", id: "t2", name: "now", input: {} },
  ]);
  expect(message).toMatchObject({
    stop_reason: "tool_use",
    usage: { input_tokens: 100, cache_read_input_tokens: 800, cache_creation_input_tokens: 100, output_tokens: 20 },
  });
  amazon.reply = { kind: "answer", pieces: [whole([{ text: "31." }])] };
  const results = ["t1", "t2"].map((tool_use_id) => ({ type: "tool_result" as const, tool_use_id, content: "ok" }));
  const messages = [
    question,
    { role: "assistant" as const, content: message.content },
    { role: "user" as const, content: results },
  ];
  await anthropic.messages.create({ ...asked, messages });
  expect(amazon.seen[1]?.body.messages).toEqual([
    { role: "user", content: [{ text: "Halo!" }] },
    {
      role: "assistant",
      content: [
        { reasoningContent: { reasoningText: { text: "Hm.", signature: "c2ln" } } },
        { text: "Kabar baik 🌅" },
        { toolUse: { toolUseId: "t1", name: "weather", input: { city: "Bandung" } } },
        { toolUse: { toolUseId: "t2", name: "now", input: {} } },
      ],
    },
    {
      role: "user",
      content: ["t1", "t2"].map((toolUseId) => ({ toolResult: { toolUseId, content: [{ text: "ok" }] } })),
    },
  ]);
});

test("a picture goes as its bytes, a schema as text, and an address is refused with what to do", async () => {
  const { amazon, client } = await start();
  amazon.reply = { kind: "answer", pieces: [whole([{ text: '{"title":"Rendang"}' }])] };
  const schema = { type: "object", properties: { title: { type: "string" } } };
  const look = (url: string) => ({
    ...halo,
    messages: [{ role: "user" as const, content: [{ type: "image_url" as const, image_url: { url } }] }],
    response_format: { type: "json_schema" as const, json_schema: { name: "dish", schema } },
  });
  await client.chat.completions.create(look("data:image/png;base64,iVBORw0KGgo="));
  expect(amazon.seen[0]?.body).toMatchObject({
    messages: [{ role: "user", content: [{ image: { format: "png", source: { bytes: "iVBORw0KGgo=" } } }] }],
    outputConfig: {
      textFormat: {
        type: "json_schema",
        structure: { jsonSchema: { name: "dish", schema: JSON.stringify(schema) } },
      },
    },
  });
  for (const url of ["https://example.com/a.png", "s3://bucket/a.png"]) {
    const error = await failureOf(client.chat.completions.create(look(url)));
    expect(error.status).toBe(400);
    expect(error.message).toContain("data: URL");
  }
  expect(amazon.seen).toHaveLength(1);
});

test("an answer that a guardrail stopped is one that was filtered", async () => {
  const { amazon, client } = await start();
  amazon.reply = { kind: "answer", pieces: [whole([{ text: "No." }], "guardrail_intervened")] };
  const answer = await client.chat.completions.create(halo);
  expect(answer.choices[0]?.finish_reason).toBe("content_filter");
});

test("a Bedrock API key opens it as well", async () => {
  const { amazon, client } = await start({
    BEDROCK_REGION: bedrockAccount.region,
    AWS_BEARER_TOKEN_BEDROCK: bedrockApiKey,
  });
  amazon.reply = { kind: "answer", pieces: [whole([{ text: "Baik." }])] };
  expect((await client.chat.completions.create(halo)).choices[0]?.message.content).toBe("Baik.");
  expect(amazon.seen[0]?.headers.get("authorization")).toBe(`Bearer ${bedrockApiKey}`);
});

describe("errors", () => {
  test.each([
    [400, 400],
    [403, 502],
    [424, 502],
    [500, 502],
  ])("Amazon's %d is answered with %d", async (status, expected) => {
    const { amazon, client } = await start();
    amazon.reply = { kind: "error", status, body: { message: "So it is." } };
    const error = await failureOf(client.chat.completions.create(halo));
    expect(error.status).toBe(expected);
    if (expected === 400) expect(error.message).toContain("So it is.");
  });

  test("a limit keeps its status and says how long to wait", async () => {
    const { amazon, client } = await start();
    amazon.reply = { kind: "error", status: 429, body: { message: "Slow." }, headers: { "retry-after": "9" } };
    const error = await failureOf(client.chat.completions.create({ ...halo, stream: true }));
    expect([error.status, error.headers?.get("retry-after")]).toEqual([429, "9"]);
  });

  test("an exception that is the first event of a stream is a real status", async () => {
    const { amazon, client } = await start();
    amazon.reply = { kind: "answer", pieces: [{ exception: "throttlingException", message: "Too many." }] };
    expect((await failureOf(client.chat.completions.create({ ...halo, stream: true }))).status).toBe(429);
  });

  test("an exception in the middle of a stream is told, and the stream does not look finished", async () => {
    const { amazon, client } = await start();
    const pieces = [...streamed.slice(0, 6), { exception: "modelStreamErrorException", message: "It broke." }];
    amazon.reply = { kind: "answer", pieces };
    const stream = await client.chat.completions.create({ ...halo, stream: true });
    let words = "";
    const read = async () => {
      for await (const chunk of stream) words += chunk.choices[0]?.delta.content ?? "";
    };
    const error = await read().catch((caught: unknown) => caught);
    expect(words).toBe("Kabar baik 🌅");
    expect(error).toBeInstanceOf(APIError);
  });

  test("wrong access keys are the operator's trouble, and no part of them is shown or logged", async () => {
    const { client, server } = await start({
      ...ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: "another/secret/access/key/9876543210",
    });
    const error = await failureOf(client.chat.completions.create({ ...halo, model: `amazon-bedrock/eu.${SONNET}` }));
    expect(error.status).toBe(502);
    const everything = server.log.join("\n") + server.printed.join("\n") + JSON.stringify(error.error);
    expect(everything).not.toContain("another/secret");
    expect(everything).not.toContain(bedrockAccount.accessKeyId);
  });
});

test("a client that leaves a stream makes Amazon stop", async () => {
  const { amazon, client } = await start();
  amazon.reply = { kind: "silence", pieces: streamed.slice(0, 5) };
  const stream = await client.chat.completions.create({ ...halo, stream: true });
  for await (const _ of stream) break;
  await amazon.left;
});
