/** Vectors and rankings of Google and Amazon through the whole server, with the official packages. */
import { afterEach, expect, test } from "bun:test";
import { GoogleGenAI } from "@google/genai";
import { exportPKCS8, generateKeyPair } from "jose";
import OpenAI, { APIError } from "openai";
import { startServer, type TestServer } from "../support/server.ts";
import { bedrockAccount, startBedrockUpstream } from "../support/upstreams/bedrock.ts";
import { startGeminiUpstream } from "../support/upstreams/google-gemini.ts";

const running: { stop(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

async function connect<Upstream extends { host: string; stop(): void }>(
  upstream: Upstream,
  environment: Record<string, string>,
): Promise<{ upstream: Upstream; server: TestServer; client: OpenAI; secret: string }> {
  const server = await startServer({ ALLOW_PRIVATE_UPSTREAM: upstream.host, ...environment });
  running.push(upstream, server);
  const person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  const client = new OpenAI({ baseURL: `${server.url}/api/v1`, apiKey: secret, maxRetries: 0 });
  return { upstream, server, client, secret };
}

const MODELS = [
  { name: "models/gemini-2.5-flash" },
  { name: "models/gemini-embedding-001", supportedGenerationMethods: ["embedContent", "countTokens"] },
];
const studio = () => {
  const google = startGeminiUpstream(MODELS);
  return connect(google, { GEMINI_API_KEY: google.secret, GEMINI_BASE_URL: google.url });
};
const vectorModel = (modelId: string, output = "EMBEDDING") => ({
  modelId,
  inputModalities: ["TEXT"],
  outputModalities: [output],
  inferenceTypesSupported: ["ON_DEMAND"],
  modelLifecycle: { status: "ACTIVE" },
});
const bedrock = () => {
  const modelSummaries = [
    vectorModel("amazon.titan-embed-text-v2:0"),
    vectorModel("cohere.embed-multilingual-v3"),
    vectorModel("cohere.rerank-v3-5:0", "TEXT"),
  ];
  const amazon = startBedrockUpstream({ modelSummaries, inferenceProfileSummaries: [] });
  const { region, accessKeyId, secretAccessKey } = bedrockAccount;
  const environment = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    BEDROCK_REGION: region,
  };
  return connect(amazon, { BEDROCK_BASE_URL: amazon.url, ...environment });
};
const failureOf = (call: PromiseLike<unknown>): Promise<APIError> =>
  Promise.resolve(call).then(
    () => Promise.reject(new Error("it succeeded")),
    (error: unknown) => (error instanceof APIError ? error : Promise.reject(error)),
  );
const GEMINI = "google/gemini-embedding-001";
/** Numbers that 32 bits hold exactly. */
const VECTORS = [
  [0.5, -0.25, 0.125],
  [1, 0, -2],
];
const embeddings = VECTORS.map((values) => ({ values }));

test("Gemini's vectors arrive as numbers and as base64, with their price", async () => {
  const { upstream, client } = await studio();
  upstream.reply = { kind: "answer", pieces: [{ embeddings, usageMetadata: { promptTokenCount: 8 } }] };
  const asked = { model: GEMINI, input: ["satu", "dua"] };
  // The package asks for base64 by itself, and unpacks it.
  const packed = await client.embeddings.create(asked);
  const plain = await client.embeddings.create({ ...asked, encoding_format: "float", dimensions: 768 });
  for (const answer of [packed, plain]) {
    expect(answer.data.map(({ embedding }) => [...embedding])).toEqual(VECTORS);
    expect(answer.data.map(({ index }) => index)).toEqual([0, 1]);
    expect(answer).toMatchObject({ model: GEMINI, provider: "Google AI Studio", object: "list" });
    // 8 tokens at $0.15 a million.
    expect(answer.usage).toMatchObject({ prompt_tokens: 8, total_tokens: 8, cost: 0.0000012 });
  }
  expect(upstream.seen.map(({ path }) => path)).toEqual(
    Array.from({ length: 2 }, () => "/v1beta/models/gemini-embedding-001:batchEmbedContents"),
  );
});

test("Google's own client sends the same body for the same wish", async () => {
  const { upstream, client } = await studio();
  upstream.reply = { kind: "answer", pieces: [{ embeddings }] };
  await client.embeddings.create({
    model: GEMINI,
    input: ["satu", "dua"],
    dimensions: 768,
    ...{ input_type: "search_document" },
  });
  const origin = new URL(upstream.url).origin;
  const official = new GoogleGenAI({ apiKey: upstream.secret, httpOptions: { baseUrl: origin, apiVersion: "v1beta" } });
  const config = { taskType: "RETRIEVAL_DOCUMENT", outputDimensionality: 768 };
  await official.models.embedContent({ model: "gemini-embedding-001", contents: ["satu", "dua"], config });
  const [ours, theirs] = upstream.seen;
  expect(ours?.path).toBe(theirs?.path ?? "");
  const bare = (requests: unknown) =>
    JSON.parse(JSON.stringify(requests, (name, value) => (name === "role" ? undefined : value)));
  expect(bare(ours?.body)).toEqual(bare(theirs?.body));
});

test("usage that Google does not tell is estimated, never nothing", async () => {
  const { upstream, client } = await studio();
  upstream.reply = { kind: "answer", pieces: [{ embeddings: embeddings.slice(0, 1) }] };
  const { usage } = await client.embeddings.create({ model: GEMINI, input: "satu dua tiga" });
  expect(usage.prompt_tokens).toBeGreaterThan(0);
});

test("models of vectors are listed as such, and are none for chat", async () => {
  const { server, client } = await studio();
  const answer = await fetch(`${server.url}/api/v1/embeddings/models`);
  const { data } = (await answer.json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toContain(GEMINI);
  expect(data.map(({ id }) => id)).not.toContain("google/gemini-2.5-flash");
  const messages = [{ role: "user" as const, content: "Halo!" }];
  expect((await failureOf(client.chat.completions.create({ model: GEMINI, messages }))).status).toBe(400);
  const wrong = client.embeddings.create({ model: "google/gemini-2.5-flash", input: "x" });
  expect((await failureOf(wrong)).status).toBe(400);
});

test("what cannot be embedded is refused before Google is asked; what Google says is passed on", async () => {
  const { upstream, client } = await studio();
  const many = await failureOf(
    client.embeddings.create({ model: GEMINI, input: Array.from({ length: 101 }, () => "x") }),
  );
  expect([many.status, many.message]).toEqual([400, expect.stringContaining("at most 100 inputs")]);
  const tokens = await failureOf(client.embeddings.create({ model: GEMINI, input: [1, 2, 3] }));
  expect([tokens.status, tokens.message]).toEqual([400, expect.stringContaining("token numbers")]);
  expect(upstream.seen).toEqual([]);
  const error = { code: 400, message: "Output dimensionality is too large.", status: "INVALID_ARGUMENT" };
  upstream.reply = { kind: "error", status: 400, body: { error } };
  const refused = await failureOf(client.embeddings.create({ model: GEMINI, input: "x", dimensions: 99_999 }));
  expect([refused.status, refused.message]).toEqual([400, expect.stringContaining("too large")]);
});

test("an answer with fewer vectors than texts is an error, not vectors beside the wrong texts", async () => {
  const { upstream, client } = await studio();
  upstream.reply = { kind: "answer", pieces: [{ embeddings: embeddings.slice(0, 1) }] };
  const failure = await failureOf(client.embeddings.create({ model: GEMINI, input: ["satu", "dua"] }));
  expect(failure.status).toBe(502);
});

test("Vertex is asked for vectors under the project's address with its token", async () => {
  const google = startGeminiUpstream(
    ["gemini-embedding-001", "gemini-embedding-2"].map((name) => ({ name: `publishers/google/models/${name}` })),
  );
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const keyFile = {
    type: "service_account",
    client_email: "gapura@proyek.iam.gserviceaccount.com",
    private_key: await exportPKCS8(privateKey),
    token_uri: `${new URL(google.url).origin}/token`,
  };
  const { client } = await connect(google, {
    GOOGLE_VERTEX_PROJECT: "proyek",
    GOOGLE_VERTEX_LOCATION: "asia-southeast2",
    GOOGLE_VERTEX_BASE_URL: google.url.replace("/v1beta", "/v1"),
    GOOGLE_APPLICATION_CREDENTIALS_JSON: JSON.stringify(keyFile),
  });
  const values = VECTORS[0] ?? [];
  const statistics = { token_count: 4, truncated: false };
  google.reply = { kind: "answer", pieces: [{ predictions: [{ embeddings: { values, statistics } }] }] };
  const answer = await client.embeddings.create({ model: GEMINI, input: "satu" });
  expect([...(answer.data[0]?.embedding ?? [])]).toEqual(values);
  expect(answer.usage.prompt_tokens).toBe(4);
  expect(google.seen[0]?.path).toBe(
    "/v1/projects/proyek/locations/asia-southeast2/publishers/google/models/gemini-embedding-001:predict",
  );
  google.reply = { kind: "answer", pieces: [{ embedding: { values }, usageMetadata: { promptTokenCount: 5 } }] };
  const second = await client.embeddings.create({ model: "google/gemini-embedding-2", input: "satu" });
  expect([[...(second.data[0]?.embedding ?? [])], second.usage.prompt_tokens]).toEqual([values, 5]);
  expect(google.seen[1]?.path).toEndWith("models/gemini-embedding-2:embedContent");
});

test("Titan's and Cohere's vectors are asked for signed, and counted by the body or by Amazon's header", async () => {
  const { upstream, client } = await bedrock();
  const [first = [], second = []] = VECTORS;
  upstream.reply = { kind: "answer", pieces: [{ invoked: { embedding: first, inputTextTokenCount: 3 } }] };
  const titan = await client.embeddings.create({
    model: "amazon-bedrock/amazon.titan-embed-text-v2:0",
    input: "satu",
    dimensions: 256,
  });
  expect([[...(titan.data[0]?.embedding ?? [])], titan.usage.prompt_tokens]).toEqual([first, 3]);
  const invoked = { id: "1", response_type: "embeddings_by_type", embeddings: { float: [first, second] }, texts: [] };
  upstream.reply = { kind: "answer", pieces: [{ invoked, inputTokens: 11 }] };
  const model = "amazon-bedrock/cohere.embed-multilingual-v3";
  const cohere = await client.embeddings.create({ model, input: ["satu", "dua"], encoding_format: "float" });
  expect([cohere.data.map(({ embedding }) => embedding), cohere.usage.prompt_tokens]).toEqual([VECTORS, 11]);
  expect(upstream.seen.map(({ path }) => decodeURIComponent(path))).toEqual([
    "/model/amazon.titan-embed-text-v2:0/invoke",
    "/model/cohere.embed-multilingual-v3/invoke",
  ]);
});

test("a ranking of Bedrock arrives in OpenRouter's shape", async () => {
  const { upstream, server, secret } = await bedrock();
  const results = [
    { index: 1, relevance_score: 0.9 },
    { index: 0, relevance_score: 0.1 },
  ];
  upstream.reply = { kind: "answer", pieces: [{ invoked: { results } }] };
  const answer = await fetch(`${server.url}/api/v1/rerank`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "amazon-bedrock/cohere.rerank-v3-5:0",
      query: "ibu kota",
      documents: ["Bandung", "Jakarta"],
    }),
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    provider: "Amazon Bedrock",
    results: [
      { index: 1, relevance_score: 0.9, document: { text: "Jakarta" } },
      { index: 0, relevance_score: 0.1, document: { text: "Bandung" } },
    ],
  });
  expect(upstream.seen[0]?.path).toEndWith("/invoke");
});
