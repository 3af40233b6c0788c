import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import { verifyLedger } from "../../storage/ledger/verify/verify.ts";
import type { Storage } from "../../storage/open.ts";
import { seedDatabase } from "./seed.ts";
import { SEED_ACCOUNTS } from "./world.ts";

const NOW = Date.UTC(2026, 10, 24, 12);

const seeded = (storage: Storage) =>
  seedDatabase(storage, { requests: 3_000, days: 40, seed: 7, nowMs: NOW, passwordHash: null, onProgress: () => {} });

eachEngine((databases) => {
  test("a seed invents requests whose sums add up, over the whole time, with failures, for every account", async () => {
    const storage = await databases.open();
    const written = await seeded(storage);
    expect(Math.abs(written - 3_000)).toBeLessThan(300);
    expect((await verifyLedger(storage, true)).breaches).toEqual([]);
    const rows = await storage.db
      .selectFrom("usage")
      .select(["created_at", "error_code", "user_id", "first_token_ms", "cost_nano"])
      .execute();
    expect(rows).toHaveLength(written);
    expect(new Set(rows.map(({ user_id }) => user_id)).size).toBe(SEED_ACCOUNTS.length);
    const days = new Set(rows.map(({ created_at }) => Math.floor(created_at / DAY_MS)));
    expect(days.size).toBeGreaterThanOrEqual(39);
    expect(rows.every(({ created_at }) => created_at <= NOW)).toBe(true);
    // As of real calls: what failed has cost nothing, and that is known.
    expect(rows.every(({ cost_nano }) => cost_nano !== null)).toBe(true);
    const failed = rows.filter(({ error_code }) => error_code !== null).length;
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThan(written / 5);
    const summed = await storage.db
      .selectFrom("usage_day")
      .select((eb) => eb.fn.sum<number>("requests").as("requests"))
      .executeTakeFirstOrThrow();
    const today = rows.filter(({ created_at }) => created_at >= Math.floor(NOW / DAY_MS) * DAY_MS).length;
    expect(Number(summed.requests)).toBe(written - today);
  });

  test("the same number invents the same year", async () => {
    const costs = async () => {
      const storage = await databases.open();
      await seeded(storage);
      return storage.db
        .selectFrom("usage")
        .select(["id", "cost_nano", "created_at", "attempts"])
        .orderBy("id")
        .execute();
    };
    expect(await costs()).toEqual(await costs());
  });
});
