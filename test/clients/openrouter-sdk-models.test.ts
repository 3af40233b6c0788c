/** The catalogue through OpenRouter's own package: its schemas parse every answer of every operation on models. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OpenRouter } from "@openrouter/sdk";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let client: OpenRouter;
let secret: string;
/** Without a key: the catalogue is public. */
let stranger: OpenRouter;

/** Models are named here, so nobody is asked for a list. */
const CONFIG = `
providers:
  - { type: openai-compatible, slug: groq, baseUrl: https://groq.example.com/v1, models: [llama-3.3-70b-versatile] }
  - { type: openai-compatible, slug: cerebras, baseUrl: https://cerebras.example.com/v1, models: [llama-3.3-70b] }
  - { type: openai-compatible, slug: anthropic, baseUrl: https://anthropic.example.com/v1, models: [claude-sonnet-4-5, claude-opus-4-5, claude-opus-4-6] }
  - { type: openai-compatible, slug: voyageai, baseUrl: https://voyage.example.com/v1, models: [voyage-3.5] }
  - { type: openai-compatible, slug: own, baseUrl: https://own.example.com/v1, models: [mystery] }
`;

beforeAll(async () => {
  server = await startServer({}, undefined, CONFIG);
  const person = await server.visitor().join("siti@example.com");
  secret = (await person.createKey()).secret;
  client = new OpenRouter({ apiKey: secret, serverURL: `${server.url}/api/v1` });
  stranger = new OpenRouter({ serverURL: `${server.url}/api/v1` });
});
afterAll(() => server.stop());

const LLAMA = { author: "meta-llama", slug: "llama-3.3-70b-instruct" };

test("the whole list parses, with exact prices, and an unknown price is not free", async () => {
  const { result } = await stranger.models.list({});
  const byId = new Map(result.data.map((model) => [model.id, model]));
  expect(result.totalCount).toBe(result.data.length);
  expect(result.links.next).toBeNull();
  expect(byId.get("anthropic/claude-sonnet-4.5")?.pricing).toMatchObject({
    prompt: "0.000003",
    completion: "0.000015",
    inputCacheRead: "0.0000003",
    inputCacheWrite: "0.00000375",
    inputCacheWrite1h: "0.000006",
    webSearch: "0.01",
    overrides: [{ minPromptTokens: 200_000, prompt: "0.000006", completion: "0.0000225" }],
  });
  expect(byId.get("own/mystery")?.pricing).toMatchObject({ prompt: "-1", completion: "-1" });
  expect(byId.has("voyageai/voyage-3.5")).toBe(false);
});

test("filters, sorts and pages parse and lead from one page to the next", async () => {
  const { result } = await stranger.models.list({
    q: "claude",
    sort: "newest",
    supportedParameters: "tools",
    limit: 2,
  });
  expect(result.data).toHaveLength(2);
  expect(result.totalCount).toBe(3);
  const next = await (await fetch(`${server.url}${result.links.next}`)).json();
  expect(next).toMatchObject({ data: [{ id: expect.stringContaining("claude") }], links: { next: null } });
});

test("a bad value is the package's own error with status 400 and the field's name", async () => {
  const answer = await fetch(`${server.url}/api/v1/models?sort=best`);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("sort");
  const refused = await stranger.models.list({ offset: -1 }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Error);
});

test("the count parses and is that of the list", async () => {
  const { result } = await stranger.models.list({});
  expect((await stranger.models.count()).data.count).toBe(result.totalCount);
  const everything = await stranger.models.count({ outputModalities: "all" });
  expect(everything.data.count).toBeGreaterThan(result.totalCount);
  const embeddings = await stranger.models.count({ outputModalities: "embeddings" });
  expect(embeddings.data.count).toBe((await stranger.embeddings.listModels({})).result.totalCount);
});

