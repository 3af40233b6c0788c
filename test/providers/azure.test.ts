/** Azure OpenAI through the whole server with the official `openai` package. */
import { afterEach, describe, expect, test } from "bun:test";
import OpenAI, { APIError } from "openai";
import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions";
import { startServer, type TestServer } from "../support/server.ts";
import { type AzurePiece, startAzureUpstream } from "../support/upstreams/azure.ts";
import type { MockUpstream } from "../support/upstreams/replies.ts";

const KEY = "invented0123456789abcdef0123456789";
const able = { chat_completion: true, embeddings: false };
const MODELS = [
  { id: "gpt-4o", created_at: 1, capabilities: able, lifecycle_status: "generally-available" },
  { id: "whisper", created_at: 1, capabilities: { chat_completion: false, embeddings: false } },
  { id: "gpt-4-0314", created_at: 1, capabilities: able, lifecycle_status: "retired" },
];
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

interface Setup {
  azure: MockUpstream<AzurePiece>;
  server: TestServer;
  client: OpenAI;
}

async function start(env: Record<string, string> = {}, path = ""): Promise<Setup> {
  const azure = startAzureUpstream(MODELS, KEY);
  const server = await startServer({
    ALLOW_PRIVATE_UPSTREAM: azure.host,
    AZURE_OPENAI_ENDPOINT: `${azure.url}${path}`,
    AZURE_OPENAI_API_KEY: KEY,
    ...env,
  });
  running.push(azure, server);
  const person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  return { azure, server, client: new OpenAI({ baseURL: `${server.url}/api/v1`, apiKey: secret, maxRetries: 0 }) };
}

const halo = { model: "openai/gpt-4o", messages: [{ role: "user" as const, content: "Halo!" }] };
const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };
const base = { id: "chatcmpl-1", created: 1_700_000_000, model: "gpt-4o-2024-11-20" };
const completion: ChatCompletion = {
  ...base,
  object: "chat.completion",
  usage,
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      logprobs: null,
      message: { role: "assistant", content: "Kabar baik!", refusal: null },
    },
  ],
};
const chunk = (delta: ChatCompletionChunk.Choice.Delta, finish: "stop" | null = null): ChatCompletionChunk => ({
  ...base,
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
});
const failureOf = (call: PromiseLike<unknown>): Promise<APIError> =>
  Promise.resolve(call).then(
    () => Promise.reject(new Error("it succeeded")),
    (error: unknown) => (error instanceof APIError ? error : Promise.reject(error)),
  );

test.each(["", "/", "/openai/v1", "/openai/v1/"])(
  "an endpoint that ends in %p leads to the v1 API, with the key in Azure's own header",
  async (path) => {
    const { azure, client } = await start({}, path);
    azure.reply = { kind: "answer", pieces: [completion] };
    const answer = await client.chat.completions.create(halo);
    expect(answer).toMatchObject({ model: "openai/gpt-4o", provider: "Azure OpenAI" });
    expect(answer.choices[0]?.message.content).toBe("Kabar baik!");
    expect(azure.seen[0]).toMatchObject({ path: "/openai/v1/chat/completions", body: { model: "gpt-4o" } });
  },
);

test("a dated version asks the older API, with the deployment in the path", async () => {
  const { azure, client } = await start({
    AZURE_OPENAI_API_VERSION: "2024-10-21",
    AZURE_OPENAI_DEPLOYMENTS: "gpt-4o,my-mini",
  });
  azure.reply = { kind: "answer", pieces: [completion] };
  await client.chat.completions.create(halo);
  await client.chat.completions.create({ ...halo, model: "azure/my-mini" });
  expect(azure.seen.map(({ path }) => path)).toEqual([
    "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
    "/openai/deployments/my-mini/chat/completions?api-version=2024-10-21",
  ]);
});

test("vectors are asked for where chat is, without the words that Azure does not know", async () => {
  const model = "text-embedding-3-small";
  const place = {
    "": "/openai/v1/embeddings",
    "2024-10-21": `/openai/deployments/${model}/embeddings?api-version=2024-10-21`,
  };
  for (const [version, path] of Object.entries(place)) {
    const dated = version === "" ? {} : { AZURE_OPENAI_API_VERSION: version };
    const { azure, client } = await start({ AZURE_OPENAI_DEPLOYMENTS: model, ...dated });
    const data = [{ object: "embedding" as const, index: 0, embedding: [0.5] }];
    const whole = { object: "list" as const, model, data, usage: { prompt_tokens: 2, total_tokens: 2 } };
    azure.reply = { kind: "answer", pieces: [whole] };
    const asked = {
      model: `openai/${model}`,
      input: "satu",
      input_type: "search_query",
      encoding_format: "float" as const,
    };
    expect((await client.embeddings.create(asked)).data[0]?.embedding).toEqual([0.5]);
    expect(azure.seen.map((seen) => [seen.path, seen.body])).toEqual([
      [path, { model, input: "satu", encoding_format: "float" }],
    ]);
  }
});

test("what cannot chat or is retired is not offered", async () => {
  const { client } = await start();
  const ids: string[] = [];
  for await (const { id } of client.models.list()) ids.push(id);
  expect(ids.filter((id) => !id.startsWith("sandbox/"))).toEqual(["openai/gpt-4o"]);
});

