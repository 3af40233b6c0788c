/**
 * A key that is disabled or deleted ends what runs with it: here at once, from another process within five seconds. So
 * does a former secret when its time is over, and a key that expires.
 */
import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { openStorage } from "../../src/storage/open.ts";
import { createKeyStore } from "../../src/storage/stores/keys.ts";
import { onEachEngine, type Servers } from "../support/each-server.ts";
import { startEndless } from "../support/endless.ts";
import { bearer } from "../support/keys.ts";
import { expectStatus, until } from "../support/visitor.ts";

onEachEngine((servers: Servers) => {
  async function setUp() {
    const state = startEndless();
    servers.databases.afterwards(() => state.stop());
    const env = {
      ENCRYPTION_KEY: randomBytes(32).toString("base64"),
      ALLOW_PRIVATE_UPSTREAM: state.hostAndPort,
    };
    const server = await servers.start(env);
    const person = await server.visitor().join("owner@example.com");
    const fields = { apiKey: "sk-x", baseUrl: state.baseUrl };
    const lab = { type: "openai-compatible", slug: "lab", fields, models: ["endless"] };
    expectStatus(await person.dashboard("/providers/keys", lab), 201);
    const key = await person.createKey("Stolen");
    const { id: userId } = (await person.dashboard("/account")).body;
    const ask = (stream: boolean) =>
      fetch(`${server.url}/api/v1/chat/completions`, {
        method: "POST",
        headers: { ...bearer(key.secret), "content-type": "application/json" },
        body: JSON.stringify({ model: "lab/endless", stream, messages: [{ role: "user", content: "Halo" }] }),
      });
    const store = async (change: (keys: ReturnType<typeof createKeyStore>) => Promise<unknown>) => {
      const storage = await openStorage(server.place);
      await change(createKeyStore(storage.db)).finally(() => storage.close());
    };
    return { state, server, person, key, userId, ask, store };
  }

  test("a stream ends with the refusal as its last event, the provider is stopped, and the record says so", async () => {
    const { state, person, key, ask } = await setUp();
    const answer = await ask(true);
    const text = answer.text();
    await until(async () => state.open === 1);
    expectStatus(await person.dashboard(`/keys/${key.id}`, { disabled: true }, "PATCH"), 200);
    const events = (await text).split("\n\n").filter((event) => event.startsWith("data: {"));
    const last = JSON.parse(events.at(-1)?.slice(6) ?? "{}");
    expect(last.error.metadata.error_code).toBe("disabled_key");
    expect(last.choices[0].finish_reason).toBe("error");
    await until(async () => state.open === 0);
    const { rows } = (await person.dashboard(`/activity?keyId=${key.id}`)).body;
    expect(rows).toHaveLength(1);
    expect((await person.dashboard(`/activity/${rows[0].id}`)).body.errorCode).toBe("disabled_key");
  });

  test("a whole answer that is waited for ends with the refusal, and the provider is stopped", async () => {
    const { state, person, key, ask } = await setUp();
    const answer = ask(false);
    await until(async () => state.open === 1);
    expectStatus(await person.dashboard(`/keys/${key.id}`, undefined, "DELETE"), 200);
    const got = await answer;
    expect([got.status, await got.text()]).toEqual([401, expect.stringContaining('"error_code":"unknown_key"')]);
    await until(async () => state.open === 0);
  });

  test("a stream under a former secret ends when that does, and one under the new secret goes on", async () => {
    const { state, server, person, key, ask } = await setUp();
    const former = (await ask(true)).text();
    await until(async () => state.open === 1);
    const rotated = expectStatus(await person.dashboard(`/keys/${key.id}/rotation`, { overlapSeconds: 1 }), 200).body;
    const current = await fetch(`${server.url}/api/v1/chat/completions`, {
      method: "POST",
      headers: { ...bearer(rotated.secret), "content-type": "application/json" },
      body: JSON.stringify({ model: "lab/endless", stream: true, messages: [{ role: "user", content: "Halo" }] }),
    });
    expect(await former).toContain('"error_code":"rotated_key"');
    await until(async () => state.open === 1, 30_000);
    await current.body?.cancel();
    await until(async () => state.open === 0, 30_000);
  });

  test("a stream ends when its key expires", async () => {
    const { state, person, key, ask } = await setUp();
    const text = (await ask(true)).text();
    await until(async () => state.open === 1);
    const change = { expiresAt: Date.now() + 1_500 };
    expectStatus(await person.dashboard(`/keys/${key.id}`, change, "PATCH"), 200);
    expect(await text).toContain('"error_code":"expired_key"');
    await until(async () => state.open === 0, 30_000);
  });

  test("what another process revokes ends here too, and a change that refuses nothing ends nothing", async () => {
    const { state, server, person, key, userId, ask, store } = await setUp();
    const text = (await ask(true)).text();
    await until(async () => state.open === 1);
    expectStatus(await person.dashboard(`/keys/${key.id}`, { name: "Renamed", limitUsd: "50" }, "PATCH"), 200);
    await store((keys) => keys.update(userId, key.id, { name: "Again" }, Date.now()));
    await until(async () => (await person.dashboard(`/keys/${key.id}`)).body.name === "Again");
    expect(state.open).toBe(1);
    await store((keys) => keys.delete(userId, key.id, Date.now()));
    expect(await text).toContain('"error_code":"unknown_key"');
    await until(async () => state.open === 0);
    expect((await server.visitor(bearer(key.secret)).call("/api/v1/key")).status).toBe(401);
  });
});
