/** Gemini, by AI Studio and by Vertex, through the whole server with the official `openai` package. */
import { afterEach, describe, expect, test } from "bun:test";
import type { GenerateContentResponse, Part } from "@google/genai";
import { exportPKCS8, generateKeyPair, jwtVerify } from "jose";
import OpenAI, { APIError } from "openai";
import { startServer, type TestServer } from "../support/server.ts";
import { type GeminiPiece, type GeminiUpstream, startGeminiUpstream } from "../support/upstreams/google-gemini.ts";
import { until } from "../support/visitor.ts";

const MODELS = [
  { name: "models/gemini-2.5-flash", displayName: "Gemini 2.5 Flash", inputTokenLimit: 1_048_576 },
  { name: "models/gemini-3.5-flash", displayName: "Gemini 3.5 Flash" },
  { name: "models/gemini-embedding-001", supportedGenerationMethods: ["embedContent"] },
];
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

interface Setup {
  google: GeminiUpstream;
  server: TestServer;
  client: OpenAI;
}

async function start(envOf: (google: GeminiUpstream) => Record<string, string>): Promise<Setup> {
  const google = startGeminiUpstream(MODELS);
  const server = await startServer({ ALLOW_PRIVATE_UPSTREAM: google.host, ...envOf(google) });
  running.push(google, server);
  const person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  return { google, server, client: new OpenAI({ baseURL: `${server.url}/api/v1`, apiKey: secret, maxRetries: 0 }) };
}

const studio = () => start((google) => ({ GEMINI_API_KEY: google.secret, GEMINI_BASE_URL: google.url }));
const halo = { model: "google/gemini-3.5-flash", messages: [{ role: "user" as const, content: "Halo!" }] };

type Answer = Partial<GenerateContentResponse>;
const said = (parts: Part[], more: object = {}): Answer => ({
  responseId: "resp1",
  modelVersion: "gemini-3.5-flash",
  candidates: [{ index: 0, content: { role: "model", parts }, ...more }],
});
const stop = { finishReason: "STOP" } as object;
const usage = {
  usageMetadata: {
    promptTokenCount: 1_000,
    cachedContentTokenCount: 400,
    candidatesTokenCount: 20,
    thoughtsTokenCount: 30,
    totalTokenCount: 1_050,
  },
};
const failureOf = (call: PromiseLike<unknown>): Promise<APIError> =>
  Promise.resolve(call).then(
    () => Promise.reject(new Error("it succeeded")),
    (error: unknown) => (error instanceof APIError ? error : Promise.reject(error)),
  );

test("a whole answer arrives with usage that counts thoughts, and with its price", async () => {
  const { google, client } = await studio();
  google.reply = { kind: "answer", pieces: [{ ...said([{ text: "Kabar baik!" }], stop), ...usage }] };
  const answer = await client.chat.completions.create(halo);
  expect(answer.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "Kabar baik!" } });
  expect(answer).toMatchObject({ model: halo.model, provider: "Google AI Studio" });
  expect(answer.usage).toMatchObject({
    prompt_tokens: 1_000,
    completion_tokens: 50,
    prompt_tokens_details: { cached_tokens: 400 },
    completion_tokens_details: { reasoning_tokens: 30 },
    cost: expect.any(Number),
  });
  expect(google.seen[0]?.path).toBe("/v1beta/models/gemini-3.5-flash:generateContent");
  expect(google.seen[0]?.headers.get("x-goog-api-key")).toBe(google.secret);
  expect(google.seen[0]?.headers.has("authorization")).toBe(false);
});

test("the list is read over all its pages, without models of other operations", async () => {
  const { client } = await studio();
  const ids: string[] = [];
  for await (const { id } of client.models.list()) ids.push(id);
  expect(ids.filter((id) => id.startsWith("google/")).sort()).toEqual([
    "google/gemini-2.5-flash",
    "google/gemini-3.5-flash",
  ]);
});

test("a stream, cut at every byte, gives the words in order, its thoughts apart, and one usage", async () => {
  const { google, client } = await studio();
  const pieces: GeminiPiece[] = [
    said([{ text: "Hm, ", thought: true }]),
    said([{ text: "sapaan.", thought: true }]),
    said([{ text: "Kabar " }]),
    said([{ text: "baik 🌅" }]),
    { ...said([{ text: "", thoughtSignature: "c2ln" }], stop), ...usage },
  ];
  google.reply = { kind: "answer", pieces, cutBytes: 1 };
  const stream = await client.chat.completions.create({
    ...halo,
    stream: true,
    stream_options: { include_usage: true },
    reasoning_effort: "low",
  });
  let [words, thoughts, details] = ["", "", [] as Record<string, unknown>[]];
  const finishes: unknown[] = [];
  const usages: unknown[] = [];
  for await (const chunk of stream) {
    const delta = (chunk.choices[0]?.delta ?? {}) as Record<string, unknown>;
    words += delta.content ?? "";
    thoughts += delta.reasoning ?? "";
    details = [...details, ...((delta.reasoning_details as Record<string, unknown>[]) ?? [])];
    if (chunk.choices[0]?.finish_reason) finishes.push(chunk.choices[0].finish_reason);
    if (chunk.usage) usages.push(chunk.usage.completion_tokens);
  }
  expect([words, thoughts, finishes, usages]).toEqual(["Kabar baik 🌅", "Hm, sapaan.", ["stop"], [50]]);
  expect(details.at(-1)).toMatchObject({ type: "reasoning.encrypted", data: "c2ln", format: "google-gemini-v1" });
  expect(google.seen[0]?.body.generationConfig).toEqual({
    thinkingConfig: { includeThoughts: true, thinkingLevel: "LOW" },
  });
});