test("a key's own models parse, and without a key there are none", async () => {
  const { result } = await client.models.listForUser({ bearer: secret });
  expect(result.data.map(({ id }) => id)).toContain("voyageai/voyage-3.5");
  const refused = await stranger.models.listForUser({ bearer: "" }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ statusCode: 401 });
});

test("one model parses by its id, its variants, a provider's name for it and the newest of its family", async () => {
  expect((await stranger.models.get(LLAMA)).data.name).toContain("Llama 3.3");
  for (const slug of [`${LLAMA.slug}:nitro`, `${LLAMA.slug}:floor:online`]) {
    expect((await stranger.models.get({ ...LLAMA, slug })).data.id).toBe(`${LLAMA.author}/${LLAMA.slug}`);
  }
  expect((await stranger.models.get({ author: "groq", slug: "llama-3.3-70b-versatile" })).data.id).toBe(
    "meta-llama/llama-3.3-70b-instruct",
  );
  const latest = await stranger.models.get({ author: "~anthropic", slug: "claude-opus-latest" });
  expect(latest.data).toMatchObject({
    id: "~anthropic/claude-opus-latest",
    aliasTarget: { slug: "anthropic/claude-opus-4.6" },
  });
  const dated = await stranger.models.get({ author: "anthropic", slug: "claude-4.5-sonnet-20250929" });
  expect(dated.data).toMatchObject({ id: "anthropic/claude-sonnet-4.5" });
});

test("a model that nobody serves is 404 and says which", async () => {
  for (const slug of ["gpt-4o", "llama-3.3-70b-instruct:free"]) {
    const refused = await stranger.models.get({ author: "meta-llama", slug }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ statusCode: 404, message: expect.stringContaining(`meta-llama/${slug}`) });
  }
});

test("the endpoints of a model parse: everybody who serves it, each at its own price", async () => {
  const { data } = await stranger.endpoints.list(LLAMA);
  expect(data.endpoints.map(({ tag, pricing }) => [tag, pricing.prompt])).toEqual([
    ["groq", "0.00000059"],
    ["cerebras", "0.00000085"],
  ]);
  expect(data.endpoints[0]).toMatchObject({ modelId: "meta-llama/llama-3.3-70b-instruct", uptimeLast30m: null });
  expect(data.endpoints[0]?.supportsToolChoice.auto).toBe(true);
});

test("models that make embeddings, providers and endpoints that keep nothing parse", async () => {
  const { result } = await stranger.embeddings.listModels({});
  expect(result.data.map(({ id }) => id)).toContain("voyageai/voyage-3.5");
  expect(result.data.every(({ architecture }) => architecture.outputModalities.includes("embeddings"))).toBe(true);
  const providers = await stranger.providers.list();
  expect(providers.data.map(({ slug }) => slug)).toEqual([
    "groq",
    "cerebras",
    "anthropic",
    "voyageai",
    "own",
    "sandbox",
  ]);
  const zdr = await stranger.endpoints.listZdrEndpoints();
  expect(new Set(zdr.data.map(({ tag }) => tag))).toEqual(new Set(["sandbox"]));
});

test("every path also answers under /v1, to browsers of other origins, and unchanged answers are 304", async () => {
  const answer = await fetch(`${server.url}/v1/models?q=claude`, { headers: { origin: "https://app.example.com" } });
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  const etag = answer.headers.get("etag") ?? "";
  const again = await fetch(`${server.url}/v1/models?q=claude`, { headers: { "if-none-match": `W/${etag}` } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  const other = await fetch(`${server.url}/v1/models`, { headers: { "if-none-match": etag } });
  expect(other.status).toBe(200);
});

test("the list comes as RSS when that is asked for", async () => {
  const answer = await fetch(`${server.url}/api/v1/models?use_rss=true&q=claude`);
  expect(answer.headers.get("content-type")).toContain("application/rss+xml");
  expect((await answer.text()).match(/<item>/g)).toHaveLength(3);
});