test("a stream that begins with the prompt's filter results, cut at every byte, is an ordinary one", async () => {
  const { azure, client } = await start();
  const last = { ...base, object: "chat.completion.chunk" as const, choices: [], usage };
  const pieces = [
    chunk({ role: "assistant", content: "" }),
    chunk({ content: "Kabar " }),
    chunk({ content: "baik 🌅" }),
  ];
  azure.reply = { kind: "answer", pieces: [...pieces, chunk({}, "stop"), last], cutBytes: 1 };
  const stream = await client.chat.completions.create({
    ...halo,
    stream: true,
    stream_options: { include_usage: true },
  });
  let words = "";
  const [roles, totals]: [unknown[], unknown[]] = [[], []];
  for await (const { choices, usage: reported } of stream) {
    words += choices[0]?.delta.content ?? "";
    if (choices[0]?.delta.role) roles.push(choices[0].delta.role);
    if (reported) totals.push(reported.total_tokens);
  }
  expect([words, roles, totals]).toEqual(["Kabar baik 🌅", ["assistant"], [12]]);
});

test("fields that Azure rejects are left out, and the answer says so", async () => {
  const { azure, server, client } = await start();
  azure.reply = { kind: "answer", pieces: [completion] };
  const { response } = await client.chat.completions
    .create({ ...halo, top_k: 5, seed: 7 } as typeof halo)
    .withResponse();
  expect(response.headers.get("x-gapura-dropped-parameters")).toBe("top_k");
  expect(azure.seen[0]?.body).toMatchObject({ seed: 7 });
  expect(azure.seen[0]?.body).not.toHaveProperty("top_k");
  expect(server.log.join("\n")).not.toContain(KEY);
});

test("a deployment of a model that thinks gets the limit of its answer by the name that it knows", async () => {
  const { azure, client } = await start({ AZURE_OPENAI_DEPLOYMENTS: "my-gpt-5,gpt-4o" });
  azure.reply = { kind: "answer", pieces: [completion] };
  await client.chat.completions.create({ ...halo, model: "azure/my-gpt-5", max_tokens: 77 });
  await client.chat.completions.create({ ...halo, max_tokens: 77 });
  expect(azure.seen.map(({ body }) => [body.max_completion_tokens, body.max_tokens])).toEqual([
    [77, undefined],
    [undefined, 77],
  ]);
});

test("the Responses API goes through to Azure's own", async () => {
  const { azure, client } = await start();
  const output = [
    {
      type: "message",
      id: "m1",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Baik.", annotations: [] }],
    },
  ];
  const response = { id: "resp_1", object: "response", created_at: 1, status: "completed", model: "gpt-4o", output };
  azure.reply = {
    kind: "answer",
    pieces: [{ ...response, usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } } as never],
  };
  const answer = await client.responses.create({ model: halo.model, input: "Halo!" });
  expect(answer.output_text).toBe("Baik.");
  expect(azure.seen[0]).toMatchObject({ path: "/openai/v1/responses", body: { model: "gpt-4o" } });
});

describe("errors", () => {
  test("a prompt that Azure filters is refused with its reason", async () => {
    const { azure, client } = await start();
    const error = { code: "content_filter", status: 400, message: "The prompt was filtered.", param: "prompt" };
    azure.reply = { kind: "error", status: 400, body: { error } };
    const caught = await failureOf(client.chat.completions.create(halo));
    expect(caught.status).toBe(400);
    expect(caught.message).toContain("The prompt was filtered.");
  });

  test.each([
    [403, 502],
    [404, 400],
    [500, 502],
  ])("Azure's %d is answered with the gateway's own word for it", async (status, expected) => {
    const { azure, client } = await start();
    azure.reply = { kind: "error", status, body: { error: { code: "x", message: "So it is." } } };
    const caught = await failureOf(client.chat.completions.create({ ...halo, stream: true }));
    expect(caught.status === expected).toBe(true);
  });

  test("a limit says how long to wait", async () => {
    const { azure, client } = await start();
    azure.reply = {
      kind: "error",
      status: 429,
      body: { error: { message: "Slow." } },
      headers: { "retry-after": "7" },
    };
    const caught = await failureOf(client.chat.completions.create(halo));
    expect([caught.status, caught.headers?.get("retry-after")]).toEqual([429, "7"]);
  });

  test("a wrong key is told to the operator, not to the client", async () => {
    const { server, client } = await start({ AZURE_OPENAI_API_KEY: "another0123456789abcdef0123456789" });
    const caught = await failureOf(client.chat.completions.create({ ...halo, model: "azure/gpt-4o" }));
    expect(caught.status).toBe(502);
    const person = server.visitor();
    await person.login("siti@example.com");
    const [state] = (await person.dashboard("/providers")).body.providers;
    expect(state).toMatchObject({ slug: "azure", state: "refused" });
  });

  test("a stream that breaks in the middle does not look finished", async () => {
    const { azure, client } = await start();
    const failure = { error: { code: "500", message: "It broke." } };
    azure.reply = { kind: "answer", pieces: [chunk({ role: "assistant", content: "Kabar" }), failure] };
    const stream = await client.chat.completions.create({ ...halo, stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    expect(await read().catch((error: unknown) => error)).toBeInstanceOf(APIError);
  });
});

test("a client that leaves a stream makes Azure stop", async () => {
  const { azure, client } = await start();
  azure.reply = { kind: "silence", pieces: [chunk({ role: "assistant", content: "Kabar" })] };
  const stream = await client.chat.completions.create({ ...halo, stream: true });
  for await (const _ of stream) break;
  await azure.left;
});
