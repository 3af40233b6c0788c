/** Who answers when the guide's `gpt-3.5` is called, and how providers are found. */
import { afterEach, expect, test } from "bun:test";
import { startServer, type TestServer } from "../support/server.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import type { Answer } from "../support/visitor.ts";

const OPENAI_KEY = "sk-invented-0123456789abcdef";
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

function upstream(models: string[], key: string | null = null): Upstream {
  const started = startUpstream(models, key);
  running.push(started);
  return started;
}

async function start(env: Record<string, string>): Promise<TestServer> {
  const server = await startServer(env);
  running.push(server);
  return server;
}

async function ask(server: TestServer, model: string): Promise<Answer> {
  const person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  const body = { model, messages: [{ role: "user", content: "Halo, apa kabar?" }], logit_bias: { "1": 2 }, seed: 7 };
  return person.call("/api/v1/chat/completions", { body, headers: { authorization: `Bearer ${secret}` } });
}

test("without any provider the sandbox answers gpt-3.5, and says so", async () => {
  const { status, body } = await ask(await start({}), "gpt-3.5");
  expect([status, body.provider, body.model, body.usage.cost]).toEqual([200, "Sandbox", "sandbox/chat", 0]);
  expect(body.choices[0].message.content).toContain("openai/gpt-3.5-turbo");
});

test("a key in the environment connects OpenAI, which then answers gpt-3.5, at its price, with unknown fields untouched", async () => {
  const openai = upstream(["gpt-3.5-turbo", "gpt-4o"], OPENAI_KEY);
  const server = await start({
    OPENAI_API_KEY: OPENAI_KEY,
    OPENAI_BASE_URL: openai.url,
    ALLOW_PRIVATE_UPSTREAM: openai.host,
  });
  const { status, body } = await ask(server, "gpt-3.5");
  expect([status, body.provider, body.model]).toEqual([200, "OpenAI", "openai/gpt-3.5-turbo"]);
  expect(body.choices[0].message.content).toBe("Kabar baik!");
  // 1,000 tokens at $0.50 and 2,000 at $1.50 a million.
  expect(body.usage.cost).toBe(0.0035);
  expect(openai.seen).toEqual([
    {
      authorization: `Bearer ${OPENAI_KEY}`,
      body: expect.objectContaining({ model: "gpt-3.5-turbo", logit_bias: { "1": 2 }, seed: 7 }),
    },
  ]);
  expect(server.printed.join("\n")).toContain("OpenAI (2 models)");
});

test("with a provider that does not have it, gpt-3.5 is a clear error that names what to connect", async () => {
  const other = upstream(["llama-3.3"]);
  const server = await startServerWithFile(other);
  const { status, body } = await ask(server, "gpt-3.5");
  expect([status, body.error.metadata.error_code]).toEqual([404, "model_not_connected"]);
  expect(body.error.message).toContain("OPENAI_API_KEY");
  expect(body.error.message).toContain("OpenRouter");
  const direct = await server.visitor().login("siti@example.com");
  expect(direct.status).toBe(200);
});

test("any OpenAI-compatible address can be connected in the file, and its models are listed under its name", async () => {
  const other = upstream(["llama-3.3"], "key-of-the-server-0123456789");
  const server = await startServerWithFile(other, "key-of-the-server-0123456789");
  const { status, body } = await ask(server, "rumah/llama-3.3");
  expect([status, body.provider, body.usage.cost]).toEqual([200, "Server Rumah", null]);
  const { body: list } = await server.visitor().call("/api/v1/models");
  const listed = list.data.find((model: { id: string }) => model.id === "rumah/llama-3.3");
  expect(listed.pricing).toMatchObject({ prompt: "-1", completion: "-1" });
});

test("a provider that refuses its key is shown as refused, with what to do, and nobody gets its models", async () => {
  const openai = upstream(["gpt-4o"], "another-key-than-the-configured");
  const server = await start({
    OPENAI_API_KEY: OPENAI_KEY,
    OPENAI_BASE_URL: openai.url,
    ALLOW_PRIVATE_UPSTREAM: openai.host,
  });
  const { status, body } = await ask(server, "openai/gpt-4o");
  expect([status, body.error.metadata.error_code]).toEqual([502, "provider_auth"]);
  const person = server.visitor();
  await person.login("siti@example.com");
  const { providers } = (await person.dashboard("/providers")).body;
  expect(providers[0]).toMatchObject({ slug: "openai", state: "refused", note: expect.stringContaining("API key") });
  expect(JSON.stringify(providers)).not.toContain(OPENAI_KEY);
});

test("an address inside the network is refused unless the operator has allowed exactly it", async () => {
  const inside = upstream(["gpt-3.5-turbo"]);
  const server = await start({ OPENAI_API_KEY: OPENAI_KEY, OPENAI_BASE_URL: inside.url });
  const { status, body } = await ask(server, "openai/gpt-3.5-turbo");
  expect([status, body.error.metadata.error_code]).toEqual([502, "provider_unavailable"]);
  expect(inside.seen).toEqual([]);
  expect(body.error.message).not.toContain("127.0.0.1");
});

async function startServerWithFile(other: Upstream, key?: string): Promise<TestServer> {
  const apiKey = key === undefined ? "" : `\n    apiKey: ${key}`;
  const file = `providers:\n  - type: openai-compatible\n    slug: rumah\n    name: Server Rumah\n    baseUrl: ${other.url}${apiKey}\n`;
  const server = await startServer({ ALLOW_PRIVATE_UPSTREAM: other.host }, undefined, file);
  running.push(server);
  return server;
}
