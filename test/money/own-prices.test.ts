/** Prices that the owner sets in the dashboard: what the next call costs, and what is not for them to set. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { startServer, type TestServer } from "../support/server.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { expectStatus, type Visitor } from "../support/visitor.ts";

const MODEL = "lab/llama-3.3";
let server: TestServer;
let upstream: Upstream;
let owner: Visitor;
let member: Visitor;
let secret: string;

beforeAll(async () => {
  upstream = startUpstream(["llama-3.3", "qwen3"]);
  const file = "models:\n  - { id: lab/qwen3, price: { prompt: 1, completion: 2 } }\n";
  server = await startServer({ ALLOW_PRIVATE_UPSTREAM: upstream.host }, undefined, file);
  owner = await server.visitor().join("siti@example.com");
  member = await server.visitor().join("budi@example.com");
  secret = (await owner.createKey()).secret;
  const lab = { type: "openai-compatible", slug: "lab", name: "Lab", fields: { baseUrl: upstream.url } };
  expectStatus(await owner.dashboard("/providers/keys", lab), 201);
});
afterAll(async () => {
  await server.stop();
  await upstream.stop();
});

const set = (price: object | null, model = MODEL, who = owner) =>
  who.dashboard("/providers/prices", { provider: "lab", model, price }, "PATCH");
const listed = async () => (await owner.dashboard("/providers/prices?provider=lab")).body.models;

/** What a call of 1,000 prompt tokens and 2,000 completion tokens cost, by its record. */
async function charged(): Promise<{ costUsd: string | null; priceVersion: string | null }> {
  const body = { model: MODEL, messages: [{ role: "user", content: "Halo" }] };
  const answer = await owner.call("/api/v1/chat/completions", { body, headers: { authorization: `Bearer ${secret}` } });
  const { id } = expectStatus(answer, 200).body;
  return expectStatus(await owner.dashboard(`/activity/${id}`), 200).body;
}

test("a price that is set is what the next call costs, to the nano-dollar and by its version, until it is taken back", async () => {
  expect(await charged()).toMatchObject({ costUsd: null, priceVersion: null });
  const price = { prompt: "0.123456789", completion: "1.5", request: "0.000000001" };
  const answer = expectStatus(await set(price), 200).body;
  expect(answer).toMatchObject({
    model: MODEL,
    source: "dashboard",
    price: { ...price, cacheRead: null, cacheWrite: null },
  });
  // 1,000 × 0.123456789 + 2,000 × 1.5 dollars per million, and a nano-dollar: 0.003123457789, rounded up once.
  const first = await charged();
  expect(first).toMatchObject({ costUsd: "0.003123458", priceVersion: answer.version });
  expect(answer.version).toMatch(/^dashboard#[0-9a-f]{16}$/);
  const free = expectStatus(await set({ prompt: "0", completion: "0" }), 200).body;
  expect(await charged()).toMatchObject({ costUsd: "0", priceVersion: free.version });
  expect(free.version).not.toBe(answer.version);
  expectStatus(await set(null), 200);
  expect(await charged()).toMatchObject({ costUsd: null, priceVersion: null });
  const { entries } = expectStatus(await owner.dashboard("/audit?action=provider.price"), 200).body;
  expect(entries).toHaveLength(3);
  expect(entries[2]).toMatchObject({
    before: { provider: "lab", price: null },
    after: { provider: "lab", price: { prompt: "0.123456789" } },
  });
});

test("what is no price, what the provider does not offer, and what the file says, is refused; and so is who does not own the instance", async () => {
  for (const wrong of ["-1", "1.0000000001", "much", "1000001", 1]) {
    expect((await set({ prompt: wrong, completion: "1" })).status).toBe(400);
  }
  expect((await set({ prompt: "1" })).status).toBe(400);
  const price = { prompt: "1", completion: "1" };
  expect((await set(price, "lab/unheard-of")).status).toBe(404);
  expect((await set(price, "lab/qwen3")).status).toBe(409);
  expect((await set(price, MODEL, member)).status).toBe(403);
  expect((await member.dashboard("/providers/prices?provider=lab")).status).toBe(403);
  expect(await listed()).toMatchObject([
    { model: MODEL, price: null, source: null },
    { model: "lab/qwen3", price: { prompt: "1", completion: "2" }, source: "file" },
  ]);
});
