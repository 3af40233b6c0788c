/** A key that is rotated stays the same key: two secrets for a while, one limit, one history; then the old one ends. */
import { expect, test } from "bun:test";
import { hashApiKey } from "../../src/kernel/api-key.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createKeyStore } from "../../src/storage/stores/keys.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { expectStatus, until, type Visitor } from "../support/visitor.ts";

const HOUR = 3_600;

onEachEngine(({ start }) => {
  async function begin() {
    const server = await start();
    const person = await server.visitor().join("owner@example.com");
    const program = server.visitor();
    const statusOf = async (key: string) => (await program.call("/api/v1/key", { headers: bearer(key) })).status;
    const codeOf = async (key: string) =>
      (await program.call("/api/v1/key", { headers: bearer(key) })).body.error?.metadata.error_code ?? "ok";
    const rotate = (id: string, overlapSeconds: number, who: Visitor = person) =>
      who.dashboard(`/keys/${id}/rotation`, { overlapSeconds });
    return { server, person, program, statusOf, codeOf, rotate };
  }

  test("both secrets work, spend from one limit and count as one key; everything else about it stays", async () => {
    const { server, person, program, statusOf, rotate } = await begin();
    const bounds = { limitUsd: "5", limitReset: "daily", rpm: 600, allowedAddresses: ["127.0.0.0/8"] };
    const made = expectStatus(await person.dashboard("/keys", { name: "Nightly", ...bounds }), 201).body;
    const before = (await person.dashboard(`/keys/${made.key.id}`)).body;
    const { key, secret } = expectStatus(await rotate(made.key.id, HOUR), 200).body;
    expect(secret.slice(0, 12)).toBe(made.secret.slice(0, 12));
    expect(secret).not.toBe(made.secret);
    expect(key).toEqual({
      ...before,
      label: expect.stringMatching(/^gpr_\w{8}\.\.\.\w{3}$/),
      rotatedAt: expect.any(Number),
      formerSecret: { label: before.label, endsAt: expect.any(Number) },
    });
    expect([await statusOf(made.secret), await statusOf(secret)]).toEqual([200, 200]);
    const body = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };
    for (const one of [made.secret, secret]) {
      expectStatus(await program.call("/api/v1/chat/completions", { body, headers: bearer(one) }), 200);
    }
    await until(async () => (await person.dashboard(`/keys/${key.id}`)).body.requests === 2);
    expect((await person.dashboard(`/activity?keyId=${key.id}`)).body.rows).toHaveLength(2);
    const storage = await openStorage(server.place);
    const rows = await storage.db.selectFrom("spend_limit").selectAll().where("scope", "=", "key").execute();
    await storage.close();
    expect(rows.map((row) => row.owner_id)).toEqual([key.id]);
  });

  test("one cap is shared by both secrets, and a key that is disabled or has ended is not revived by a new one", async () => {
    const { person, program, codeOf, rotate } = await begin();
    const made = expectStatus(await person.dashboard("/keys", { name: "Capped", rpm: 3 }), 201).body;
    const { id } = made.key;
    const { secret } = expectStatus(await rotate(id, HOUR), 200).body;
    const body = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };
    const call = async (one: string) =>
      (await program.call("/api/v1/chat/completions", { body, headers: bearer(one) })).status;
    const statuses = await Promise.all([made.secret, secret, made.secret, secret, made.secret, secret].map(call));
    expect(statuses.toSorted()).toEqual([200, 200, 200, 429, 429, 429]);
    expectStatus(await person.dashboard(`/keys/${id}`, { disabled: true }, "PATCH"), 200);
    const { secret: third } = expectStatus(await rotate(id, 0), 200).body;
    expect([await codeOf(made.secret), await codeOf(secret), await codeOf(third)]).toEqual([
      "disabled_key",
      "disabled_key",
      "disabled_key",
    ]);
    expectStatus(await person.dashboard(`/keys/${id}`, undefined, "DELETE"), 200);
    expectStatus(await rotate(id, HOUR), 404);
    expect(await codeOf(third)).toBe("unknown_key");
  });

  test("without an overlap the old secret is refused at once, in words that say why", async () => {
    const { person, codeOf, rotate } = await begin();
    const { id, secret: old } = await person.createKey("Leaky");
    const { secret, key } = (await rotate(id, 0)).body;
    expect([await codeOf(old), await codeOf(secret), key.formerSecret]).toEqual(["rotated_key", "ok", null]);
  });

  test("a disabled key takes no overlap with it: what it was disabled for does not come back with it", async () => {
    const { person, codeOf, rotate } = await begin();
    const made = expectStatus(await person.dashboard("/keys", { name: "Leaked" }), 201).body;
    const { id } = made.key;
    expectStatus(await person.dashboard(`/keys/${id}`, { disabled: true }, "PATCH"), 200);
    const { key, secret } = expectStatus(await rotate(id, HOUR), 200).body;
    expect(key.formerSecret).toBeNull();
    expectStatus(await person.dashboard(`/keys/${id}`, { disabled: false }, "PATCH"), 200);
    await until(async () => (await codeOf(secret)) === "ok");
    expect(await codeOf(made.secret)).toBe("rotated_key");
  });

  test("the old secret can be ended before its time, once", async () => {
    const { person, codeOf, rotate } = await begin();
    const { id, secret: old } = await person.createKey("Early");
    const { secret } = (await rotate(id, HOUR)).body;
    const ended = expectStatus(await person.dashboard(`/keys/${id}/rotation`, undefined, "DELETE"), 200).body;
    expect([ended.formerSecret, await codeOf(old), await codeOf(secret)]).toEqual([null, "rotated_key", "ok"]);
    expectStatus(await person.dashboard(`/keys/${id}/rotation`, undefined, "DELETE"), 404);
  });

  test("three secrets never work at once: a second overlap is refused and changes nothing, a rotation without one ends both", async () => {
    const { person, codeOf, rotate } = await begin();
    const { id, secret: first } = await person.createKey("Twice");
    const { secret: second } = (await rotate(id, HOUR)).body;
    const refused = expectStatus(await rotate(id, HOUR), 400).body.error;
    expect(refused.message).toContain("still works");
    expect([await codeOf(first), await codeOf(second)]).toEqual(["ok", "ok"]);
    const { secret: third } = expectStatus(await rotate(id, 0), 200).body;
    expect([await codeOf(first), await codeOf(second), await codeOf(third)]).toEqual([
      "rotated_key",
      "rotated_key",
      "ok",
    ]);
  });

  test("of rotations at the same time with an overlap one succeeds", async () => {
    const { person, codeOf, rotate } = await begin();
    const { id, secret: old } = await person.createKey("At once");
    const answers = await Promise.all(Array.from({ length: 6 }, () => rotate(id, HOUR)));
    const [won, ...others] = answers.filter(({ status }) => status === 200);
    expect([others, answers.filter(({ status }) => status === 400).length]).toEqual([[], 5]);
    expect([await codeOf(old), await codeOf(won?.body.secret)]).toEqual(["ok", "ok"]);
  });

  test("an overlap that cannot be meant is refused, and a key of somebody else is not there", async () => {
    const { server, person, rotate } = await begin();
    const { id } = await person.createKey("Mine");
    for (const overlap of [-1, 1.5, 7 * 24 * HOUR + 1, "1h"]) {
      expectStatus(await person.dashboard(`/keys/${id}/rotation`, { overlapSeconds: overlap }), 400);
    }
    expectStatus(await person.dashboard(`/keys/${id}/rotation`, {}), 400);
    const stranger = await server.visitor().join("other@example.com");
    expectStatus(await rotate(id, 0, stranger), 404);
    expectStatus(await stranger.dashboard(`/keys/${id}/rotation`, undefined, "DELETE"), 404);
    expect((await person.dashboard(`/keys/${id}`)).body.rotatedAt).toBeNull();
  });

  test("the key API rotates under the address that a program noted, and finds the key by either secret's hash", async () => {
    const { person, program, codeOf } = await begin();
    const { secret: manager } = await managementKey(person);
    const admin = (path: string, body?: unknown, method?: string) =>
      program.call(`/api/v1${path}`, {
        headers: bearer(manager),
        ...(body === undefined ? {} : { body }),
        ...(method ? { method } : {}),
      });
    const made = expectStatus(await admin("/keys", { name: "By program" }), 201).body;
    const { hash } = made.data;
    const expires_at = "2099-01-01T00:00:00.000Z";
    const rotated = expectStatus(await admin(`/keys/${hash}/rotate`, { overlap_seconds: HOUR, expires_at }), 200).body;
    expect(rotated.data).toMatchObject({ hash, expires_at, former_secret: { label: made.data.label } });
    expect([await codeOf(made.key), await codeOf(rotated.key)]).toEqual(["ok", "ok"]);
    const newHash = hashApiKey(rotated.key);
    expect((await admin(`/keys/${newHash}`)).body.data).toEqual((await admin(`/keys/${hash}`)).body.data);
    const ended = expectStatus(await admin(`/keys/${hash}/former-secret`, undefined, "DELETE"), 200).body;
    expect([ended.data.former_secret, await codeOf(made.key)]).toEqual([null, "rotated_key"]);
    const itself = hashApiKey(manager);
    expectStatus(await admin(`/keys/${itself}/rotate`, { overlap_seconds: 0 }), 404);
  });

  test("both changes stand in the audit log with what was before, and no secret does", async () => {
    const { server, person, rotate } = await begin();
    const { id, secret: old } = await person.createKey("Audited");
    const { secret } = (await rotate(id, HOUR)).body;
    await person.dashboard(`/keys/${id}/rotation`, undefined, "DELETE");
    const storage = await openStorage(server.place);
    const rows = await storage.db.selectFrom("audit").selectAll().where("target_id", "=", id).orderBy("seq").execute();
    await storage.close();
    expect(rows.map(({ action }) => action)).toEqual(["key.create", "key.rotate", "key.end_former"]);
    const [, rotated, ended] = rows.map(({ before, after }) => [
      JSON.parse(before ?? "null"),
      JSON.parse(after ?? "null"),
    ]);
    expect(Object.keys(rotated?.[1])).toEqual(["label", "formerEndsAt"]);
    expect(ended?.[0].label).toBe(rotated?.[0].label);
    for (const key of [old, secret]) expect(JSON.stringify(rows)).not.toContain(key.slice(12, 44));
  });

  test("a former secret that has ended can be reported without harm; one that still works freezes the key", async () => {
    const { server, person, codeOf, rotate } = await begin();
    const report = (key: string) => server.visitor().call("/api/v1/leak-report", { body: { key } });
    const { id, secret: first } = await person.createKey("Published");
    const { secret: second } = (await rotate(id, 0)).body;
    const { secret: third } = (await rotate(id, HOUR)).body;
    expectStatus(await report(first), 202);
    expectStatus(await report(second), 202);
    await until(async () => (await codeOf(third)) === "disabled_key");
    const storage = await openStorage(server.place);
    const key = await createKeyStore(storage.db).findByHash((await person.dashboard(`/keys/${id}`)).body.hash);
    const freezes = await storage.db.selectFrom("audit").selectAll().where("action", "=", "key.freeze").execute();
    await storage.close();
    expect([key?.disabled_reason, freezes.length]).toEqual(["leak_report", 1]);
  });
});
