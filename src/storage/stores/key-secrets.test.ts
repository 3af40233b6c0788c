import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import { createKeyStore } from "./keys.ts";

const NOW = Date.UTC(2026, 10, 27, 12);
const HOUR_MS = 3_600_000;

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const userId = await storedPerson(storage, "budi@example.com");
    const store = createKeyStore(storage.db);
    const first = createApiKey("inference");
    await store.create(first, { userId, name: "Job", expiresAt: null }, NOW);
    const rotate = async (formerEndsAt: number, nowMs: number) => {
      const made = createApiKey("inference", first.publicId);
      const key = await store.lock(userId, first.publicId);
      if (key === null) throw new Error("no key");
      const row = await store.rotate(key, { made, formerEndsAt }, nowMs);
      return { made, row };
    };
    const endsAt = async (hash: string) => (await store.findByHash(hash))?.secretEndsAt;
    return { storage, store, userId, first, rotate, endsAt };
  }

  test("both secrets lead to one key, which keeps its id and address; only the former has an end", async () => {
    const { store, userId, first, rotate } = await start();
    const { made, row } = await rotate(NOW + HOUR_MS, NOW + 1);
    expect(row).toMatchObject({
      id: first.publicId,
      hash: first.hash,
      label: made.label,
      rotated_at: NOW + 1,
      version: 2,
    });
    const seen = { id: first.publicId, hash: first.hash, name: "Job", version: 2 };
    expect(await store.findByHash(first.hash)).toMatchObject({
      ...seen,
      secretHash: first.hash,
      secretEndsAt: NOW + HOUR_MS,
    });
    expect(await store.findByHash(made.hash)).toMatchObject({ ...seen, secretHash: made.hash, secretEndsAt: null });
    for (const hash of [first.hash, made.hash]) {
      expect(await store.getAdministered(userId, hash, NOW)).toMatchObject({ id: first.publicId });
    }
    const key = await store.get(userId, first.publicId, NOW + 2);
    expect(key?.former).toEqual({ label: first.label, endsAt: NOW + HOUR_MS });
    expect((await store.get(userId, first.publicId, NOW + HOUR_MS))?.former).toBeNull();
  });

  test("the next rotation ends every secret but the one it replaces, and never moves an end to later", async () => {
    const { first, rotate, endsAt } = await start();
    const second = await rotate(NOW + 2 * HOUR_MS, NOW);
    const third = await rotate(NOW + 9 * HOUR_MS, NOW + HOUR_MS);
    expect(await endsAt(first.hash)).toBe(NOW + HOUR_MS);
    expect(await endsAt(second.made.hash)).toBe(NOW + 9 * HOUR_MS);
    expect(await endsAt(third.made.hash)).toBeNull();
    await rotate(NOW + 30 * HOUR_MS, NOW + 20 * HOUR_MS);
    expect([await endsAt(first.hash), await endsAt(second.made.hash)]).toEqual([NOW + HOUR_MS, NOW + 9 * HOUR_MS]);
  });

  test("the former secret is ended once, with a new version of the key; the current one cannot be ended that way", async () => {
    const { store, userId, first, rotate, endsAt } = await start();
    const { made, row } = await rotate(NOW + HOUR_MS, NOW);
    expect(await store.endFormerSecret(row, NOW + 5)).toMatchObject({ version: 3, updated_at: NOW + 5 });
    expect([await endsAt(first.hash), await endsAt(made.hash)]).toEqual([NOW + 5, null]);
    expect(await store.endFormerSecret(row, NOW + 6)).toBeNull();
    expect(await store.get(userId, first.publicId, NOW + 6)).toMatchObject({ version: 3, former: null });
  });

  test("a deleted key stays deleted under each of its secrets, and nobody else's key is touched by a rotation", async () => {
    const { store, userId, first, rotate, endsAt } = await start();
    const other = createApiKey("inference");
    await store.create(other, { userId, name: "Other", expiresAt: null }, NOW);
    const { made } = await rotate(NOW + HOUR_MS, NOW);
    expect(await endsAt(other.hash)).toBeNull();
    await store.delete(userId, first.publicId, NOW + 1);
    for (const { hash } of [first, made]) expect(await store.findByHash(hash)).toMatchObject({ deleted_at: NOW + 1 });
    expect(await store.findByHash(other.hash)).toMatchObject({ deleted_at: null, version: 1 });
  });

  test("no secret stands in the database", async () => {
    const { storage, rotate } = await start();
    const { made } = await rotate(NOW + HOUR_MS, NOW);
    const rows = await storage.db.selectFrom("key_secret").selectAll().execute();
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain(made.key.slice(12, 44));
  });
});