test("a tool is called with its signature, and the next request gives both back with the result", async () => {
  const { google, client } = await studio();
  const call = { id: "fc1", name: "weather", args: { city: "Bandung" } };
  google.reply = {
    kind: "answer",
    pieces: [{ ...said([{ functionCall: call, thoughtSignature: "c2ln" }], stop), ...usage }],
  };
  const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
  const tools = [{ type: "function" as const, function: { name: "weather", description: "Looks", parameters } }];
  const first = await client.chat.completions.create({ ...halo, tools, tool_choice: "required" });
  const message = first.choices[0]?.message;
  expect(first.choices[0]?.finish_reason).toBe("tool_calls");
  expect(message?.tool_calls).toEqual([
    { id: "fc1", type: "function", function: { name: "weather", arguments: '{"city":"Bandung"}' } },
  ]);
  expect(google.seen[0]?.body).toMatchObject({
    tools: [{ functionDeclarations: [{ name: "weather", description: "Looks", parametersJsonSchema: parameters }] }],
    toolConfig: { functionCallingConfig: { mode: "ANY" } },
  });
  google.reply = { kind: "answer", pieces: [{ ...said([{ text: "31 derajat." }], stop), ...usage }] };
  const result = { role: "tool" as const, tool_call_id: "fc1", content: '{"celsius":31}' };
  await client.chat.completions.create({ ...halo, tools, messages: [...halo.messages, message!, result] });
  expect(google.seen[1]?.body.contents).toEqual([
    { role: "user", parts: [{ text: "Halo!" }] },
    { role: "model", parts: [{ functionCall: call, thoughtSignature: "c2ln" }] },
    {
      role: "user",
      parts: [{ functionResponse: { id: "fc1", name: "weather", response: { output: { celsius: 31 } } } }],
    },
  ]);
});

test("a structured output is asked for with its schema, and a picture goes as its bytes", async () => {
  const { google, client } = await studio();
  google.reply = { kind: "answer", pieces: [{ ...said([{ text: '{"title":"Rendang"}' }], stop), ...usage }] };
  const schema = { type: "object", properties: { title: { type: "string" } }, required: ["title"] };
  const answer = await client.chat.completions.create({
    ...halo,
    messages: [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "Apa ini?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
        ],
      },
    ],
    response_format: { type: "json_schema", json_schema: { name: "dish", schema, strict: true } },
  });
  expect(JSON.parse(answer.choices[0]?.message.content ?? "")).toEqual({ title: "Rendang" });
  expect(google.seen[0]?.body).toEqual({
    systemInstruction: { parts: [{ text: "Be brief." }] },
    contents: [
      { role: "user", parts: [{ text: "Apa ini?" }, { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } }] },
    ],
    generationConfig: { responseMimeType: "application/json", responseJsonSchema: schema },
  });
});

test("a picture of the answer arrives as one, and a prompt that was blocked as content_filter", async () => {
  const { google, client } = await studio();
  const picture = { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } };
  google.reply = { kind: "answer", pieces: [{ ...said([{ text: "Ini:" }, picture], stop), ...usage }] };
  const painted = await client.chat.completions.create(halo);
  expect(painted.choices[0]?.message).toMatchObject({
    images: [{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }],
  });
  const blocked = { promptFeedback: { blockReason: "PROHIBITED_CONTENT" } } as GeminiPiece;
  google.reply = { kind: "answer", pieces: [{ ...blocked, ...usage } as GeminiPiece] };
  const answer = await client.chat.completions.create(halo);
  expect(answer.choices[0]?.finish_reason).toBe("content_filter");
});

describe("errors before the first byte keep their meaning", () => {
  test.each([
    [400, 400, "INVALID_ARGUMENT"],
    [403, 502, "PERMISSION_DENIED"],
    [500, 502, "INTERNAL"],
  ])("Google's %d is answered with %d", async (status, expected, word) => {
    const { google, client } = await studio();
    google.reply = { kind: "error", status, body: [{ error: { code: status, message: "So it is.", status: word } }] };
    for (const stream of [false, true]) {
      const error = await failureOf(client.chat.completions.create({ ...halo, stream }));
      expect(error.status).toBe(expected);
      if (expected === 400) expect(error.message).toContain("So it is.");
    }
  });

  test("a limit says how long to wait, as Google says it", async () => {
    const { google, client } = await studio();
    const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "13.4s" }];
    google.reply = { kind: "error", status: 429, body: { error: { code: 429, message: "Quota.", details } } };
    const error = await failureOf(client.chat.completions.create(halo));
    expect([error.status, error.headers?.get("retry-after")]).toEqual([429, "14"]);
  });

  test("a key that Google does not know is the operator's trouble, not the client's mistake", async () => {
    const { google, client, server } = await studio();
    google.secret = "AIza-another-0123456789";
    expect((await failureOf(client.chat.completions.create(halo))).status).toBe(502);
    expect(server.log.join("\n")).not.toContain("AIza-");
  });
});

