import { expect, test } from "bun:test";
import { sql } from "kysely";
import { eachEngine } from "../../../test/support/databases.ts";
import { openBank } from "../../../test/support/money.ts";
import { usageRow } from "../../../test/support/stored.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import { verifyLedger } from "../ledger/verify/verify.ts";
import type { Storage } from "../open.ts";
import type { UsageRow } from "../schema.ts";
import { createUsageSeriesStore, type Dimension, type Step } from "../stores/usage-series.ts";
import { createUsageWriter } from "../usage-writer/usage-writer.ts";
import { closeDays } from "./close-days.ts";
import { HOUR_MS } from "./columns.ts";
import { readMark } from "./marks.ts";
import { rebuildSums } from "./rebuild.ts";
import { KEEP_HOURS_DAYS, pruneUsage } from "./retention.ts";
import { usageSize } from "./size.ts";

const TODAY = Math.floor(Date.UTC(2026, 10, 24) / DAY_MS);
const NOON = TODAY * DAY_MS + 12 * HOUR_MS;
const LARGE = 2n ** 55n;
const ROOMY = { days: 3_650, maxBytes: 1e15 };

async function record(storage: Storage, rows: readonly UsageRow[]): Promise<void> {
  const writer = createUsageWriter(storage);
  await Promise.all(rows.map((row) => writer.record(row)));
  await writer.close();
}

/** Every kind of request: answered, failed, cut off, without a price, of an app, of another account. */
function variety(at: number): UsageRow[] {
  return [
    usageRow({ created_at: at, cost_nano: LARGE, first_token_ms: 40, app_title: "Kasir", app_referer: "https://k.id" }),
    usageRow({ created_at: at + 1, cost_nano: 1n, first_token_ms: 900, app_referer: "https://k.id", cached_tokens: 4 }),
    usageRow({
      created_at: at + HOUR_MS,
      cost_nano: null,
      first_token_ms: null,
      key_id: "key00002",
      reasoning_tokens: 7,
    }),
    usageRow({
      created_at: at + 2,
      model: null,
      provider: null,
      provider_slug: null,
      status: 400,
      error_code: "bad_request",
    }),
    usageRow({
      created_at: at + 3,
      status: 499,
      cancelled: 1,
      error_code: "client_gone",
      cost_nano: 5n,
      app_title: "",
    }),
    usageRow({ created_at: at + 4, user_id: "user_2", key_id: "key00009", cost_nano: 77n, model: "acme/large" }),
  ];
}

const tables = async ({ db }: Storage) => {
  const hours = await db
    .selectFrom("usage_hour")
    .selectAll()
    .orderBy("user_id")
    .orderBy("hour")
    .orderBy("key_id")
    .orderBy("model")
    .orderBy("app")
    .execute();
  const days = await db
    .selectFrom("usage_day")
    .selectAll()
    .orderBy("user_id")
    .orderBy("day")
    .orderBy("key_id")
    .orderBy("model")
    .orderBy("app")
    .execute();
  return { hours, days, keys: await db.selectFrom("key_day").selectAll().orderBy("key_id").orderBy("day").execute() };
};

const asked = (step: Step, from: number, to: number) => ({
  userId: "user_1",
  fromMs: from,
  toMs: to,
  step,
  filter: {},
});

