/** Providers that the owner connects in the dashboard: from the typed key to the answered call, and back. */
import { afterEach, describe, expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { newWrappingKeyText } from "../../src/kernel/envelope.ts";
import { openStorage } from "../../src/storage/open.ts";
import { onEachEngine } from "../support/each-server.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { type Answer, until, type Visitor } from "../support/visitor.ts";

const KEY = "sk-invented-canary-0123456789abcd";
const OWNER = "siti@example.com";
const upstreams: Upstream[] = [];
afterEach(async () => {
  for (const upstream of upstreams.splice(0)) await upstream.stop();
});

function upstream(models: string[] = ["llama-3.3"], key: string | null = KEY): Upstream {
  const started = startUpstream(models, key);
  upstreams.push(started);
  return started;
}

const lab = (url: string, apiKey = KEY) => ({
  type: "openai-compatible",
  slug: "lab",
  name: "Lab",
  fields: { baseUrl: url, apiKey },
});

async function ask(person: Visitor, secret: string, model = "lab/llama-3.3"): Promise<Answer> {
  const body = { model, messages: [{ role: "user", content: "Halo" }] };
  return person.call("/api/v1/chat/completions", { body, headers: { authorization: `Bearer ${secret}` } });
}

const problemsOf = ({ body }: Answer): string[] =>
  body.error.metadata.problems.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`);

onEachEngine(({ start, databases }) => {
  const encryption: Record<string, string> = { ENCRYPTION_KEY: newWrappingKeyText() };

  test("a key typed in the dashboard answers calls at once, survives a restart, and is gone when it is removed", async () => {
    const other = upstream();
    const env = { ...encryption, ALLOW_PRIVATE_UPSTREAM: other.host };
    const first = await start(env);
    const owner = await first.visitor().join(OWNER);
    const { secret } = await owner.createKey();
    expect((await ask(owner, secret)).status).toBe(400);
    const added = await owner.dashboard("/providers/keys", lab(other.url));
    expect([added.status, added.body.label, added.body.fields]).toEqual([201, "sk-…abcd", { baseUrl: other.url }]);
    expect((await ask(owner, secret)).status).toBe(200);
    expect(other.seen[0]?.authorization).toBe(`Bearer ${KEY}`);
    await first.stop();

    const second = await start(env, first.place);
    const again = second.visitor();
    await again.login(OWNER);
    expect((await ask(again, secret)).body).toMatchObject({ provider: "Lab" });
    const path = `/providers/keys/${added.body.id}`;
    expect((await again.dashboard(path, { disabled: true }, "PATCH")).body).toMatchObject({ disabled: true });
    expect((await ask(again, secret)).status).toBe(400);
    expect((await again.dashboard("/providers")).body.providers).toContainEqual(
      expect.objectContaining({ slug: "lab", state: "disabled", source: "dashboard" }),
    );
    await again.dashboard(path, { disabled: false }, "PATCH");
    expect((await ask(again, secret)).status).toBe(200);
    expect((await again.dashboard(path, undefined, "DELETE")).body).toEqual({ deleted: true });
    expect((await ask(again, secret)).status).toBe(400);
    expect((await again.dashboard(path, undefined, "DELETE")).status).toBe(404);
  });

  test("another process that shares the database follows within seconds", async () => {
    if (databases.engine !== "postgres") return;
    const other = upstream();
    const env = { ...encryption, ALLOW_PRIVATE_UPSTREAM: other.host, GAPURA_SECRET: "s".repeat(40) };
    const first = await start(env);
    const second = await start(env, first.place);
    const owner = await first.visitor().join(OWNER);
    const { secret } = await owner.createKey();
    const { body } = await owner.dashboard("/providers/keys", lab(other.url));
    const elsewhere = second.visitor();
    await until(async () => (await ask(elsewhere, secret)).status === 200);
    await owner.dashboard(`/providers/keys/${body.id}`, undefined, "DELETE");
    await until(async () => (await ask(elsewhere, secret)).status === 400);
  });

  test("a start without the encryption key is refused, and nothing is made in its place", async () => {
    const other = upstream();
    const env = { ...encryption, ALLOW_PRIVATE_UPSTREAM: other.host };
    const first = await start(env);
    const owner = await first.visitor().join(OWNER);
    await owner.dashboard("/providers/keys", lab(other.url));
    await first.stop();
    const without = startServer({ ALLOW_PRIVATE_UPSTREAM: other.host }, first.place);
    await expect(without).rejects.toThrow(/keys of these providers cannot be opened: lab\..*gapura vault discard/);
    expect(existsSync(join(first.place.dataDir, "encryption.keys"))).toBe(false);
    const wrong = startServer({ ENCRYPTION_KEY: newWrappingKeyText() }, first.place);
    await expect(wrong).rejects.toThrow(/ENCRYPTION_KEY/);
  });

  test("a record that was changed in the database is locked and says so, and its key can be typed again", async () => {
    const other = upstream();
    const env = { ...encryption, ALLOW_PRIVATE_UPSTREAM: other.host };
    const first = await start(env);
    const owner = await first.visitor().join(OWNER);
    const { secret } = await owner.createKey();
    const { body } = await owner.dashboard("/providers/keys", lab(other.url));
    await first.stop();
    const storage = await openStorage(first.place);
    await storage.db.updateTable("provider_key").set({ base_url: "https://attacker.example.com/v1" }).execute();
    await storage.close();

    const second = await start(env, first.place);
    const again = second.visitor();
    await again.login(OWNER);
    const { providers } = (await again.dashboard("/providers")).body;
    expect(providers[0]).toMatchObject({ slug: "lab", state: "locked", note: expect.stringContaining("Type its key") });
    expect((await ask(again, secret)).status).toBe(400);
    const path = `/providers/keys/${body.id}`;
    const renamed = await again.dashboard(path, { name: "Renamed" }, "PATCH");
    expect([renamed.status, renamed.body.error.metadata.error_code]).toEqual([409, "provider_key_locked"]);
    const fields = { baseUrl: other.url, apiKey: KEY };
    expect((await again.dashboard(path, { fields }, "PATCH")).status).toBe(200);
    expect((await ask(again, secret)).status).toBe(200);
    expect(second.log.some((line) => line.includes("provider.key_locked"))).toBe(true);
  });

  test("a provider of the environment wins over one of the dashboard with its slug, which is shown as hidden", async () => {
    const other = upstream(["gpt-4o"], null);
    const env = { ...encryption, ALLOW_PRIVATE_UPSTREAM: other.host };
    const first = await start(env);
    const owner = await first.visitor().join(OWNER);
    const { secret } = await owner.createKey();
    await owner.dashboard("/providers/keys", { type: "openai", fields: { baseUrl: other.url, apiKey: KEY } });
    await first.stop();
    const second = await start(
      { ...env, OPENAI_API_KEY: "sk-env-0123456789", OPENAI_BASE_URL: other.url },
      first.place,
    );
    const again = second.visitor();
    await again.login(OWNER);
    const { providers } = (await again.dashboard("/providers")).body;
    expect(providers.map(({ slug, source, state }: Record<string, string>) => [slug, source, state])).toContainEqual([
      "openai",
      "dashboard",
      "hidden",
    ]);
    await ask(again, secret, "openai/gpt-4o");
    expect(other.seen.map(({ authorization }) => authorization)).toEqual(["Bearer sk-env-0123456789"]);
  });

  test("an instance without an encryption key says what to set, and stores nothing", async () => {
    if (databases.engine !== "postgres") return;
    const other = upstream();
    const server = await start({ ALLOW_PRIVATE_UPSTREAM: other.host });
    const owner = await server.visitor().join(OWNER);
    const refused = await owner.dashboard("/providers/keys", lab(other.url));
    expect([refused.status, refused.body.error.metadata.error_code]).toEqual([409, "encryption_key_missing"]);
    expect(refused.body.error.message).toContain("ENCRYPTION_KEY");
    expect((await owner.dashboard("/providers/keys")).body.keys).toEqual([]);
    expect(existsSync(join(server.place.dataDir, "encryption.keys"))).toBe(false);
  });
});

describe("one instance", () => {
  let server: TestServer;
  let owner: Visitor;
  afterEach(() => server.stop());

  async function open(env: Record<string, string> = {}, ...reached: Upstream[]): Promise<void> {
    server = await startServer({ ALLOW_PRIVATE_UPSTREAM: reached.map(({ host }) => host).join(","), ...env });
    owner = await server.visitor().join(OWNER);
  }

  test("the embedded database makes its encryption key at the first start, for its owner's eyes alone, and keeps it", async () => {
    await open();
    const { mode } = statSync(join(server.dataDir, "encryption.keys"));
    expect(mode & 0o777).toBe(0o600);
  });

  test("a stored key never follows to another origin: it must be typed again", async () => {
    const [one, two] = [upstream(), upstream(["other"], null)];
    await open({}, one, two);
    const { body } = await owner.dashboard("/providers/keys", lab(one.url));
    const path = `/providers/keys/${body.id}`;
    const moved = await owner.dashboard(path, { fields: { baseUrl: two.url } }, "PATCH");
    expect([moved.status, problemsOf(moved)]).toEqual([400, ["fields.apiKey retype"]]);
    const tested = await owner.dashboard("/providers/test", { id: body.id, fields: { baseUrl: two.url } });
    expect([tested.status, problemsOf(tested)]).toEqual([400, ["fields.apiKey retype"]]);
    expect((await owner.dashboard(path, { fields: { baseUrl: `${one.url}/deeper` } }, "PATCH")).status).toBe(200);
    const fields = { baseUrl: two.url, apiKey: "another-key-0123456789" };
    expect((await owner.dashboard(path, { fields }, "PATCH")).body).toMatchObject({ baseUrl: two.url, label: "…6789" });
    const { secret } = await owner.createKey();
    await ask(owner, secret, "lab/other");
    expect(two.seen.map(({ authorization }) => authorization)).toEqual(["Bearer another-key-0123456789"]);
  });

  test("testing says whether a key works, is refused, cannot be reached or may not be asked, and never repeats it", async () => {
    const other = upstream(["a", "b"]);
    await open({}, other);
    const check = async (fields: Record<string, string>) => {
      const { body } = await owner.dashboard("/providers/test", { type: "openai-compatible", fields });
      expect(JSON.stringify(body)).not.toContain(fields.apiKey ?? KEY);
      return body;
    };
    expect(await check({ baseUrl: other.url, apiKey: KEY })).toEqual({ result: "works", models: 2, note: null });
    expect(await check({ baseUrl: other.url, apiKey: "sk-wrong-0123456789" })).toMatchObject({ result: "refused" });
    expect(await check({ baseUrl: "http://127.0.0.1:9/v1", apiKey: KEY })).toMatchObject({
      result: "forbidden",
      note: expect.stringContaining("ALLOW_PRIVATE_UPSTREAM=127.0.0.1:9"),
    });
    const { body } = await owner.dashboard("/providers/keys", lab(other.url));
    expect((await owner.dashboard("/providers/test", { id: body.id })).body).toMatchObject({ result: "works" });
    await upstreams.splice(0)[0]?.stop();
    expect((await owner.dashboard("/providers/test", { id: body.id })).body).toMatchObject({ result: "unreachable" });
    const noted = server.log.filter((line) => line.includes("provider.key_tested")).map((line) => JSON.parse(line));
    expect(noted.map(({ reason }) => reason)).toEqual(["works", "refused", "forbidden", "works", "unreachable"]);
  });

  test("an address of the own network is not stored unless it is on the list, and the guard says how", async () => {
    const inside = upstream();
    await open();
    const refused = await owner.dashboard("/providers/keys", lab(inside.url));
    expect([refused.status, problemsOf(refused)]).toEqual([400, ["fields.baseUrl address"]]);
    expect(refused.body.error.message).toContain(`ALLOW_PRIVATE_UPSTREAM=${inside.host}`);
    expect((await owner.dashboard("/providers/keys")).body.keys).toEqual([]);
    expect(inside.seen).toEqual([]);
  });

  test("everything wrong with an entry is named at once, by its field, and without its text", async () => {
    await open({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: "http://127.0.0.1:9/v1" });
    const refusals: [object, string[]][] = [
      [{ type: "nobody", fields: {} }, ["type wrong"]],
      [{ type: "openai-compatible", fields: {} }, ["slug missing"]],
      [{ type: "openai-compatible", slug: "Sandbox!", fields: {} }, ["slug wrong"]],
      [{ type: "openai-compatible", slug: "sandbox", fields: {} }, ["slug wrong"]],
      [{ type: "openai-compatible", slug: "lab", fields: {} }, ["fields.baseUrl missing"]],
      [
        {
          type: "openai-compatible",
          slug: "lab",
          fields: { baseUrl: `ftp://${KEY}`, apiKey: `${KEY} x`, region: KEY },
        },
        ["fields.region wrong", "fields.baseUrl wrong", "fields.apiKey wrong"],
      ],
      [{ type: "openai", fields: { apiKey: KEY } }, ["slug taken"]],
      [{ type: "openai", slug: "second", fields: { apiKey: "" } }, ["fields.apiKey missing"]],
    ];
    for (const [body, problems] of refusals) {
      const answer = await owner.dashboard("/providers/keys", body);
      expect([answer.status, problemsOf(answer)]).toEqual([400, problems]);
      expect(JSON.stringify(answer.body)).not.toContain(KEY);
    }
  });

  test("replacing a key takes effect with the next call, and a call that runs ends with the key it began with", async () => {
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    const slow = Bun.serve({
      port: 0,
      fetch: async (request) => {
        if (new URL(request.url).pathname.endsWith("/models")) return Response.json({ data: [{ id: "m" }] });
        seen.push(request.headers.get("authorization") ?? "");
        if (seen.length === 1) await gate.promise;
        const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "ya" } }];
        return Response.json({ id: "x", object: "chat.completion", created: 1, model: "m", choices });
      },
    });
    const host = `127.0.0.1:${slow.port}`;
    await open({ ALLOW_PRIVATE_UPSTREAM: host });
    const { body } = await owner.dashboard("/providers/keys", lab(`http://${host}/v1`));
    const { secret } = await owner.createKey();
    const running = ask(owner, secret, "lab/m");
    await until(async () => seen.length === 1);
    const path = `/providers/keys/${body.id}`;
    await owner.dashboard(path, { fields: { apiKey: "sk-second-0123456789" } }, "PATCH");
    expect((await ask(owner, secret, "lab/m")).status).toBe(200);
    await owner.dashboard(path, undefined, "DELETE");
    gate.resolve();
    expect((await running).status).toBe(200);
    expect(seen).toEqual([`Bearer ${KEY}`, "Bearer sk-second-0123456789"]);
    await slow.stop(true);
  });

  test("every change is in the log with who made it, and with no part of a key", async () => {
    const other = upstream();
    await open({}, other);
    const { body } = await owner.dashboard("/providers/keys", lab(other.url));
    await owner.dashboard(`/providers/keys/${body.id}`, { fields: { apiKey: KEY }, name: "New" }, "PATCH");
    await owner.dashboard(`/providers/keys/${body.id}`, undefined, "DELETE");
    const { id: userId } = (await owner.dashboard("/account")).body;
    const noted = server.log.filter((line) => line.includes("provider.key_")).map((line) => JSON.parse(line));
    expect(noted).toMatchObject([
      { event: "provider.key_added", provider: "lab", userId },
      { event: "provider.key_changed", provider: "lab", userId, reason: "fields,name" },
      { event: "provider.key_removed", provider: "lab", userId },
    ]);
    expect(server.log.join("\n")).not.toContain(KEY.slice(-8));
  });

  test("with keys of the environment no file is made", async () => {
    await open({ ENCRYPTION_KEYS: `${newWrappingKeyText()},${newWrappingKeyText()}` });
    expect(existsSync(join(server.dataDir, "encryption.keys"))).toBe(false);
  });
});
