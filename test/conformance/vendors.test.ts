/**
 * Every vendor of the table, over real HTTP: a plain chat arrives whole and streamed, its own path and headers are
 * used, its key goes nowhere else, and a client that leaves stops it. What is special about a vendor stands in its folder.
 */
import { afterAll, describe, expect, test } from "bun:test";
import { exportPKCS8, generateKeyPair } from "jose";
import { filledAddress } from "../../src/catalog/vendors/fields.ts";
import { type VendorType, vendorOf, vendorTypes } from "../../src/catalog/vendors/vendors.ts";
import { createProvider } from "../../src/gateway/providers/vendors.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { hearChat } from "./clients/chat.ts";
import { startPlane } from "./gateway.ts";
import { stories } from "./stories.ts";
import { type UpstreamSide, upstreams } from "./upstreams.ts";

const KEY = "invented-key-0123456789abcdef";
const STORY = stories[0]!.told;
const MODEL = "some-model";
const CLAUDE = "anthropic.claude-haiku-4-5-20251001-v1:0";

const { privateKey } = await generateKeyPair("RS256", { extractable: true });
const keyFile = (host: string) => ({
  type: "service_account",
  client_email: "gapura@example.com",
  private_key: "",
  token_uri: `http://${host}/token`,
});

interface Special {
  dialect: UpstreamSide["dialect"];
  model: string;
  /** Under the vendor's own address. */
  path: { whole: string; streamed: string };
  /** The header that holds the key. */
  header: string;
  /** The fields beside the key. */
  fields?: Record<string, string>;
}

const same = (path: string) => ({ whole: path, streamed: path });
const USUAL: Special = {
  dialect: "openai-chat",
  model: MODEL,
  path: same("/chat/completions"),
  header: "authorization",
};
const PLACE = "/projects/my-project/locations/global/publishers/google/models";
const gemini = (place: string) => ({
  whole: `${place}/${MODEL}:generateContent`,
  streamed: `${place}/${MODEL}:streamGenerateContent?alt=sse`,
});
const bedrock = `/model/${encodeURIComponent(CLAUDE)}`;

/** The vendors that do not do what most do. */
const SPECIAL: Partial<Record<VendorType, Partial<Special>>> = {
  openai: { model: "gpt-4o" },
  anthropic: { dialect: "anthropic-messages", path: same("/messages"), header: "x-api-key" },
  "google-ai-studio": { dialect: "google-gemini", path: gemini("/models"), header: "x-goog-api-key" },
  "google-vertex": {
    dialect: "google-gemini",
    path: gemini(PLACE),
    fields: { project: "my-project", location: "global" },
  },
  "amazon-bedrock": {
    dialect: "bedrock-converse",
    model: CLAUDE,
    path: { whole: `${bedrock}/converse`, streamed: `${bedrock}/converse-stream` },
    fields: { region: "eu-central-1" },
  },
  azure: { path: same("/openai/v1/chat/completions"), header: "api-key" },
  cloudflare: { fields: { accountId: "0123456789abcdef" } },
  cohere: { path: same("/compatibility/v1/chat/completions") },
};

const EMBEDDING = {
  object: "list",
  model: MODEL,
  data: [{ object: "embedding", index: 0, embedding: [0.25, -0.5] }],
  usage: { prompt_tokens: 3, total_tokens: 3 },
};

interface Seen {
  path: string;
  headers: Headers;
}

/** Answers in the vendor's dialect whatever it is asked; or leads elsewhere; or begins a stream and falls silent. */
function startVendor(side: UpstreamSide) {
  const left = Promise.withResolvers<void>();
  const seen: Seen[] = [];
  const mode = { now: "answer" as "answer" | "silence" | "redirect", elsewhere: "" };
  const isStreamed = (path: string, body: string) =>
    /stream"?:true|[sS]tream/.test(path) || /"stream":\s*true/.test(body);
  const server = Bun.serve({
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      if (pathname === "/token") return Response.json({ access_token: KEY, expires_in: 3_600, token_type: "Bearer" });
      if (request.method === "GET") return Response.json({ data: [] });
      seen.push({ path: pathname + search, headers: request.headers });
      if (mode.now === "redirect") return Response.redirect(mode.elsewhere, 307);
      if (pathname.endsWith("/embeddings")) return Response.json(EMBEDDING);
      if (!isStreamed(pathname, await request.text())) return Response.json(side.whole(STORY));
      const type = side.dialect === "bedrock-converse" ? "application/vnd.amazon.eventstream" : "text/event-stream";
      const bytes = side.bytes(STORY);
      const silent = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(bytes.subarray(0, Math.floor(bytes.length * 0.7))),
        cancel: () => left.resolve(),
      });
      return new Response(mode.now === "silence" ? silent : bytes, { headers: { "content-type": type } });
    },
  });
  return { host: `127.0.0.1:${server.port}`, seen, mode, left: left.promise, stop: () => server.stop(true) };
}