eachEngine((databases) => {
  test("sums that are made anew from the requests are those that were kept with them, to the last nano-dollar", async () => {
    const storage = await databases.open();
    await record(storage, [...variety(NOON), ...variety(NOON - DAY_MS), ...variety(NOON - 3 * DAY_MS + 1)]);
    await closeDays(storage.db, NOON);
    const kept = await tables(storage);
    expect(kept.days.length).toBeGreaterThan(0);
    await sql`update usage_hour set cost_nano = 0, requests = 9`.execute(storage.db);
    await sql`delete from usage_day`.execute(storage.db);
    await sql`delete from key_day where day = ${TODAY}`.execute(storage.db);
    await rebuildSums(storage.db);
    expect(await tables(storage)).toEqual(kept);
    expect(kept.hours.some(({ cost_nano }) => cost_nano === LARGE)).toBe(true);
  });

  test("a range is the same by minute, hour and day, for every way to split it, before and after its days are closed", async () => {
    const storage = await databases.open();
    await record(storage, [...variety(NOON), ...variety(NOON - DAY_MS), ...variety(NOON - 2 * DAY_MS)]);
    const store = createUsageSeriesStore(storage.db);
    const from = (TODAY - 2) * DAY_MS;
    const sums = async (step: Step, by: Dimension | null) => {
      const points = await store.points(asked(step, from, from + 3 * DAY_MS), by);
      const parts = new Map<string, bigint[]>();
      for (const { part: named, requests, errors, answered, unpriced, prompt_tokens, cost_nano } of points) {
        const part = named ?? "";
        const found = parts.get(part) ?? [0n, 0n, 0n, 0n, 0n, 0n];
        const more = [
          BigInt(requests),
          BigInt(errors),
          BigInt(answered),
          BigInt(unpriced),
          BigInt(prompt_tokens),
          cost_nano,
        ];
        parts.set(
          part,
          found.map((value, index) => value + (more[index] ?? 0n)),
        );
      }
      return [...parts].sort();
    };
    expect(await sums("minute", null)).toEqual([["", [15n, 6n, 12n, 3n, 150n, 3n * (LARGE + 1n + 1_500n + 5n)]]]);
    for (const by of [null, "model", "provider", "key", "app"] as const) {
      const raw = await sums("minute", by);
      expect([by, await sums("hour", by)]).toEqual([by, raw]);
      expect([by, await sums("day", by)]).toEqual([by, raw]);
    }
    const open = await sums("day", "app");
    await closeDays(storage.db, NOON);
    expect(await readMark(storage.db, "usage_days_closed")).toBe(TODAY - 1);
    expect(await sums("day", "app")).toEqual(open);
    // What belongs to a closed day and comes all the same is in it after the next closing.
    await record(storage, [usageRow({ created_at: NOON - DAY_MS, app_title: "Late" })]);
    await closeDays(storage.db, NOON + DAY_MS);
    expect((await sums("day", "app")).find(([part]) => part === "Late")?.[1]).toEqual([1n, 0n, 1n, 0n, 10n, 1_500n]);
  });

  test("sums over all accounts are those of each together, by every way to split them, before and after days are made", async () => {
    const storage = await databases.open();
    const third = usageRow({ created_at: NOON, user_id: "user_3", key_id: "key00003", cost_nano: 0n });
    await record(storage, [...variety(NOON), third, ...variety(NOON - DAY_MS), ...variety(NOON - 40 * DAY_MS)]);
    const store = createUsageSeriesStore(storage.db);
    const range = { ...asked("day", (TODAY - 41) * DAY_MS, (TODAY + 1) * DAY_MS), userId: null };
    const enough = { counted: "requests" as const, most: 1 };
    const all = async () => ({
      byAccount: await store.points(range, "account"),
      byModel: await store.points(range, "model"),
      byProvider: await store.points(range, "provider"),
      ofModel: await store.points({ ...range, filter: { model: "acme/large" } }, "account"),
      largest: await store.points(range, "account", enough),
      total: await store.total(range),
      accounts: (await store.parts(range, "account")).length,
    });
    const open = await all();
    expect([open.total.requests, open.total.errors, open.total.cost_nano]).toEqual([19, 6, 3n * (LARGE + 1_583n)]);
    expect(open.byAccount.map(({ part, requests }) => [part, requests]).slice(0, 2)).toEqual([
      ["user_1", 5],
      ["user_2", 1],
    ]);
    const rest = open.largest.filter(({ part }) => part === null).map(({ requests }) => requests);
    expect(rest).toEqual([1, 1, 2]);
    expect(open.largest.filter(({ part }) => part !== null)).toEqual(
      open.byAccount.filter(({ part }) => part === "user_1"),
    );
    await closeDays(storage.db, NOON);
    const made = await all();
    expect({ ...made, accounts: 0 }).toEqual({ ...open, accounts: 0 });
    expect(await storage.db.selectFrom("instance_day").select("day").execute()).not.toEqual([]);
    await rebuildSums(storage.db);
    expect(await all()).toEqual(made);
    const later = usageRow({ created_at: NOON - DAY_MS, user_id: "user_4", key_id: "key00004", cost_nano: 5n });
    await record(storage, [later]);
    await closeDays(storage.db, NOON + DAY_MS);
    expect((await store.total(range)).cost_nano).toBe(open.total.cost_nano + 5n);
    for (const step of ["minute", "hour"] as const) {
      const today = { ...range, step, fromMs: TODAY * DAY_MS };
      expect((await store.total(today)).requests).toBe(7);
      expect((await store.points(today, "account")).reduce((sum, { requests }) => sum + requests, 0)).toBe(7);
    }
  });

  test("days that a clock set ahead has closed too early are not missing what comes into them afterwards", async () => {
    const storage = await databases.open();
    await record(storage, variety(NOON));
    await closeDays(storage.db, NOON + 30 * DAY_MS);
    await closeDays(storage.db, NOON + HOUR_MS);
    await record(storage, [usageRow({ created_at: NOON + HOUR_MS })]);
    const { total } = createUsageSeriesStore(storage.db);
    const today = asked("day", TODAY * DAY_MS, (TODAY + 1) * DAY_MS);
    expect((await total(today)).requests).toBe(6);
    await closeDays(storage.db, NOON + 30 * DAY_MS);
    expect((await total(today)).requests).toBe(6);
  });

  test("a filter leaves only what it names, and nobody sees the sums of another account", async () => {
    const storage = await databases.open();
    await record(storage, variety(NOON));
    const store = createUsageSeriesStore(storage.db);
    for (const step of ["minute", "hour", "day"] as const) {
      const day = asked(step, TODAY * DAY_MS, (TODAY + 1) * DAY_MS);
      const parts = await store.parts(day);
      expect(parts.map(({ model }) => model)).not.toContain("acme/large");
      const only = await store.total({ ...day, filter: { key: "key00002" } });
      expect([only.requests, only.unpriced, only.reasoning_tokens]).toEqual([1, 1, 7]);
      expect((await store.total({ ...day, filter: { app: "Kasir" } })).cost_nano).toBe(LARGE);
      expect((await store.total({ ...day, filter: { model: "acme/large" } })).requests).toBe(0);
      expect((await store.total({ ...day, userId: "user_2" })).cost_nano).toBe(77n);
    }
  });

  test("old requests go, the sums of their days stay, and the books still agree with what is left", async () => {
    const storage = await databases.open();
    const old = NOON - 150 * DAY_MS;
    await record(storage, [...variety(NOON), ...variety(old), ...variety(old - 1)]);
    const store = createUsageSeriesStore(storage.db);
    const range = asked("day", old - DAY_MS, NOON + DAY_MS);
    const before = await store.total(range);
    // Not before the days are closed.
    await pruneUsage(storage, ROOMY, NOON);
    expect(
      await storage.db
        .selectFrom("usage_hour")
        .select("hour")
        .where("hour", "<", (TODAY - KEEP_HOURS_DAYS) * 24)
        .execute(),
    ).not.toEqual([]);
    await closeDays(storage.db, NOON);
    expect(await pruneUsage(storage, { ...ROOMY, days: 100 }, NOON)).toBe(12);
    expect(await store.total(range)).toEqual(before);
    expect(
      await storage.db
        .selectFrom("usage_hour")
        .select("hour")
        .where("hour", "<", (TODAY - KEEP_HOURS_DAYS) * 24)
        .execute(),
    ).toEqual([]);
    expect((await storage.db.selectFrom("usage").select("id").execute()).length).toBe(6);
    expect(await readMark(storage.db, "usage_kept_since")).toBe(Math.floor((NOON - 100 * DAY_MS) / HOUR_MS) * HOUR_MS);
    expect((await verifyLedger(storage, true)).breaches).toEqual([]);
    // The border never moves back, and what is made anew leaves alone what it cannot make.
    await pruneUsage(storage, ROOMY, NOON);
    await rebuildSums(storage.db);
    expect(await store.total(range)).toEqual(before);
  });

  test("when the records need too much room the oldest days go, and no more of them than must", async () => {
    const storage = await databases.open();
    const days = Array.from({ length: 20 }, (_, index) => NOON - (19 - index) * DAY_MS);
    for (const at of days)
      await record(
        storage,
        Array.from({ length: 30 }, (_, index) => usageRow({ created_at: at + index })),
      );
    if (databases.engine === "postgres") await sql`analyze usage`.execute(storage.db);
    const size = await usageSize(storage);
    expect(size.rows).toBe(600);
    expect(await pruneUsage(storage, { days: 3_650, maxBytes: size.bytes }, NOON)).toBe(0);
    const dropped = await pruneUsage(storage, { days: 3_650, maxBytes: Math.floor(size.bytes / 2) }, NOON);
    expect(dropped).toBeGreaterThanOrEqual(300);
    expect(dropped).toBeLessThan(400);
    const { first } = await storage.db
      .selectFrom("usage")
      .select((eb) => eb.fn.min<number>("created_at").as("first"))
      .executeTakeFirstOrThrow();
    expect(first).toBe(days[dropped / 30] ?? Number.NaN);
  });

  test("one day that needs too much room by itself loses its older hours, and what is recorded from then on stays", async () => {
    const storage = await databases.open();
    const hours = [3, 2, 1, 0].map((ago) => NOON - ago * HOUR_MS);
    await record(
      storage,
      hours.flatMap((at) => Array.from({ length: 10 }, () => usageRow({ created_at: at }))),
    );
    if (databases.engine === "postgres") await sql`analyze usage`.execute(storage.db);
    await pruneUsage(storage, { days: 3_650, maxBytes: 1_000 }, NOON + 1);
    expect(await readMark(storage.db, "usage_kept_since")).toBe(NOON);
    await record(storage, [usageRow({ created_at: NOON + 2 })]);
    await pruneUsage(storage, { days: 3_650, maxBytes: 1_000 }, NOON + 3);
    expect(await storage.db.selectFrom("usage").select("id").execute()).toHaveLength(11);
    expect((await verifyLedger(storage, true)).breaches).toEqual([]);
  });

  test("a clock that was years ahead for a while does not cost the requests that are recorded after it", async () => {
    const storage = await databases.open();
    await record(storage, variety(NOON));
    expect(await pruneUsage(storage, { ...ROOMY, days: 400 }, NOON + 4_000 * DAY_MS)).toBe(6);
    await pruneUsage(storage, { ...ROOMY, days: 400 }, NOON + HOUR_MS);
    await record(storage, variety(NOON + 2 * HOUR_MS));
    expect(await pruneUsage(storage, { ...ROOMY, days: 400 }, NOON + 4 * HOUR_MS)).toBe(0);
    expect(await storage.db.selectFrom("usage").select("id").execute()).toHaveLength(6);
    expect((await verifyLedger(storage, true)).breaches).toEqual([]);
  });

  test("a paid call whose record was dropped for its age is no breach of the books", async () => {
    const { storage, clock, newKey, start } = await openBank(databases);
    const key = await newKey({ limitNano: 1_000_000n });
    const process = await start();
    await process.settle(await process.reserve(key, { wantNano: 500n }), 400n);
    await process.stop();
    expect(await pruneUsage(storage, { ...ROOMY, days: 1 }, clock.now + 3 * DAY_MS)).toBe(1);
    expect((await verifyLedger(storage, true)).breaches).toEqual([]);
  });
});
