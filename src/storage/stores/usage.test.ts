import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { usageRow } from "../../../test/support/stored.ts";
import { DAY_MS, windowStarts } from "../../kernel/windows.ts";
import type { Storage } from "../open.ts";
import type { UsageRow } from "../schema.ts";
import { createUsageWriter } from "../usage-writer/usage-writer.ts";
import { createUsageStore, type UsageEntry } from "./usage.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const TODAY = Math.floor(NOON / DAY_MS);
const MOST_NANO = 2n ** 63n - 1n;

async function record(storage: Storage, rows: UsageRow[]): Promise<void> {
  const writer = createUsageWriter(storage);
  await Promise.all(rows.map((row) => writer.record(row)));
  await writer.close();
}

eachEngine((databases) => {
  test("a row comes back as it went in, with money up to the largest 64-bit integer", async () => {
    const storage = await databases.open();
    const rows = [MOST_NANO, 0n, -1n, null].map((cost_nano, index) =>
      usageRow({ cost_nano, key_id: `key0000${index}`, created_at: NOON - index, app_title: "Gerbang 🌏 'x'" }),
    );
    await record(storage, rows);
    const page = await createUsageStore(storage.db).page("user_1", { outcome: "all", limit: 10 });
    expect(page.rows).toEqual(rows.map((row) => ({ ...row, key_name: null })) as UsageEntry[]);
  });

  test("a row that is recorded again is counted once, alone and within a batch", async () => {
    const storage = await databases.open();
    const row = usageRow();
    await record(storage, [row, row, usageRow()]);
    await record(storage, [row]);
    const store = createUsageStore(storage.db);
    expect((await store.page("user_1", { outcome: "all", limit: 10 })).rows).toHaveLength(2);
    expect(await store.days("user_1", 0)).toMatchObject([{ day: TODAY, requests: 2, cost_nano: 3_000n }]);
  });

  test("sums per key and day are exact beyond 2^53", async () => {
    const storage = await databases.open();
    await record(storage, [
      usageRow({ cost_nano: 2n ** 60n }),
      usageRow({ cost_nano: 1n }),
      usageRow({ cost_nano: 1n, key_id: "key00002" }),
      usageRow({ cost_nano: 2n ** 60n, created_at: NOON - DAY_MS }),
    ]);
    await record(storage, [usageRow({ cost_nano: 1n })]);
    const store = createUsageStore(storage.db);
    expect((await store.days("user_1", 0)).map(({ day, cost_nano }) => [day, cost_nano])).toEqual([
      [TODAY - 1, 2n ** 60n],
      [TODAY, 2n ** 60n + 3n],
    ]);
    expect(await store.spentByKey("key00001", null)).toBe(2n ** 61n + 2n);
  });

  test("the sums of a day are those of its rows, midnight UTC being the border", async () => {
    const storage = await databases.open();
    const midnight = TODAY * DAY_MS;
    await record(storage, [
      usageRow({ created_at: midnight - 1 }),
      usageRow({ created_at: midnight }),
      usageRow({ created_at: midnight + DAY_MS - 1, error_code: "provider_timeout", status: 504 }),
      usageRow({ created_at: midnight, user_id: "user_2", key_id: "key00009" }),
    ]);
    const sum = { errors: 0, prompt_tokens: 10, completion_tokens: 20, cost_nano: 1_500n, requests: 1 };
    expect(await createUsageStore(storage.db).days("user_1", TODAY - 1)).toEqual([
      { ...sum, day: TODAY - 1 },
      { day: TODAY, requests: 2, errors: 1, prompt_tokens: 20, completion_tokens: 40, cost_nano: 3_000n },
    ]);
  });

  test("what a key spent in the running day, week and month adds up to its windows", async () => {
    const storage = await databases.open();
    const on = (day: number) => Date.UTC(2026, 10, day, 1);
    // 24 November 2026 is a Tuesday.
    await record(storage, [
      usageRow({ created_at: on(24), cost_nano: 1n }),
      usageRow({ created_at: on(23), cost_nano: 10n }),
      usageRow({ created_at: on(22), cost_nano: 100n }),
      usageRow({ created_at: on(1), cost_nano: 1_000n }),
      usageRow({ created_at: on(0), cost_nano: 10_000n }),
    ]);
    const store = createUsageStore(storage.db);
    const { today, week, month } = windowStarts(NOON);
    const spent = [today, week, month, null].map((firstDay) => store.spentByKey("key00001", firstDay));
    expect(await Promise.all(spent)).toEqual([1n, 11n, 1_111n, 11_111n]);
    expect(await store.spentByKey("unused00", null)).toBe(0n);
  });

  test("what a person spent counts every key that ever was theirs, and no other", async () => {
    const storage = await databases.open();
    await record(storage, [
      usageRow({ cost_nano: 1n }),
      usageRow({ cost_nano: 10n, key_id: "key00002" }),
      usageRow({ cost_nano: 100n, key_id: "key00003", user_id: "user_2" }),
    ]);
    const store = createUsageStore(storage.db);
    expect(await store.spentByPerson("user_1")).toBe(11n);
    expect(await store.spentByPerson("user_3")).toBe(0n);
  });

  test("pages show every row once, newest first, while new ones keep coming", async () => {
    const storage = await databases.open();
    const old = Array.from({ length: 11 }, (_, index) => usageRow({ created_at: NOON + Math.floor(index / 4) }));
    await record(storage, old);
    const store = createUsageStore(storage.db);
    const shown: UsageEntry[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.page("user_1", { outcome: "all", cursor, limit: 3 });
      shown.push(...page.rows);
      cursor = page.nextCursor ?? undefined;
      await record(storage, [usageRow({ created_at: NOON + 1_000 })]);
    } while (cursor !== undefined);
    expect(shown.map(({ id }) => id).sort()).toEqual(old.map(({ id }) => id).sort());
    expect(shown.map((row) => row.created_at)).toEqual(shown.map((row) => row.created_at).sort((a, b) => b - a));
  });

  test("the filters by key and outcome leave out what does not match, and nobody sees another person's rows", async () => {
    const storage = await databases.open();
    const [ok, bad, otherKey, otherPerson] = [
      usageRow(),
      usageRow({ error_code: "provider_timeout" }),
      usageRow({ key_id: "key00002" }),
      usageRow({ user_id: "user_2" }),
    ] as const;
    await record(storage, [ok, bad, otherKey, otherPerson]);
    const store = createUsageStore(storage.db);
    const ids = async (options: { keyId?: string; outcome: "all" | "ok" | "error" }) =>
      (await store.page("user_1", { ...options, limit: 10 })).rows.map(({ id }) => id).sort();
    expect(await ids({ outcome: "all" })).toEqual([ok.id, bad.id, otherKey.id].sort());
    expect(await ids({ outcome: "error" })).toEqual([bad.id]);
    expect(await ids({ outcome: "ok", keyId: "key00002" })).toEqual([otherKey.id]);
    // Whoever owns the instance names no account.
    const everybody = (await store.page(null, { outcome: "ok", limit: 10 })).rows.map(({ id }) => id);
    expect(everybody.sort()).toEqual([ok.id, otherKey.id, otherPerson.id].sort());
    expect((await store.find(null, otherPerson.id))?.user_id).toBe("user_2");
    expect(await store.find("user_1", otherPerson.id)).toBeNull();
  });
});