const running: { stop(): unknown }[] = [];
afterAll(async () => {
  for (const one of running.reverse()) await one.stop();
});

async function setUp(type: VendorType) {
  const vendor = vendorOf(type);
  const special = { ...USUAL, ...SPECIAL[type] };
  const side = upstreams.find(({ dialect }) => dialect === special.dialect)!;
  const server = startVendor(side);
  const own = vendor.baseUrl === null ? "" : filledAddress(vendor.baseUrl, special.fields ?? {});
  const place = own ? new URL(own).pathname.replace(/\/$/, "") : "";
  const address = `http://${server.host}${place}`;
  const provider = createProvider[type]({ slug: "acme", name: vendor.name, baseUrl: address });
  // Only a vendor with one field gets its key as it is.
  const isPlain = vendor.fields.every(({ name }) => name === "apiKey" || name === "baseUrl");
  const account = { ...keyFile(server.host), private_key: await exportPKCS8(privateKey) };
  const secrets = type === "google-vertex" ? { serviceAccount: JSON.stringify(account) } : { apiKey: KEY };
  const credential = new Secret(isPlain ? KEY : JSON.stringify({ ...special.fields, ...secrets }));
  const connection = { provider, credential, source: "file" as const, fixedModels: [special.model], pricedAs: null };
  const plane = await startPlane([connection], [server.host]);
  running.push(server, plane);
  const model = plane.catalog.list()[0]!.id;
  const ask = (streamed: boolean) =>
    plane.call("/api/v1/chat/completions", { model, stream: streamed, messages: [{ role: "user", content: "Halo!" }] });
  const embed = () => plane.call("/api/v1/embeddings", { model, input: "Halo!" });
  return { special, server, plane, ask, embed, place };
}

/** Vendors of embeddings and rankings alone have no chat that could be asked. */
const NO_CHAT: readonly VendorType[] = ["voyage", "jina"];

describe.each(vendorTypes.filter((type) => !NO_CHAT.includes(type)))("%s", (type) => {
  test("a plain chat arrives whole and streamed, asked for at the vendor's own path with its own header", async () => {
    const { special, server, plane, ask, place } = await setUp(type);
    for (const streamed of [false, true]) {
      const answer = await ask(streamed);
      const { status, headers } = answer;
      const heard = await hearChat({ status, headers, text: await answer.text() }, streamed);
      expect(heard).toMatchObject({ text: STORY.text, ending: "stop", usage: { prompt: 1_000, cached: 200 } });
      expect(plane.last()).toMatchObject({ costNano: 2_140_000n });
      const seen = server.seen.at(-1)!;
      expect(seen.path).toBe(place + special.path[streamed ? "streamed" : "whole"]);
      const shown = special.header === "authorization" ? `Bearer ${KEY}` : KEY;
      expect(seen.headers.get(special.header)).toBe(shown);
      // The key stands in one place, and nothing of the client's goes along.
      const others = [...seen.headers].filter(([name]) => name !== special.header).map(([, value]) => value);
      expect(others.join()).not.toContain(KEY);
      expect(others.join()).not.toContain("gpr_");
    }
  });

  test("the key is not taken along to where the vendor leads", async () => {
    const { server, ask } = await setUp(type);
    const elsewhere = startVendor(upstreams[0]!);
    running.push(elsewhere);
    Object.assign(server.mode, { now: "redirect", elsewhere: `http://${elsewhere.host}/v1/chat/completions` });
    for (const streamed of [false, true]) {
      const answer = await ask(streamed);
      await answer.text();
      expect(answer.status).toBeGreaterThanOrEqual(500);
    }
    expect([server.seen.length, elsewhere.seen.length]).toEqual([2, 0]);
  });

  test("a client that leaves stops it", async () => {
    const { server, plane, ask } = await setUp(type);
    server.mode.now = "silence";
    const reader = (await ask(true)).body!.getReader();
    await reader.read();
    await reader.cancel();
    await server.left;
    expect(plane.last()).toMatchObject({ cancelled: true, status: 499 });
  });
});

describe.each(NO_CHAT)("%s", (type) => {
  test("an embedding is asked for at the vendor's own path with its key, which goes nowhere else", async () => {
    const { server, embed, place } = await setUp(type);
    const answer = await embed();
    expect([answer.status, await answer.json()]).toMatchObject([200, { data: EMBEDDING.data }]);
    const seen = server.seen[0]!;
    expect([seen.path, seen.headers.get("authorization")]).toEqual([`${place}/embeddings`, `Bearer ${KEY}`]);
    const elsewhere = startVendor(upstreams[0]!);
    running.push(elsewhere);
    Object.assign(server.mode, { now: "redirect", elsewhere: `http://${elsewhere.host}/v1/embeddings` });
    expect((await embed()).status).toBeGreaterThanOrEqual(500);
    expect(elsewhere.seen).toEqual([]);
  });
});
