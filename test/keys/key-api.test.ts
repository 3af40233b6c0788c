/** The key API as a program that is no client library meets it: what it refuses, whose keys it sees, exact money, limits. */
import { expect, test } from "bun:test";
import { createApiKey } from "../../src/kernel/api-key.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { createLedger } from "../../src/storage/ledger/ledger.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createKeyStore } from "../../src/storage/stores/keys.ts";
import { createUsageWriter } from "../../src/storage/usage-writer/usage-writer.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { usageRow } from "../support/stored.ts";
import type { Answer, CallOptions } from "../support/visitor.ts";

const halo = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };

onEachEngine(({ start, databases }) => {
  async function begin(configFile?: string) {
    const server = await start({}, undefined, configFile);
    const person = await server.visitor().join("siti@example.com");
    const program = server.visitor();
    const { secret } = await managementKey(person);
    const admin = (path: string, options: CallOptions = {}): Promise<Answer> =>
      program.call(`/api/v1${path}`, { ...options, headers: { ...bearer(secret), ...options.headers } });
    const chat = (key: string) => program.call("/api/v1/chat/completions", { body: halo, headers: bearer(key) });
    return { server, person, program, secret, admin, chat };
  }

  /** A body as its bytes, for what JSON.stringify would not write. */
  const raw = (url: string, key: string, body: string) =>
    fetch(url, { method: "POST", body, headers: { ...bearer(key), "content-type": "application/json" } });

  test("a field that cannot be meant is named, and nothing is created", async () => {
    const { admin, server, secret } = await begin();
    const wrong: [string, unknown][] = [
      ["limit_reset", "hourly"],
      ["limit", -1],
      ["limit", 1.0000000001],
      ["limit", 1_000_000_001],
      ["limit", "5"],
      ["expires_at", "2020-01-01T00:00:00Z"],
      ["expires_at", "2099-12-31"],
      ["expires_at", "2099-12-31T00:00Z"],
      ["expires_at", "2099-12-31T00:00:00+07:00"],
      ["expires_at", "2099-02-30T00:00:00Z"],
      ["expires_at", 4_000_000_000],
      ["include_byok_in_limit", "yes"],
      ["creator_user_id", "user_somebody_else"],
      ["workspace_id", "11111111-1111-1111-1111-111111111111"],
      ["external.user", { user: "" }],
      ["external.api_key", { user: "budi", api_key: `sk-${"x".repeat(40)}` }],
      ["name", ""],
      ["name", "two\nlines"],
      ["name", null],
    ];
    for (const [field, value] of wrong) {
      const [name = ""] = field.split(".");
      const answer = await admin("/keys", { body: { name: "Wrong", [name]: value } });
      const [first] = answer.body.error.metadata.problems;
      expect([field, value, answer.status, first.field]).toEqual([field, value, 400, field]);
      expect(answer.body.error.message).toContain(field);
    }
    const unknown = await admin("/keys", { body: { name: "Wrong", limits: 5 } });
    expect([unknown.status, unknown.body.error.message]).toEqual([400, expect.stringContaining("limits")]);
    for (const limit of ["1e400", "0.10000000000000000001", "9007199254740993.5"]) {
      const answer = await raw(`${server.url}/api/v1/keys`, secret, `{"name":"Wrong","limit":${limit}}`);
      const body = (await answer.json()) as { error: { message: string } };
      expect([limit, answer.status, body.error.message]).toEqual([limit, 400, expect.stringContaining("limit")]);
    }
    expect((await admin("/keys?include_disabled=true&include_expired=true")).body.data).toEqual([]);
  });

  test("a change that cannot be meant is refused and leaves the key as it was", async () => {
    const { admin } = await begin();
    const { data } = (await admin("/keys", { body: { name: "Stays", limit: 0.000000001 } })).body;
    const bodies = [
      {},
      { limit: -1 },
      { limit_reset: "yearly" },
      { expires_at: null },
      { name: "" },
      { disabled: "no" },
    ];
    for (const body of bodies) {
      const answer = await admin(`/keys/${data.hash}`, { method: "PATCH", body });
      expect([body, answer.status]).toEqual([body, 400]);
    }
    expect((await admin(`/keys/${data.hash}`)).body.data).toEqual(data);
    expect(data.limit).toBe(1e-9);
  });

  test("a list that cannot be meant is refused", async () => {
    const { admin } = await begin();
    for (const query of ["offset=-1", "offset=1.5", "offset=x", "include_disabled=maybe", "workspace_id=other"]) {
      expect([query, (await admin(`/keys?${query}`)).status]).toEqual([query, 400]);
    }
    expect((await admin("/keys?offset=&workspace_id=default")).status).toBe(200);
  });

  test("a hundred keys stand on a page, newest first, every one exactly once", async () => {
    const { admin, person, server } = await begin();
    const { id: userId } = (await person.dashboard("/account")).body;
    const storage = await openStorage(server.place);
    const store = createKeyStore(storage.db);
    const nowMs = Date.now();
    for (let index = 0; index < 105; index++) {
      const name = String(index).padStart(3, "0");
      await store.create(createApiKey("inference"), { userId, name, expiresAt: null }, nowMs - 1_000 + index);
    }
    const hidden = { userId, expiresAt: null };
    await store.create(
      createApiKey("inference"),
      { ...hidden, name: "app", appOrigin: "https://a.example.com" },
      nowMs,
    );
    await store.create(createApiKey("inference"), { ...hidden, name: "old", expiresAt: nowMs - 1 }, nowMs);
    await storage.close();
    const names = async (query: string): Promise<string[]> =>
      (await admin(`/keys?${query}`)).body.data.map((key: { name: string }) => key.name);
    const [first, second, third] = [await names(""), await names("offset=100"), await names("offset=200")];
    expect([first.length, second.length, third.length]).toEqual([100, 5, 0]);
    const all = [...first, ...second];
    expect(all).toEqual([...all].sort().reverse());
    expect(new Set(all).size).toBe(105);
    expect((await names("include_expired=true"))[0]).toBe("old");
  });

  test("a management key sees and changes the keys of its own account alone, and no management key", async () => {
    const { admin, person, server, secret } = await begin();
    const other = await server.visitor().join("budi@example.com");
    const theirs = (await other.createKey("Theirs")).id;
    const hashOf = async (id: string, who = person) => (await who.dashboard(`/keys/${id}`)).body.hash;
    const { id: ownManagementKey } = await managementKey(person, "Second");
    for (const hash of [await hashOf(theirs, other), await hashOf(ownManagementKey), "nonsense", "%2e%2e"]) {
      const tries = [
        await admin(`/keys/${hash}`),
        await admin(`/keys/${hash}`, { method: "PATCH", body: { name: "Mine now" } }),
        await admin(`/keys/${hash}`, { method: "DELETE" }),
      ];
      expect([hash, ...tries.map(({ status }) => status)]).toEqual([hash, 404, 404, 404]);
    }
    expect((await admin("/keys")).body.data).toEqual([]);
    expect((await other.dashboard(`/keys/${theirs}`)).body).toMatchObject({ name: "Theirs", state: "active" });
    const self = await admin("/key");
    expect([self.status, secret.startsWith("gprm_")]).toEqual([200, true]);
  });

  test("the old address of the calling key answers as the new one", async () => {
    const { admin } = await begin();
    expect((await admin("/auth/key")).body).toEqual((await admin("/key")).body);
  });

  test("a page of another origin may administer with a key, and is told what it may send", async () => {
    const { admin, program } = await begin();
    const headers = { origin: "https://tool.example.com", "sec-fetch-site": "cross-site" };
    const made = await admin("/keys", { body: { name: "From a page" }, headers });
    expect([made.status, made.headers.get("access-control-allow-origin")]).toEqual([201, "*"]);
    const preflight = await program.call(`/api/v1/keys/${made.body.data.hash}`, { method: "OPTIONS", headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PATCH");
  });

  test("usage, windows and what is left of a limit are the sums of the records, to the nano-dollar", async () => {
    const { admin, program, server, person } = await begin();
    const { id: userId } = (await person.dashboard("/account")).body;
    const made = (await admin("/keys", { body: { name: "Counted", limit: 1, limit_reset: "daily" } })).body;
    const storage = await openStorage(server.place);
    const writer = createUsageWriter(storage);
    const { id } = (await createKeyStore(storage.db).findByHash(made.data.hash)) ?? { id: "" };
    const row = { key_id: id, user_id: userId, cost_nano: 250_000_001n };
    await writer.record(usageRow({ ...row, created_at: Date.now() }));
    await writer.record(usageRow({ ...row, created_at: Date.now() - 40 * 86_400_000 }));
    await writer.close();
    await storage.close();
    const sums = {
      usage: 0.500000002,
      usage_daily: 0.250000001,
      usage_weekly: 0.250000001,
      usage_monthly: 0.250000001,
    };
    const spend = { ...sums, limit: 1, limit_remaining: 0.749999999, limit_reset: "daily", byok_usage: 0 };
    expect((await admin(`/keys/${made.data.hash}`)).body.data).toMatchObject(spend);
    expect((await program.call("/api/v1/key", { headers: bearer(made.key) })).body.data).toMatchObject(spend);
    const forever = await admin(`/keys/${made.data.hash}`, {
      method: "PATCH",
      body: { limit: 0.5, limit_reset: null },
    });
    expect(forever.body.data).toMatchObject({ limit: 0.5, limit_remaining: 0 });
    const { total_credits, total_usage } = (await admin("/credits")).body.data;
    expect([total_usage, total_credits]).toEqual([0.500000002, 1_000_000.500000002]);
  });

  test("a key that has spent its limit is refused with 402 until the limit is raised", async () => {
    const { admin, chat, person } = await begin("models: [{ id: sandbox/chat, price: { prompt: 1, completion: 1 } }]");
    const { key, data } = (await admin("/keys", { body: { name: "Spent", limit: 0, limit_reset: "monthly" } })).body;
    const refused = await chat(key);
    expect(refused.status).toBe(402);
    expect(refused.headers.get("retry-after")).toBeNull();
    expect(refused.body.error).toMatchObject({
      code: 402,
      metadata: {
        error_code: "key_limit_reached",
        limit_source: "openrouter_key_limit",
        limit: 0,
        limit_reset: "monthly",
      },
    });
    await admin(`/keys/${data.hash}`, { method: "PATCH", body: { limit: 5 } });
    expect((await chat(key)).status).toBe(200);
    const [last] = (await person.dashboard("/activity?outcome=error")).body.rows;
    expect(last).toMatchObject({ errorCode: "key_limit_reached" });
  });

  test("what a call costs counts against its key from the next call on", async () => {
    const upstream = Bun.serve({
      port: 0,
      fetch: (request) =>
        new URL(request.url).pathname.endsWith("/models")
          ? Response.json({ data: [{ id: "gpt-3.5-turbo" }] })
          : Response.json({
              id: "1",
              object: "chat.completion",
              created: 1,
              model: "gpt-3.5-turbo",
              choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Baik" } }],
              usage: { prompt_tokens: 1_000_000, completion_tokens: 1_000_000, total_tokens: 2_000_000 },
            }),
    });
    databases.afterwards(() => upstream.stop(true));
    const host = `127.0.0.1:${upstream.port}`;
    const server = await start({
      OPENAI_API_KEY: "sk-invented",
      OPENAI_BASE_URL: `http://${host}/v1`,
      ALLOW_PRIVATE_UPSTREAM: host,
    });
    const person = await server.visitor().join("siti@example.com");
    const { body } = await person.dashboard("/keys", { name: "Bounded", limitUsd: "0.01", limitReset: "daily" });
    const call = () => server.visitor().call("/v1/chat/completions", { body: halo, headers: bearer(body.secret) });
    expect((await call()).status).toBe(200);
    expect((await call()).status).toBe(402);
    expect((await person.dashboard(`/keys/${body.key.id}`)).body).toMatchObject({
      remainingUsd: "0",
      limitUsd: "0.01",
    });
  });

  test("limit_remaining is what another call can have: what is spent and what is held are gone from it", async () => {
    const { admin, server, person } = await begin();
    const { data, key } = (await admin("/keys", { body: { name: "Held", limit: 5, limit_reset: "daily" } })).body;
    const { keys } = (await person.dashboard("/keys?q=Held")).body;
    const { id: userId } = (await person.dashboard("/account")).body;
    const keyId: string = keys[0].id;
    const storage = await openStorage(server.place);
    const writer = createUsageWriter(storage);
    const ledger = await createLedger({ db: storage.db, writer, clock: systemClock });
    const nowMs = Date.now();
    const call = { requestId: "req_1", keyId, userId, startedAtMs: nowMs, draft: () => usageRow() };
    const amounts = { wantNano: 2_000_000_000n, leastNano: 1n };
    const limits = [{ scope: "key", ownerId: keyId, reset: "daily", nano: 5_000_000_000n }] as const;
    const decision = await ledger.reserve({ ...call, ...amounts, limits });
    const remaining = async () => [
      (await admin(`/keys/${data.hash}`)).body.data.limit_remaining,
      (await server.visitor().call("/api/v1/key", { headers: bearer(key) })).body.data.limit_remaining,
      (await person.dashboard(`/keys/${keyId}`)).body.remainingUsd,
      (await person.dashboard(`/keys/${keyId}`)).body.heldUsd,
    ];
    expect(await remaining()).toEqual([3, 3, "3", "2"]);
    if (decision.kind !== "held") throw new Error("nothing is held");
    const row = usageRow({ request_id: "req_1", key_id: keyId, user_id: userId, created_at: nowMs });
    await ledger.settle({ ...row, cost_nano: 500_000_000n }, decision.hold);
    expect(await remaining()).toEqual([4.5, 4.5, "4.5", "0"]);
    expect((await admin(`/keys/${data.hash}`)).body.data).toMatchObject({ usage: 0.5, usage_daily: 0.5 });
    await ledger.close();
    await writer.close();
    await storage.close();
  });

  test("caps on the rate are set, shown, changed and taken away, and refused where they cannot be meant", async () => {
    const { admin, person } = await begin();
    const caps = { rpm_limit: 60, tpm_limit: 90_000, max_parallel_requests: 4 };
    const { data, key } = (await admin("/keys", { body: { name: "Capped", ...caps } })).body;
    expect(data).toMatchObject(caps);
    const change = await admin(`/keys/${data.hash}`, { method: "PATCH", body: { tpm_limit: null, rpm_limit: 30 } });
    expect(change.body.data).toMatchObject({ rpm_limit: 30, tpm_limit: null, max_parallel_requests: 4 });
    const current = await person.call("/api/v1/key", { headers: bearer(key) });
    expect(current.body.data).toMatchObject({ rpm_limit: 30, tpm_limit: null, max_parallel_requests: 4 });
    for (const wrong of [0, -1, 1.5, "60"]) {
      const answer = await admin("/keys", { body: { name: "Wrong", rpm_limit: wrong } });
      expect([wrong, answer.status]).toEqual([wrong, 400]);
    }
    const management = await person.dashboard("/keys", { name: "No", kind: "management", parallel: 2 });
    expect([management.status, management.body.error.metadata.problems[0].field]).toEqual([400, "parallel"]);
  });
});
