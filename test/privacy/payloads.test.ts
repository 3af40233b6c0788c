/** Payload logging: off, nothing of a body is stored; on, it is sealed, bounded in time, and for its own account alone. */
import { expect, test } from "bun:test";
import { OpenRouter } from "@openrouter/sdk";
import { systemClock } from "../../src/kernel/clock.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { payloadsOf } from "../../src/main/payloads.ts";
import type { StorageOptions } from "../../src/storage/open.ts";
import { createSealer } from "../../src/storage/stores/sealed-text.ts";
import { onEachEngine, type Servers } from "../support/each-server.ts";
import { everythingStored } from "../support/stored.ts";

const PROMPT = "canary prompt about a blue heron";
const ANSWER = "canary answer about a red fox";
const DAY_MS = 86_400_000;
const SECRET = "a secret of more than thirty-two characters";

const upstreamAnswer = {
  id: "x",
  object: "chat.completion",
  created: 1,
  model: "gpt-4o",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: ANSWER } }],
  usage: { prompt_tokens: 1, completion_tokens: 1 },
};

async function begin({ databases, start }: Servers, env: Record<string, string>, place?: StorageOptions) {
  const upstream = Bun.serve({
    port: 0,
    fetch: async (request) => {
      if (new URL(request.url).pathname.endsWith("/models")) return Response.json({ data: [{ id: "gpt-4o" }] });
      return (await request.text()).includes('"fail"')
        ? Response.json({ error: { message: `will not: ${PROMPT}` } }, { status: 400 })
        : Response.json(upstreamAnswer);
    },
  });
  databases.afterwards(() => upstream.stop(true));
  const host = `127.0.0.1:${upstream.port}`;
  const server = await start(
    { OPENAI_API_KEY: "sk-x", OPENAI_BASE_URL: `http://${host}/v1`, ALLOW_PRIVATE_UPSTREAM: host, ...env },
    place,
  );
  return {
    server,
    person: async (email: string, isKnown = false) => {
      const visitor = server.visitor();
      if (isKnown) await visitor.login(email);
      else await visitor.join(email);
      const { secret } = await visitor.createKey();
      const client = new OpenRouter({
        apiKey: secret,
        serverURL: `${server.url}/api/v1`,
        retryConfig: { strategy: "none" },
      });
      const ask = async (more: object = {}) => {
        const body = { model: "openai/gpt-4o", messages: [{ role: "user", content: PROMPT }], ...more };
        const answer = await visitor.call("/api/v1/chat/completions", {
          body,
          headers: { authorization: `Bearer ${secret}` },
        });
        return answer.headers.get("x-generation-id") ?? "";
      };
      const content = (id: string) => client.generations.listGenerationContent({ id }).catch((error: unknown) => error);
      return { ask, content };
    },
  };
}

