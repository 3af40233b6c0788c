/** Which keys could be safer, and one action on many of them: each has its own outcome and its own entry. */
import { expect, test } from "bun:test";
import { MANY_NETWORKS } from "../../src/kernel/key-risk.ts";
import { DAY_MS } from "../../src/kernel/windows.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createWatchStore } from "../../src/storage/stores/watch.ts";
import { Profile } from "../../src/watch/profile.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { expectStatus, until } from "../support/visitor.ts";

onEachEngine(({ start }) => {
  async function begin() {
    const server = await start();
    const person = await server.visitor().join("owner@example.com");
    const make = async (name: string, bounds: object = {}) =>
      expectStatus(await person.dashboard("/keys", { name, ...bounds }), 201).body.key.id as string;
    const risks = async (query = "") => expectStatus(await person.dashboard(`/security/keys${query}`), 200).body;
    const bulk = (ids: string[], action: object) => person.dashboard("/security/keys", { ids, action });
    return { server, person, make, risks, bulk };
  }
  const soon = () => Date.now() + 20 * DAY_MS;
  const named = (list: { keys: { key: { name: string } }[] }) => list.keys.map(({ key }) => key.name);

  test("keys that work are listed with their reasons, the riskiest first, and one that is bounded in every way is not", async () => {
    const { person, make, risks } = await begin();
    const bounds = { limitUsd: "5", expiresAt: soon(), allowedAddresses: ["127.0.0.1"] };
    const bounded = await make("Bounded", bounds);
    await make("No end", { ...bounds, expiresAt: null });
    const nothing = await make("Nothing");
    const off = await make("Off");
    await person.dashboard(`/keys/${off}`, { disabled: true }, "PATCH");
    await managementKey(person, "Manager");
    const list = await risks();
    expect(
      list.keys.map(
        ({
          key,
          risks: why,
          score,
          level,
        }: {
          key: { name: string };
          risks: string[];
          score: number;
          level: string;
        }) => [key.name, why, score, level],
      ),
    ).toEqual([
      ["Nothing", ["no_limit", "no_addresses", "no_expiry"], 7, "high"],
      ["Manager", ["no_addresses", "no_expiry"], 4, "medium"],
      ["No end", ["no_expiry"], 2, "low"],
    ]);
    expect([list.working, list.counts]).toEqual([
      4,
      { no_limit: 1, many_networks: 0, idle: 0, no_addresses: 2, no_expiry: 3, over_lifetime: 0 },
    ]);
    expect(named(await risks("?risk=no_limit"))).toEqual(["Nothing"]);
    const [one, safe, disabled] = await Promise.all([nothing, bounded, off].map((id) => risks(`?key=${id}`)));
    expect([named(one), one.working, one.keys[0]]).toEqual([["Nothing"], 1, list.keys[0]]);
    expect([named(safe), safe.working, named(disabled), disabled.working]).toEqual([[], 1, [], 0]);
    await person.dashboard("/security/addresses", { allowedAddresses: ["127.0.0.0/8"] }, "PATCH");
    expect(named(await risks("?risk=no_addresses"))).toEqual([]);
    await person.dashboard("/security/policy", { maxLifetimeDays: 10 }, "PATCH");
    expect(named(await risks("?risk=over_lifetime")).sort()).toEqual(["Bounded", "Manager", "No end", "Nothing"]);
  });

  test("a key that was used from many networks within four weeks is told as shared, with their number", async () => {
    const { server, make, risks } = await begin();
    const storage = await openStorage(server.place);
    const nowMs = Date.now();
    const remember = async (name: string, networks: number, daysAgo: number) => {
      const profile = new Profile(nowMs);
      for (let number = 0; number < networks; number++) {
        profile.networks.add(`203.0.${number}.0/24`, 0, nowMs - daysAgo * DAY_MS);
      }
      await createWatchStore(storage.db).saveProfile(await make(name), JSON.stringify(profile.state()), nowMs);
    };
    await remember("Shared", MANY_NETWORKS, 27);
    await remember("Own", MANY_NETWORKS - 1, 1);
    await remember("Shared once", 20, 29);
    await make("Unused");
    await storage.close();
    const list = await risks("?risk=many_networks");
    expect(named(list)).toEqual(["Shared"]);
    expect([list.keys[0].networks, list.counts.many_networks]).toEqual([MANY_NETWORKS, 1]);
  });

  test("a key that nobody has used for ninety days is idle", async () => {
    const { server, person, make, risks } = await begin();
    const idle = await make("Idle");
    await make("Fresh");
    const used = expectStatus(await person.dashboard("/keys", { name: "Used" }), 201).body;
    const storage = await openStorage(server.place);
    const old = Date.now() - 91 * DAY_MS;
    await storage.db.updateTable("api_key").set({ created_at: old }).where("id", "in", [idle, used.key.id]).execute();
    await storage.close();
    const body = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };
    expectStatus(await server.visitor(bearer(used.secret)).call("/api/v1/chat/completions", { body }), 200);
    await until(async () => (await person.dashboard(`/keys/${used.key.id}`)).body.requests === 1);
    expect(named(await risks("?risk=idle"))).toEqual(["Idle"]);
  });

  test("pages go on where the last one ended, and hold each key once", async () => {
    const { make, risks } = await begin();
    for (let key = 0; key < 5; key++) await make(`Key ${key}`);
    const first = await risks("?limit=2");
    const second = await risks(`?limit=2&cursor=${first.nextCursor}`);
    const last = await risks(`?limit=2&cursor=${second.nextCursor}`);
    expect([...named(first), ...named(second), ...named(last)]).toEqual([0, 1, 2, 3, 4].map((key) => `Key ${key}`));
    expect(last.nextCursor).toBeNull();
  });

  test("one action reaches all chosen keys, and what is refused for one holds up none of the others", async () => {
    const { server, person, make, bulk } = await begin();
    const ids = [await make("One"), await make("Two")];
    const { id: manager } = await managementKey(person);
    const stranger = await server.visitor().join("other@example.com");
    const foreign = (await stranger.createKey("Not mine")).id;
    const all = [ids[0] ?? "", manager, foreign, ids[1] ?? ""];
    const limited = expectStatus(await bulk(all, { kind: "limit", limitUsd: "5", limitReset: "daily" }), 200).body
      .results;
    expect(limited.map(({ ok, code }: { ok: boolean; code: string | null }) => [ok, code])).toEqual([
      [true, null],
      [false, "invalid_field"],
      [false, "resource_not_found"],
      [true, null],
    ]);
    for (const id of ids)
      expect((await person.dashboard(`/keys/${id}`)).body).toMatchObject({ limitUsd: "5", limitReset: "daily" });
    const end = soon();
    expectStatus(await bulk([...ids, manager], { kind: "expiry", expiresAt: end }), 200);
    expect((await person.dashboard(`/keys/${manager}`)).body.expiresAt).toBe(end);
    expectStatus(await bulk(ids, { kind: "disable" }), 200);
    expect((await person.dashboard(`/keys/${ids[0]}`)).body.state).toBe("disabled");
    expectStatus(await bulk(ids, { kind: "enable" }), 200);
    expect((await person.dashboard(`/keys/${ids[1]}`)).body.state).toBe("active");
    expectStatus(await bulk(ids, { kind: "delete" }), 200);
    for (const id of ids) expectStatus(await person.dashboard(`/keys/${id}`), 404);
    expect((await stranger.dashboard(`/keys/${foreign}`)).body.limitUsd).toBeNull();
    const storage = await openStorage(server.place);
    const rows = await storage.db
      .selectFrom("audit")
      .select("action")
      .where("target_id", "=", ids[0] ?? "")
      .orderBy("seq")
      .execute();
    await storage.close();
    expect(rows.map(({ action }) => action)).toEqual([
      "key.create",
      "key.change",
      "key.change",
      "key.change",
      "key.change",
      "key.delete",
    ]);
  });

  test("an action that cannot be meant is refused as a whole", async () => {
    const { make, bulk } = await begin();
    const id = await make("One");
    for (const [ids, action] of [
      [[], { kind: "disable" }],
      [[id, id], { kind: "disable" }],
      [[id], { kind: "expiry", expiresAt: Date.now() - 1 }],
      [[id], { kind: "limit", limitUsd: "-1", limitReset: null }],
      [[id], { kind: "burn" }],
    ] as const) {
      expectStatus(await bulk([...ids], action), 400);
    }
  });

  test("a key that was disabled at once with others is refused at once", async () => {
    const { server, person, bulk } = await begin();
    const { id, secret } = await person.createKey("Live");
    expect((await server.visitor(bearer(secret)).call("/api/v1/key")).status).toBe(200);
    await bulk([id], { kind: "disable" });
    expect((await server.visitor(bearer(secret)).call("/api/v1/key")).status).toBe(401);
  });
});
