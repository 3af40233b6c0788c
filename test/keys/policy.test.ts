/** How long keys of an instance may live: whoever makes a key or gives it another end is held to it, whatever the way. */
import { expect, test } from "bun:test";
import { DAY_MS } from "../../src/kernel/windows.ts";
import { openStorage } from "../../src/storage/open.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { expectStatus } from "../support/visitor.ts";

onEachEngine(({ start }) => {
  async function begin(maxLifetimeDays: number | null = 30) {
    const server = await start();
    const person = await server.visitor().join("owner@example.com");
    const old = await person.createKey("From before");
    const { secret: manager } = await managementKey(person);
    expectStatus(await person.dashboard("/security/policy", { maxLifetimeDays }, "PATCH"), 200);
    const create = (expiresAt: number | null) => person.dashboard("/keys", { name: "New", expiresAt });
    return { server, person, old, manager, create };
  }
  const inDays = (days: number) => Date.now() + days * DAY_MS;
  const code = (answer: { body: { error?: { metadata: { error_code: string } } } }) =>
    answer.body.error?.metadata.error_code;

  test("a key that would end later, or never, is refused in words that name the latest end", async () => {
    const { create } = await begin();
    for (const end of [null, inDays(32), inDays(4_000)]) {
      const answer = expectStatus(await create(end), 400);
      const { metadata, message } = answer.body.error;
      expect([metadata.error_code, metadata.max_lifetime_days]).toEqual(["key_lifetime_too_long", 30]);
      expect(message).toContain(metadata.latest_expires_at);
      expectStatus(await create(Date.parse(metadata.latest_expires_at)), 201);
    }
    expectStatus(await create(inDays(30)), 201);
  });

  test("a key from before goes on and can be changed and disabled; only another end must fit", async () => {
    const { server, person, old } = await begin();
    const change = (body: object) => person.dashboard(`/keys/${old.id}`, body, "PATCH");
    expect((await server.visitor(bearer(old.secret)).call("/api/v1/key")).status).toBe(200);
    for (const body of [{ name: "Renamed" }, { disabled: true }, { disabled: false }, { limitUsd: "5" }]) {
      expectStatus(await change(body), 200);
    }
    expect(code(await change({ expiresAt: inDays(40) }))).toBe("key_lifetime_too_long");
    expect(code(await change({ expiresAt: null }))).toBe("key_lifetime_too_long");
    expectStatus(await change({ expiresAt: inDays(20) }), 200);
  });

  test("a rotation begins the time anew, and names an end that fits", async () => {
    const { person, old } = await begin();
    const rotate = (body: object) => person.dashboard(`/keys/${old.id}/rotation`, { overlapSeconds: 0, ...body });
    expect(code(await rotate({}))).toBe("key_lifetime_too_long");
    expectStatus(await rotate({ expiresAt: inDays(29) }), 200);
    expectStatus(await rotate({}), 200);
  });

  test("the key API is held to it, and an app's key ends at the latest that is allowed", async () => {
    const { person, server, manager } = await begin();
    const program = server.visitor();
    const create = (body: object) =>
      program.call("/api/v1/keys", { body: { name: "P", ...body }, headers: bearer(manager) });
    expect(code(await create({}))).toBe("key_lifetime_too_long");
    expectStatus(await create({ expires_at: new Date(inDays(10)).toISOString() }), 201);
    const verifier = "a".repeat(43);
    const request = { code_challenge: verifier, code_challenge_method: "plain" };
    const query = new URLSearchParams(request);
    const shown = expectStatus(await person.dashboard(`/oauth/authorization?${query}`), 200).body;
    expect(shown.expiresAt).toBeLessThan(inDays(31));
    const grant = { request, limitUsd: null, limitReset: null };
    const { body } = expectStatus(await person.dashboard("/oauth/authorization", grant), 201);
    const made = await program.call("/api/v1/auth/keys", { body: { code: body.code, code_verifier: verifier } });
    expectStatus(made, 200);
    const { data } = (await program.call("/api/v1/key", { headers: bearer(made.body.key) })).body;
    expect(Date.parse(data.expires_at)).toBe(shown.expiresAt);
  });

  test("only the owner sets it, everybody reads it, and each change stands in the audit log", async () => {
    const { server, person, create } = await begin();
    const member = await server.visitor().join("member@example.com");
    expectStatus(await member.dashboard("/security/policy", { maxLifetimeDays: null }, "PATCH"), 403);
    expect((await member.dashboard("/security/policy")).body).toEqual({ maxLifetimeDays: 30 });
    for (const wrong of [0, -1, 1.5, 3_651, "30"]) {
      expectStatus(await person.dashboard("/security/policy", { maxLifetimeDays: wrong }, "PATCH"), 400);
    }
    expectStatus(await person.dashboard("/security/policy", { maxLifetimeDays: null }, "PATCH"), 200);
    expectStatus(await create(null), 201);
    const storage = await openStorage(server.place);
    const rows = await storage.db
      .selectFrom("audit")
      .selectAll()
      .where("action", "=", "policy.change")
      .orderBy("seq")
      .execute();
    await storage.close();
    expect(rows.map(({ before, after }) => [before, after])).toEqual([
      ['{"maxLifetimeDays":null}', '{"maxLifetimeDays":30}'],
      ['{"maxLifetimeDays":30}', '{"maxLifetimeDays":null}'],
    ]);
  });
});