onEachEngine((servers) => {
  test("off, as it is by default, nothing of a request or an answer reaches the database", async () => {
    const { server, person } = await begin(servers, {});
    const siti = await person("siti@example.com");
    const id = await siti.ask();
    await siti.ask({ fail: true });
    const stored = await everythingStored(server.place);
    expect(stored).toContain(id);
    for (const canary of [PROMPT, ANSWER, "heron", "red fox"])
      expect([canary, stored.includes(canary)]).toEqual([canary, false]);
    expect(await siti.content(id)).toMatchObject({
      statusCode: 403,
      message: expect.stringContaining("PAYLOAD_LOGGING"),
    });
    expect((await server.visitor().dashboard("/instance")).body.payloadRetentionDays).toBeNull();
  });

  test("on, the account reads what it asked and was answered, and the database holds it sealed", async () => {
    const { server, person } = await begin(servers, { PAYLOAD_LOGGING: "on", PAYLOAD_RETENTION_DAYS: "7" });
    const siti = await person("siti@example.com");
    const budi = await person("budi@example.com");
    const id = await siti.ask();
    expect(await siti.content(id)).toMatchObject({
      data: {
        input: { messages: [{ role: "user", content: PROMPT }] },
        output: { completion: ANSWER, reasoning: null },
        error: null,
      },
    });
    const failed = await siti.ask({ fail: true });
    expect(await siti.content(failed)).toMatchObject({
      data: { output: { completion: null }, error: { status: 400, providerName: "OpenAI", previousErrors: [] } },
    });
    // The first one owns the instance, and sees of Budi's request how it went and not what was said or by whom.
    const budis = await budi.ask({ user: "end-user-7", session_id: "session-7" });
    const owner = server.visitor();
    await owner.login("siti@example.com");
    const seen = (await owner.dashboard(`/administration/activity/${budis}`)).body;
    expect(seen).toMatchObject({ id: budis, account: "budi@example.com", content: null, externalUser: null });
    const listed = (await owner.dashboard("/administration/activity")).body.rows;
    expect(listed.map(({ id: one }: { id: string }) => one)).toContain(budis);
    const exported = (await owner.dashboard("/administration/activity.csv")).body;
    for (const secret of ["heron", "red fox", "end-user-7", "session-7"])
      expect(JSON.stringify([seen, listed, exported])).not.toContain(secret);
    const others = await budi.content(id);
    expect(others).toMatchObject({ statusCode: 404 });
    expect(await siti.content("gen-1-never")).toMatchObject({ statusCode: 404 });
    expect(await siti.content("nonsense")).toMatchObject({ statusCode: 400 });
    const stored = await everythingStored(server.place);
    for (const canary of [PROMPT, ANSWER, "heron", "red fox"])
      expect([canary, stored.includes(canary)]).toEqual([canary, false]);
    expect((await server.visitor().dashboard("/instance")).body.payloadRetentionDays).toBe(7);
  });

  test("what was asked before it was switched on stays unknown", async () => {
    const before = await begin(servers, {});
    const id = await (await before.person("siti@example.com")).ask();
    await before.server.stop();
    const after = await begin(servers, { PAYLOAD_LOGGING: "on" }, before.server.place);
    const siti = await after.person("siti@example.com", true);
    expect(await siti.content(id)).toMatchObject({ statusCode: 404, message: expect.stringContaining("content") });
    expect(await siti.content(await siti.ask())).toMatchObject({ data: { output: { completion: ANSWER } } });
  });

  test("after the retention it is deleted, also when logging has been switched off since; with its account at once", async () => {
    const storage = await servers.databases.open();
    const user = (id: string) => ({
      id,
      name: id,
      email: `${id}@example.com`,
      email_verified: storage.engine === "postgres" ? true : 1,
      image: null,
      created_at: new Date(0).toISOString(),
      updated_at: new Date(0).toISOString(),
      role: "member",
    });
    await storage.db
      .insertInto("user")
      .values([user("siti"), user("budi")] as never)
      .execute();
    const deps = { storage, secret: new Secret(SECRET), clock: systemClock };
    const on = payloadsOf({ payloadLogging: true, payloadRetentionDays: 7 }, deps);
    const off = payloadsOf({ payloadLogging: false, payloadRetentionDays: 7 }, deps);
    const keep = (generationId: string, userId: string, daysAgo: number) =>
      on.sink?.keep({
        generationId,
        userId,
        createdAt: Date.now() - daysAgo * DAY_MS,
        input: { prompt: PROMPT },
        output: { completion: ANSWER, reasoning: null, toolCalls: [] },
        error: null,
        isTruncated: false,
      });
    await keep("gen-1-old", "siti", 7.1);
    await keep("gen-2-new", "siti", 6.9);
    await keep("gen-3-new", "budi", 0);
    const left = async () =>
      (await storage.db.selectFrom("generation_payload").select("generation_id as id").orderBy("id").execute()).map(
        ({ id }) => id,
      );
    await off.prune();
    expect(await left()).toEqual(["gen-2-new", "gen-3-new"]);
    expect(await on.store?.find("siti", "gen-2-new")).toMatchObject({ output: { completion: ANSWER } });
    const other = payloadsOf(
      { payloadLogging: true, payloadRetentionDays: 7 },
      { ...deps, secret: new Secret(`${SECRET}!`) },
    );
    expect(await other.store?.find("siti", "gen-2-new")).toBeNull();
    await storage.db.deleteFrom("user").where("id", "=", "budi").execute();
    expect(await left()).toEqual(["gen-2-new"]);
  });
});

test("a sealed text opens for its own name, unchanged, and for nothing else", () => {
  const sealer = createSealer(new Secret(SECRET), "test");
  const sealed = sealer.seal(PROMPT, "user/gen-1");
  expect(sealer.open(sealed, "user/gen-1")).toBe(PROMPT);
  expect(sealer.open(sealed, "user/gen-2")).toBeNull();
  expect(createSealer(new Secret(SECRET), "other purpose").open(sealed, "user/gen-1")).toBeNull();
  for (let index = 0; index < sealed.length; index++) {
    const bent = Uint8Array.from(sealed);
    bent[index] = (bent[index] ?? 0) ^ 1;
    expect([index, sealer.open(bent, "user/gen-1")]).toEqual([index, null]);
  }
  for (const length of [0, 1, 12, 28, 29]) expect(sealer.open(sealed.subarray(0, length), "user/gen-1")).toBeNull();
});
