/** Every administrative change leaves its entry in the audit log, whoever makes it, and no entry holds a secret. */
import { expect, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import { settingValues } from "../../src/cli/checks/settings.ts";
import { loadConfig } from "../../src/config/load.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { openStorage, type StorageOptions } from "../../src/storage/open.ts";
import { createAuditStore } from "../../src/storage/stores/audit.ts";
import type { AuditRow } from "../../src/storage/stores/audit-chain.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { runGapura } from "../support/process.ts";
import { expectStatus, PASSWORD, type Visitor } from "../support/visitor.ts";

const SECRET = "an instance secret for tests, long enough";
const PROVIDER_KEY = "sk-audit-canary-0123456789abcdef";
const LAB = "http://127.0.0.1:9/v1";
const NEW_PASSWORD = "sembilan burung di atas pagar";
const ENV = { GAPURA_SECRET: SECRET, ENCRYPTION_KEY: randomBytes(32).toString("base64") };

interface Entry {
  action: string;
  actor: string;
  target: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

async function rowsOf(place: StorageOptions): Promise<AuditRow[]> {
  const storage = await openStorage(place);
  try {
    const audit = createAuditStore(storage.db, { secret: new Secret(SECRET), clock: systemClock });
    expect((await audit.verify()).ok).toBe(true);
    return (await audit.list({ limit: 1_000 })).reverse();
  } finally {
    await storage.close();
  }
}

function entryOf(row: AuditRow): Entry {
  return {
    action: row.action,
    actor: `${row.actor_kind}:${row.actor_id ?? ""}`,
    target: `${row.target_kind}:${row.target_id ?? ""}`,
    before: JSON.parse(row.before ?? "null"),
    after: JSON.parse(row.after ?? "null"),
  };
}

onEachEngine(({ start }) => {
  test("keys: made, changed and deleted by a person, by a management key and by an app", async () => {
    const server = await start(ENV);
    const person = await server.visitor().join("owner@example.com");
    const { id: userId } = (await person.dashboard("/account")).body;
    const { id } = await person.createKey("First");
    await person.dashboard(`/keys/${id}`, { name: "Second", limitUsd: "5", allowedAddresses: ["127.0.0.1"] }, "PATCH");
    await person.dashboard(`/keys/${id}`, { name: "Second" }, "PATCH");
    await person.dashboard(`/keys/${id}`, undefined, "DELETE");
    const manager = await managementKey(person);
    const program = server.visitor(bearer(manager.secret));
    const made = expectStatus(await program.call("/api/v1/keys", { body: { name: "By API" } }), 201).body;
    await program.call(`/api/v1/keys/${made.data.hash}`, { method: "PATCH", body: { disabled: true } });
    await program.call(`/api/v1/keys/${made.data.hash}`, { method: "DELETE" });
    const verifier = randomBytes(32).toString("base64url");
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const request = { code_challenge: challenge, code_challenge_method: "S256" };
    const grant = await person.dashboard("/oauth/authorization", { request, limitUsd: "1", limitReset: null });
    const { code } = expectStatus(grant, 201).body;
    const exchanged = await server.visitor().call("/api/v1/auth/keys", { body: { code, code_verifier: verifier } });
    expectStatus(exchanged, 200);

    const rows = await rowsOf(server.place);
    const entries = rows.map(entryOf).filter(({ action }) => action.startsWith("key."));
    const byPerson = `person:${userId}`;
    const byKey = `key:${manager.id}`;
    const madeId = made.key.slice(4, 12);
    const appId = exchanged.body.key.slice(4, 12);
    expect(entries.map(({ action, actor, target }) => [action, actor, target])).toEqual([
      ["key.create", byPerson, `key:${id}`],
      ["key.change", byPerson, `key:${id}`],
      ["key.delete", byPerson, `key:${id}`],
      ["key.create", byPerson, `key:${manager.id}`],
      ["key.create", byKey, `key:${madeId}`],
      ["key.change", byKey, `key:${madeId}`],
      ["key.delete", byKey, `key:${madeId}`],
      ["key.create", byPerson, `key:${appId}`],
    ]);
    expect(entries[1]).toMatchObject({
      before: { name: "First", limitUsd: null, allowedAddresses: null },
      after: { name: "Second", limitUsd: "5", allowedAddresses: ["127.0.0.1"] },
    });
    expect(Object.keys(entries[1]?.after ?? {})).toHaveLength(3);
    expect(entries[2]?.before).toMatchObject({ name: "Second", account: userId });
    expect(rows.every(({ address }) => address === null || address === "127.0.0.1")).toBe(true);
    expectNoSecret(rows, [manager.secret, made.key, exchanged.body.key, code, verifier, PASSWORD, SECRET]);
  });

  test("accounts, sessions, invitations, addresses and providers", async () => {
    const server = await start({ ...ENV, ALLOW_PRIVATE_UPSTREAM: "127.0.0.1:9" });
    const person = await server.visitor().join("owner@example.com");
    const { id: userId } = (await person.dashboard("/account")).body;
    await person.dashboard("/account", { name: "Siti Baru" }, "PATCH");
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expectStatus(await person.dashboard("/account/password/change", change), 200);
    const other = server.visitor();
    expectStatus(await other.login("owner@example.com", NEW_PASSWORD), 200);
    await endOther(person);
    await person.dashboard("/account/sessions/revoke-others", {}, "POST");
    const invited = (await person.dashboard("/invitations", { email: "friend@example.com" })).body;
    await person.dashboard(`/invitations/${invited.id}`, undefined, "DELETE");
    await person.dashboard("/security/addresses", { allowedAddresses: ["::1"] }, "PATCH");
    const lab = { type: "openai-compatible", slug: "lab", fields: { apiKey: PROVIDER_KEY, baseUrl: LAB } };
    const provider = expectStatus(await person.dashboard("/providers/keys", lab), 201).body;
    const typed = { fields: { apiKey: `${PROVIDER_KEY}-new` }, disabled: true };
    expectStatus(await person.dashboard(`/providers/keys/${provider.id}`, typed, "PATCH"), 200);
    await person.dashboard(`/providers/keys/${provider.id}`, undefined, "DELETE");

    const rows = await rowsOf(server.place);
    const entries = rows.map(entryOf);
    const actions = entries.map(({ action }) => action);
    expect(actions).toEqual([
      "settings.change",
      "account.create",
      "session.create",
      "account.change",
      "account.password",
      "session.create",
      "session.end",
      "session.end",
      "invitation.create",
      "invitation.delete",
      "account.addresses",
      "provider.create",
      "provider.change",
      "provider.delete",
    ]);
    const find = (action: string) => entries.find((entry) => entry.action === action);
    expect(find("account.create")).toMatchObject({ actor: `person:${userId}`, after: { role: "owner" } });
    expect(find("account.change")?.after).toEqual({ changed: ["name"] });
    expect(find("account.addresses")).toMatchObject({
      before: { allowedAddresses: null },
      after: { allowedAddresses: ["::1"] },
    });
    expect(find("provider.create")?.after).toMatchObject({ slug: "lab", baseUrl: LAB, disabled: false });
    expect(find("provider.change")?.after).toMatchObject({ disabled: true, typedFields: ["apiKey"] });
    expectNoSecret(rows, [PROVIDER_KEY, PASSWORD, NEW_PASSWORD, SECRET, ENV.ENCRYPTION_KEY]);
    // People stand in it by their id alone.
    expectNoSecret(rows, ["owner@example.com", "friend@example.com", "Siti"]);
  });

  test("a change that is refused leaves no entry", async () => {
    const server = await start(ENV);
    const person = await server.visitor().join("owner@example.com");
    const before = (await rowsOf(server.place)).length;
    expectStatus(await person.dashboard("/keys", { name: "" }), 400);
    expectStatus(await person.dashboard("/keys/noSuchId", { name: "x" }, "PATCH"), 404);
    expectStatus(await person.dashboard("/keys/noSuchId", undefined, "DELETE"), 404);
    expectStatus(await person.dashboard("/invitations/noSuchId", undefined, "DELETE"), 404);
    expectStatus(await person.dashboard("/account/sessions/noSuchId", undefined, "DELETE"), 404);
    expect((await rowsOf(server.place)).length).toBe(before);
  });

  test("settings that changed between two starts are told, each with what it was", async () => {
    const first = await start(ENV);
    await first.stop();
    const again = await start({ ...ENV, SANDBOX: "on" }, first.place);
    const settings = (await rowsOf(again.place)).map(entryOf).filter(({ action }) => action === "settings.change");
    expect(settings).toHaveLength(2);
    expect(settings[1]).toMatchObject({ before: { SANDBOX: "auto" }, after: { SANDBOX: "on" } });
    expect(Object.keys(settings[1]?.after ?? {})).not.toContain("HOST");
  });

  test("the command line verifies and lists the log, and what it changes stands in it too", async () => {
    const { place, url: _, ...server } = await start(ENV);
    const database = place.databaseUrl === undefined ? {} : { DATABASE_URL: place.databaseUrl };
    const env = { ...ENV, DATA_DIR: place.dataDir, ...database };
    const owner = ["--name", "Budi", "--email", "budi@example.com"];
    const made = JSON.parse((await runGapura(["keys", "create", "CLI", ...owner, "--json"], { env })).out);
    await runGapura(["keys", "edit", made.id, "--limit", "3"], { env });
    await runGapura(["keys", "disable", made.id], { env });
    await runGapura(["keys", "delete", made.id, "--yes"], { env });
    const listed = JSON.parse((await runGapura(["audit", "list", "--target", made.id, "--json"], { env })).out);
    expect(listed.map(({ action }: { action: string }) => action)).toEqual([
      "key.delete",
      "key.change",
      "key.change",
      "key.create",
    ]);
    expect(listed[1]).toMatchObject({ actor: { kind: "cli" }, before: { disabled: false }, after: { disabled: true } });
    await server.stop();
    const verified = await runGapura(["audit", "verify", "--json"], { env });
    expect([verified.code, JSON.parse(verified.out).ok]).toEqual([0, true]);
    expect(JSON.parse(verified.out).checkpoints).toBe(1);
    const elsewhere = await runGapura(["audit", "verify", "--json"], {
      env: { ...env, GAPURA_SECRET: `${SECRET} no` },
    });
    expect([elsewhere.code, JSON.parse(elsewhere.out).unverifiable > 0]).toEqual([1, true]);
    const nonsense = await runGapura(["audit", "list", "--action", "key.eat"], { env });
    expect([nonsense.code, nonsense.error.includes("key.delete")]).toEqual([2, true]);
  });
});

async function endOther(person: Visitor): Promise<void> {
  const { sessions } = (await person.dashboard("/account/sessions")).body;
  const other = sessions.find((session: { current: boolean }) => !session.current);
  expectStatus(await person.dashboard(`/account/sessions/${other.id}`, undefined, "DELETE"), 200);
}

function expectNoSecret(rows: readonly AuditRow[], secrets: readonly string[]): void {
  const text = JSON.stringify(rows);
  for (const secret of secrets) expect([secret, text.includes(secret)]).toEqual([secret, false]);
}

test("what is recorded of the settings holds no secret", () => {
  const secrets = {
    ...ENV,
    DATABASE_URL: "postgres://user:canary-database@db.example.com/gapura",
    SMTP_URL: "smtp://user:canary-smtp@mail.example.com:587",
    ENCRYPTION_KEYS: randomBytes(32).toString("base64"),
    OPENAI_API_KEY: PROVIDER_KEY,
  };
  const loaded = loadConfig({ env: secrets, flags: {}, cwd: "/", readFile: () => undefined });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const text = JSON.stringify(settingValues(loaded.config));
  expect(text).toContain("db.example.com");
  for (const secret of [SECRET, "canary-database", "canary-smtp", secrets.ENCRYPTION_KEYS, PROVIDER_KEY]) {
    expect([secret, text.includes(secret)]).toEqual([secret, false]);
  }
});
