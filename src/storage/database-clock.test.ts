import { describe, expect, test } from "bun:test";
import { databasesOf } from "../../test/support/databases.ts";
import { handClock, NOON } from "../../test/support/money.ts";
import { until } from "../../test/support/visitor.ts";
import { DAY_MS, dayOf } from "../kernel/windows.ts";
import { createDatabaseClock } from "./database-clock.ts";
import { placeOf } from "./ledger/limits.ts";

const DAILY = { scope: "key", ownerId: "key_a", reset: "daily" } as const;

describe("PostgreSQL", () => {
  const databases = databasesOf("postgres");

  test("servers whose clocks are days and hours apart put a call into the same window", async () => {
    const storage = await databases.open();
    const skews = [0, DAY_MS, -DAY_MS, 3_600_000];
    const clocks = await Promise.all(skews.map((skew) => createDatabaseClock(storage, handClock(NOON + skew))));
    // All of them tell the same time, whatever the time is: a day at most passes at midnight between two looks.
    const days = new Set(clocks.map((clock) => dayOf(clock.nowMs())));
    expect(days.size).toBeLessThanOrEqual(2);
    expect(Math.max(...days) - Math.min(...days)).toBeLessThanOrEqual(1);
    const times = clocks.map((clock) => clock.nowMs());
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(30_000);
    const places = new Set(times.map((timeMs) => placeOf(DAILY, timeMs).id));
    expect(places.size).toBeLessThanOrEqual(2);
  });

  test("between two answers time goes on by what passes here, and a clock that is put right moves nothing", async () => {
    const storage = await databases.open();
    const own = handClock();
    const clock = await createDatabaseClock(storage, own);
    const before = clock.nowMs();
    own.pass(5_000);
    expect(clock.nowMs() - before).toBe(5_000);
    own.now += DAY_MS;
    expect(clock.nowMs() - before).toBe(5_000);
  });

  test("what has drifted is put right by the next answer", async () => {
    const storage = await databases.open();
    const own = handClock();
    const clock = await createDatabaseClock(storage, own);
    const before = clock.nowMs();
    own.monotonic += DAY_MS;
    // Asking for the time asks the database as well, when the last answer is old.
    clock.nowMs();
    await until(async () => clock.nowMs() - before < DAY_MS / 2);
    await clock.synchronise();
    expect(clock.nowMs() - before).toBeLessThan(DAY_MS / 2);
  });
});

test("SQLite: the time is the machine's own", async () => {
  const own = handClock();
  const storage = { engine: "sqlite" } as Parameters<typeof createDatabaseClock>[0];
  const clock = await createDatabaseClock(storage, own);
  own.pass(7);
  expect([clock.nowMs(), clock.monotonicMs()]).toEqual([NOON + 7, 7]);
  await clock.synchronise();
});
