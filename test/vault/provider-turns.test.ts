/** Several accounts with one vendor, connected in the dashboard: who of them is asked first, and how often. */
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { openStorage } from "../../src/storage/open.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { type Answer, expectStatus, type Visitor } from "../support/visitor.ts";

const KEY = "sk-invented-canary-0123456789abcd";
const messages = [{ role: "user", content: "Halo" }];
let server: TestServer;
let owner: Visitor;
let member: Visitor;
let secret: string;
let first: Upstream;
let second: Upstream;

beforeAll(async () => {
  [first, second] = [startUpstream(["gpt-4o"], KEY), startUpstream(["gpt-4o"], KEY)];
  server = await startServer({ ALLOW_PRIVATE_UPSTREAM: `${first.host},${second.host}` });
  owner = await server.visitor().join("siti@example.com");
  member = await server.visitor().join("budi@example.com");
  secret = (await owner.createKey()).secret;
});
afterEach(async () => {
  await owner.removeProviders();
  for (const { seen } of [first, second]) seen.splice(0);
});
afterAll(async () => {
  await server.stop();
  for (const upstream of [first, second]) await upstream.stop();
});

async function connect(upstream: Upstream, more: object = {}): Promise<{ id: string; weight: number }> {
  const body = { type: "openai", fields: { baseUrl: upstream.url, apiKey: KEY }, ...more };
  return expectStatus(await owner.dashboard("/providers/keys", body), 201).body;
}

const bothAccounts = async (more: object = {}) => [
  await connect(first),
  await connect(second, { slug: "openai-research", name: "Research", ...more }),
];

async function change(provider: { id: string } | undefined, body: object): Promise<Answer> {
  return owner.dashboard(`/providers/keys/${provider?.id}`, body, "PATCH");
}

function call(path: string, more: object = {}): Promise<Answer> {
  const body = { model: "openai/gpt-4o", messages, ...more };
  return owner.call(path, { body, headers: { authorization: `Bearer ${secret}` } });
}

/** Who would answer, with why, the first one first. */
async function route(more: object = {}): Promise<[string, string][]> {
  const { body } = expectStatus(await call("/api/v1/routing/dry-run", more), 200);
  return body.data.endpoints.map(({ provider, reason }: Record<string, string>) => [provider, reason]);
}

const answeredBy = async () =>
  expectStatus(await call("/api/v1/chat/completions", { provider: { only: ["openai"] } }), 200).body.provider;

test("a second account with the same vendor is a provider of its own, and requests that name the vendor mean both", async () => {
  const [one] = await bothAccounts({ priority: 1 });
  const named = async (slug: string) => (await route({ provider: { only: [slug] } })).map(([provider]) => provider);
  expect(await named("openai")).toEqual(["openai", "openai-research"]);
  expect(await named("openai-research")).toEqual(["openai-research"]);
  expect(await answeredBy()).toBe("OpenAI");
  await change(one, { disabled: true });
  expect(await answeredBy()).toBe("Research");
  const again = { type: "openai", fields: { baseUrl: first.url, apiKey: KEY } };
  const taken = await owner.dashboard("/providers/keys", again);
  expect([taken.status, taken.body.error.metadata.problems[0].code]).toEqual([400, "taken"]);
});

test("a changed priority decides who answers the next request, without a restart", async () => {
  const [one, two] = await bothAccounts();
  expectStatus(await change(one, { priority: 2 }), 200);
  expect(await answeredBy()).toBe("Research");
  expectStatus(await change(two, { priority: 3 }), 200);
  expect(await answeredBy()).toBe("OpenAI");
  expect([first.seen.length, second.seen.length]).toEqual([1, 1]);
});

test("a changed weight decides the shares of the next requests without a restart, and 1 gives them back to the prices", async () => {
  const [, two] = await bothAccounts();
  expect((await route())[0]?.[1]).toContain("drawn by price");
  expect((await change(two, { weight: 4 })).body).toMatchObject({ weight: 4, priority: 0 });
  const shares = [
    ["openai", "drawn by weight (20 % of requests)"],
    ["openai-research", "drawn by weight (80 % of requests)"],
  ] satisfies [string, string][];
  expect(shares).toContainEqual((await route())[0] ?? ["nobody", ""]);
  expectStatus(await change(two, { weight: 1 }), 200);
  expect((await route())[0]?.[1]).toContain("drawn by price");
});

test("the list and the audit log say weight and priority; only the owner sets them, and only whole numbers in range", async () => {
  const one = await connect(first, { weight: 1_000, priority: 100 });
  expect((await owner.dashboard("/providers/keys")).body.keys).toMatchObject([{ weight: 1_000, priority: 100 }]);
  for (const body of [
    { weight: 0 },
    { weight: 1_001 },
    { weight: 1.5 },
    { priority: -1 },
    { priority: 101 },
    { priority: "1" },
  ]) {
    const refused = await change(one, body);
    expect([refused.status, refused.body.error.metadata.problems[0].field]).toEqual([400, Object.keys(body)[0]]);
  }
  expect((await member.dashboard(`/providers/keys/${one.id}`, { weight: 2 }, "PATCH")).status).toBe(403);
  expectStatus(await change(one, { weight: 2, priority: 100 }), 200);
  const storage = await openStorage({ dataDir: server.dataDir });
  const entry = await storage.db
    .selectFrom("audit")
    .select(["before", "after"])
    .where("action", "=", "provider.change")
    .where("target_id", "=", one.id)
    .executeTakeFirstOrThrow();
  await storage.close();
  expect([JSON.parse(entry.before ?? ""), JSON.parse(entry.after ?? "")]).toEqual([{ weight: 1_000 }, { weight: 2 }]);
});
