import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson, usageRow } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import type { Storage } from "../open.ts";
import { createUsageWriter } from "../usage-writer/usage-writer.ts";
import type { KeyOrder, KeyState } from "./key-list.ts";
import type { KeyWithUsage } from "./key-usage.ts";
import { createKeyStore } from "./keys.ts";

const NOW = Date.UTC(2026, 10, 24, 12);

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const userId = await storedPerson(storage, "budi@example.com");
    return { storage, userId, store: createKeyStore(storage.db) };
  }

  async function storedKey({ store, userId }: Awaited<ReturnType<typeof start>>, name = "First", atMs = NOW) {
    const key = createApiKey("inference");
    await store.create(key, { userId, name, expiresAt: null }, atMs);
    return key;
  }

  async function allPages(storage: Storage, userId: string, limit: number): Promise<KeyWithUsage[]> {
    const store = createKeyStore(storage.db);
    const keys: KeyWithUsage[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list(userId, { cursor, limit, nowMs: NOW });
      keys.push(...page.keys);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return keys;
  }

  test("the key itself stands nowhere in the database, its hash leads back to it", async () => {
    const started = await start();
    const { key, hash } = await storedKey(started);
    const rows = await started.storage.db.selectFrom("api_key").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(key);
    expect(JSON.stringify(rows)).not.toContain(key.slice(12, 44));
    expect(await started.store.findByHash(hash)).toMatchObject({ name: "First", ownerActive: true, version: 1 });
  });

  test("a deleted key stays deleted, whatever comes later", async () => {
    const started = await start();
    const { store, userId } = started;
    const key = await storedKey(started);
    const id = key.publicId;
    expect(await store.delete(userId, id, NOW + 1)).not.toBeNull();
    expect(await store.update(userId, id, { disabled: false }, NOW + 2)).toBeNull();
    expect(await store.update(userId, id, { name: "Back" }, NOW + 2)).toBeNull();
    expect(await store.delete(userId, id, NOW + 3)).toBeNull();
    expect(await store.get(userId, id, NOW)).toBeNull();
    expect((await store.list(userId, { limit: 10, nowMs: NOW })).total).toBe(0);
    expect(await store.findByHash(key.hash)).toMatchObject({ deleted_at: NOW + 1, name: "First" });
    await expect(store.create(key, { userId, name: "Again", expiresAt: null }, NOW + 4)).rejects.toThrow();
  });

  test("two keys never share a hash, even under different ids", async () => {
    const started = await start();
    const key = await storedKey(started);
    const twin = { ...key, publicId: "zzzzzzzz" };
    const owner = { userId: started.userId, name: "Twin", expiresAt: null };
    await expect(started.store.create(twin, owner, NOW)).rejects.toThrow();
  });

  test("the version grows with every change, also when many come at once", async () => {
    const started = await start();
    const { store, userId } = started;
    const { publicId: id } = await storedKey(started);
    const changed = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? store.update(userId, id, { name: `Name ${index}` }, NOW)
          : store.update(userId, id, { disabled: true }, NOW),
      ),
    );
    const versions = changed.map((row) => row?.version).sort((a, b) => (a ?? 0) - (b ?? 0));
    expect(versions).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
  });

  test("somebody else's key is not there: it is neither shown, nor counted, nor changed", async () => {
    const started = await start();
    const { store, storage, userId } = started;
    const { publicId: id } = await storedKey(started);
    const other = await storedPerson(storage, "siti@example.com");
    expect(await store.get(other, id, NOW)).toBeNull();
    expect(await store.count(other, NOW)).toEqual({ active: 0, total: 0 });
    expect((await store.list(other, { limit: 10, nowMs: NOW })).keys).toEqual([]);
    expect(await store.update(other, id, { name: "Mine" }, NOW)).toBeNull();
    expect(await store.update(other, id, { disabled: true }, NOW)).toBeNull();
    expect(await store.delete(other, id, NOW)).toBeNull();
    expect(await store.get(userId, id, NOW)).toMatchObject({ name: "First", disabled_at: null, version: 1 });
  });

  test("pages show every key once, newest first, however many share a moment", async () => {
    const started = await start();
    const made: string[] = [];
    for (let index = 0; index < 25; index++) {
      made.push((await storedKey(started, `Key ${index}`, NOW + Math.floor(index / 10))).publicId);
    }
    const shown = await allPages(started.storage, started.userId, 4);
    expect(shown.map(({ id }) => id).sort()).toEqual([...made].sort());
    expect(shown.map((key) => key.created_at)).toEqual(shown.map((key) => key.created_at).sort((a, b) => b - a));
  });

  test("keys that are created or deleted while somebody turns pages neither repeat nor hide the others", async () => {
    const started = await start();
    const { store, userId } = started;
    const made: string[] = [];
    for (let index = 0; index < 6; index++) made.push((await storedKey(started, "Old", NOW + index)).publicId);
    const first = await store.list(userId, { limit: 3, nowMs: NOW });
    await storedKey(started, "New", NOW + 100);
    const last = first.keys.at(-1)?.id ?? "";
    await store.delete(userId, last, NOW + 101);
    const second = await store.list(userId, { limit: 3, cursor: first.nextCursor ?? undefined, nowMs: NOW });
    expect([...first.keys, ...second.keys].map(({ id }) => id)).toEqual(made.reverse());
    expect(second.nextCursor).toBeNull();
  });

  test("a cursor that nobody issued begins at the beginning", async () => {
    const started = await start();
    await storedKey(started);
    for (const cursor of ["", "x", "1.2.3", "99999999999999999999.a", "1;drop table api_key"]) {
      expect((await started.store.list(started.userId, { limit: 5, cursor, nowMs: NOW })).keys).toHaveLength(1);
    }
  });

  test("search finds parts of names and labels, whatever their case, and takes % and _ at their word", async () => {
    const started = await start();
    const percent = await storedKey(started, "100% Émile");
    await storedKey(started, "plain_name");
    const found = async (search: string) =>
      (await started.store.list(started.userId, { search, limit: 10, nowMs: NOW })).keys.map(({ name }) => name);
    expect(await found("PLAIN")).toEqual(["plain_name"]);
    expect(await found("Émile")).toEqual(["100% Émile"]);
    expect(await found("%")).toEqual(["100% Émile"]);
    expect(await found("n_n")).toEqual(["plain_name"]);
    expect(await found("\\")).toEqual([]);
    expect(await found(percent.publicId)).toEqual(["100% Émile"]);
  });

  test("an expired or disabled key is counted, but not as one that works", async () => {
    const started = await start();
    const { store, userId } = started;
    await storedKey(started);
    const off = await storedKey(started);
    await store.update(userId, off.publicId, { disabled: true }, NOW);
    const late = createApiKey("inference");
    await store.create(late, { userId, name: "Late", expiresAt: NOW }, NOW);
    expect(await store.count(userId, NOW)).toEqual({ active: 1, total: 3 });
    expect(await store.count(userId, NOW - 1)).toEqual({ active: 2, total: 3 });
  });

  test("keys are listed by how they stand, page after page, and an expired one that was disabled is a disabled one", async () => {
    const started = await start();
    const { store, userId, storage } = started;
    for (const name of ["First", "Second", "Third"]) await storedKey(started, name);
    for (const name of ["Off", "Frozen", "Late and off"]) {
      const key = createApiKey("inference");
      await store.create(key, { userId, name, expiresAt: name.startsWith("Late") ? NOW : null }, NOW);
      await store.update(userId, key.publicId, { disabled: true }, NOW);
    }
    await storage.db
      .updateTable("api_key")
      .set({ disabled_reason: "leak_report" })
      .where("name", "=", "Frozen")
      .execute();
    await store.create(createApiKey("inference"), { userId, name: "Late", expiresAt: NOW }, NOW);
    for (const order of ["newest", "name"] as const) {
      const named = async (state: KeyState) => {
        const found: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await store.list(userId, { state, order, cursor, limit: 2, nowMs: NOW });
          found.push(...page.keys.map(({ name }) => name));
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        return found.sort();
      };
      expect(await named("active")).toEqual(["First", "Second", "Third"]);
      expect(await named("disabled")).toEqual(["Frozen", "Late and off", "Off"]);
      expect(await named("frozen")).toEqual(["Frozen"]);
      expect(await named("expired")).toEqual(["Late"]);
    }
  });

  test("a key of a suspended or unverified owner admits nobody", async () => {
    const started = await start();
    const { hash } = await storedKey(started);
    const { db, engine } = started.storage;
    await db.updateTable("user").set({ suspended_at: NOW }).execute();
    expect((await started.store.findByHash(hash))?.ownerActive).toBe(false);
    await db
      .updateTable("user")
      .set({ suspended_at: null, email_verified: engine === "postgres" ? false : 0 })
      .execute();
    expect((await started.store.findByHash(hash))?.ownerActive).toBe(false);
  });

  test("what changed since a moment is named, deletions included", async () => {
    const started = await start();
    const { store, userId } = started;
    const old = await storedKey(started, "Old", NOW - 60_000);
    const gone = await storedKey(started, "Gone", NOW - 60_000);
    await store.delete(userId, gone.publicId, NOW);
    const changed = await store.changedSince(NOW);
    expect(changed).toMatchObject([{ id: gone.publicId, hash: gone.hash, version: 2 }]);
    expect((await store.changedSince(NOW - 60_000)).map(({ id }) => id).sort()).toEqual(
      [old.publicId, gone.publicId].sort(),
    );
  });

  test("a key's requests, spending and last use are those of its usage rows", async () => {
    const started = await start();
    const { storage, userId, store } = started;
    const { publicId: id } = await storedKey(started);
    await storedKey(started, "Unused");
    const writer = createUsageWriter(storage);
    await Promise.all([
      writer.record(usageRow({ user_id: userId, key_id: id, created_at: NOW, cost_nano: 2n ** 60n })),
      writer.record(usageRow({ user_id: userId, key_id: id, created_at: NOW - 3 * 86_400_000, cost_nano: 1n })),
    ]);
    await writer.close();
    expect(await store.get(userId, id, NOW)).toMatchObject({
      requests: 2,
      spent_nano: 2n ** 60n + 1n,
      last_used_at: NOW,
    });
    const { keys } = await store.list(userId, { limit: 10, search: "Unused", nowMs: NOW });
    expect(keys).toMatchObject([{ requests: 0, spent_nano: 0n, last_used_at: null }]);
  });

  test("every order of the list has each key once, and puts first what its name says", async () => {
    const started = await start();
    const { storage, store, userId } = started;
    const writer = createUsageWriter(storage);
    const spent: [string, bigint, bigint | null, bigint][] = [
      ["Cendana", 10n ** 9n, null, 0n],
      ["akasia", 10n ** 9n, 10n ** 12n, 5n],
      ["Beringin", 10n ** 8n, 10n ** 8n, 0n],
      ["Damar", 0n, 0n, 0n],
    ];
    for (const [index, [name, cost_nano, limitNano, pending_nano]] of spent.entries()) {
      const key = createApiKey("inference");
      await store.create(key, { userId, name, expiresAt: null, limitNano, limitReset: "daily" }, NOW + index);
      const day = Math.floor(NOW / 86_400_000);
      if (cost_nano > 0n) {
        const created_at = NOW + index;
        await writer.record(usageRow({ user_id: userId, key_id: key.publicId, cost_nano, created_at }));
      }
      const place = { scope: "key", owner_id: key.publicId, reset: "daily", first_day: day };
      const amounts = { posted_nano: cost_nano, pending_nano, lim_nano: limitNano ?? 0n, ceiling_nano: 0n };
      const id = `key/${key.publicId}/daily/${day}`;
      await storage.db
        .insertInto("spend_limit")
        .values({ id, ...place, ...amounts })
        .execute();
    }
    await writer.close();
    const names = async (order: KeyOrder) => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list(userId, { order, cursor, limit: 1, nowMs: NOW + 60_000 });
        found.push(...page.keys.map(({ name }) => name));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return found;
    };
    expect(await names("newest")).toEqual(["Damar", "Beringin", "akasia", "Cendana"]);
    expect(await names("name")).toEqual(["akasia", "Beringin", "Cendana", "Damar"]);
    expect((await names("spent")).slice(2)).toEqual(["Beringin", "Damar"]);
    expect((await names("limit")).slice(2)).toEqual(["akasia", "Cendana"]);
    expect(await names("used")).toEqual(["Beringin", "akasia", "Cendana", "Damar"]);
    const { keys } = await store.list(userId, { order: "name", limit: 9, nowMs: NOW });
    expect(keys.map(({ held_nano }) => held_nano)).toEqual([5n, 0n, 0n, 0n]);
  });
});