test("a failure in the middle of a stream is told as one, and the stream does not look finished", async () => {
  const { google, client } = await studio();
  const failure = { error: { code: 503, message: "The model is overloaded." } };
  google.reply = { kind: "answer", pieces: [said([{ text: "Kabar" }]), failure] };
  const stream = await client.chat.completions.create({ ...halo, stream: true });
  let words = "";
  const read = async () => {
    for await (const chunk of stream) words += chunk.choices[0]?.delta.content ?? "";
  };
  const error = await read().then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(words).toBe("Kabar");
  expect(error).toBeInstanceOf(APIError);
});

test("a stream that just ends, without a reason, is a broken one", async () => {
  const { google, client } = await studio();
  google.reply = { kind: "answer", pieces: [said([{ text: "Kabar" }])] };
  const stream = await client.chat.completions.create({ ...halo, stream: true });
  const read = async () => {
    for await (const _ of stream);
  };
  expect(
    await read().then(
      () => null,
      (caught: unknown) => caught,
    ),
  ).toBeInstanceOf(APIError);
});

test("a client that leaves a stream makes Google stop", async () => {
  const { google, client } = await studio();
  google.reply = { kind: "silence", pieces: [said([{ text: "Kabar" }])] };
  const stream = await client.chat.completions.create({ ...halo, stream: true });
  for await (const _ of stream) break;
  await google.left;
});

describe("Vertex", () => {
  async function vertex() {
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    const file = {
      type: "service_account",
      client_email: "gapura@example.com",
      private_key: await exportPKCS8(privateKey),
    };
    const setup = await start((google) => ({
      GOOGLE_VERTEX_PROJECT: "my-project",
      GOOGLE_VERTEX_LOCATION: "asia-southeast2",
      GOOGLE_VERTEX_BASE_URL: `http://${google.host}/v1`,
      GOOGLE_APPLICATION_CREDENTIALS_JSON: JSON.stringify({ ...file, token_uri: `http://${google.host}/token` }),
    }));
    return { ...setup, publicKey };
  }

  test("a signed statement buys one token for many calls, which go to the project and place", async () => {
    const { google, client, publicKey } = await vertex();
    google.reply = { kind: "answer", pieces: [{ ...said([{ text: "Baik." }], stop), ...usage }] };
    const answers = await Promise.all([1, 2, 3].map(() => client.chat.completions.create(halo)));
    expect(answers.map((answer) => answer.choices[0]?.message.content)).toEqual(["Baik.", "Baik.", "Baik."]);
    expect(google.seen[0]?.path).toBe(
      "/v1/projects/my-project/locations/asia-southeast2/publishers/google/models/gemini-3.5-flash:generateContent",
    );
    expect(google.statements).toHaveLength(1);
    const { payload } = await jwtVerify(google.statements[0] ?? "", publicKey, {
      issuer: "gapura@example.com",
      audience: `http://${google.host}/token`,
    });
    expect(payload.scope).toBe("https://www.googleapis.com/auth/cloud-platform");
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3_600);
  });

  test("a token that is no longer taken is thrown away, and the next request gets a new one", async () => {
    const { google, client } = await vertex();
    google.reply = { kind: "answer", pieces: [{ ...said([{ text: "Baik." }], stop), ...usage }] };
    google.secret = "ya29.another-invented-token";
    expect((await failureOf(client.chat.completions.create(halo))).status).toBe(502);
    expect((await client.chat.completions.create(halo)).choices[0]?.message.content).toBe("Baik.");
    expect(google.statements).toHaveLength(2);
  });

  test("a key file that is none of a service account is named as the operator's trouble", async () => {
    const { server } = await start((google) => ({
      GOOGLE_VERTEX_PROJECT: "my-project",
      GOOGLE_VERTEX_LOCATION: "global",
      GOOGLE_VERTEX_BASE_URL: `http://${google.host}/v1`,
      GOOGLE_APPLICATION_CREDENTIALS_JSON: '{"type":"authorized_user"}',
    }));
    const person = server.visitor();
    await person.login("siti@example.com");
    const state = await until(async () => {
      const { providers } = (await person.dashboard("/providers")).body;
      return providers.find((one: { slug: string; state: string }) => one.state !== "checking") as unknown;
    });
    expect(state).toMatchObject({ slug: "google-vertex", state: "refused" });
  });
});
