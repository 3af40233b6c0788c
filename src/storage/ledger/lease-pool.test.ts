import { expect, test } from "bun:test";
import { KEY_LIMIT, KEY_ROW } from "../../../test/support/books.ts";
import { NOON } from "../../../test/support/money.ts";
import { LeasePool } from "./lease-pool.ts";

const DAILY = { ...KEY_LIMIT, reset: "daily" } as const;

/** A pool whose set for the key has a lease with so much in it. */
function pooled(addedNano = 1_000n) {
  const pool = new LeasePool();
  const { set } = pool.setFor([KEY_LIMIT], NOON, 0);
  const wish = pool.wish(set);
  pool.grown(set, wish, { addedNano, limitIds: [KEY_ROW] });
  const lease = set.lease;
  if (!lease) throw new Error("no lease");
  return { pool, set, lease, wish };
}

test("a set is busy when another call came less than a second before", () => {
  const pool = new LeasePool();
  const busy = (nowMs: number) => pool.setFor([KEY_LIMIT], NOON, nowMs).isBusy;
  expect([busy(5_000), busy(5_999), busy(6_999), busy(6_999)]).toEqual([false, true, false, true]);
});

test("calls share a set only with the same limits in the same windows", () => {
  const pool = new LeasePool();
  const setOf = (limit: typeof KEY_LIMIT | typeof DAILY, atMs = NOON) => pool.setFor([limit], atMs, 0).set;
  expect(setOf(KEY_LIMIT)).toBe(setOf(KEY_LIMIT, NOON + 86_400_000));
  expect(setOf(DAILY)).toBe(setOf(DAILY));
  expect(setOf(DAILY)).not.toBe(setOf(DAILY, NOON + 86_400_000));
  expect(setOf(KEY_LIMIT)).not.toBe(setOf({ ...KEY_LIMIT, nano: 1n }));
  expect(pool.sets()).toHaveLength(4);
});

test("a lease gives what it has to the last nano-dollar and not one more, and takes back what was not used", () => {
  const { pool, set, lease } = pooled();
  expect(pool.take(set, 1_001n)).toBeUndefined();
  expect(pool.take(set, 400n)).toBe(lease);
  expect(pool.take(set, 600n)).toBe(lease);
  expect(lease).toMatchObject({ freeNano: 0n, openHolds: 2 });
  expect(pool.take(set, 1n)).toBeUndefined();
  expect(pool.ended(lease, 250n)).toBe(false);
  expect(lease).toMatchObject({ freeNano: 250n, openHolds: 1 });
});

test("a lease grows serial by serial under one id, and what is granted is free in it", () => {
  const { pool, set, lease, wish } = pooled();
  expect(wish).toMatchObject({ serial: 1, waitingNano: 0n, limits: [KEY_LIMIT] });
  set.waitingNano = 70n;
  const next = pool.wish(set);
  expect(next).toMatchObject({ leaseId: lease.id, serial: 2, waitingNano: 70n });
  pool.grown(set, next, { addedNano: 500n, limitIds: [KEY_ROW] });
  expect(lease).toMatchObject({ serial: 2, freeNano: 1_500n, limitIds: [KEY_ROW], openHolds: 0 });
});

test("a growth that comes after its lease was given up gives nothing, and makes no lease anew", () => {
  const { pool, set, lease } = pooled();
  pool.take(set, 100n);
  const late = pool.wish(set);
  pool.giveUp(lease);
  pool.grown(set, late, { addedNano: 500n, limitIds: [KEY_ROW] });
  expect(set.lease).toBeNull();
  expect(lease).toMatchObject({ freeNano: 0n, serial: 1 });
  const fresh = pool.wish(set);
  pool.grown(set, fresh, { addedNano: 500n, limitIds: [KEY_ROW] });
  pool.grown(set, late, { addedNano: 500n, limitIds: [KEY_ROW] });
  expect(set.lease).toMatchObject({ id: fresh.leaseId, freeNano: 500n });
});

test("a lease that was given up ends with its last hold, and is known until then", () => {
  const { pool, set, lease } = pooled();
  pool.take(set, 100n);
  pool.take(set, 100n);
  expect(pool.giveUp(lease)).toBe(false);
  expect(pool.take(set, 1n)).toBeUndefined();
  expect(pool.ended(lease, 0n)).toBe(false);
  expect([pool.has(lease.id), pool.isEmpty]).toEqual([true, false]);
  expect(pool.ended(lease, 0n)).toBe(true);
  expect([pool.has(lease.id), pool.isEmpty]).toEqual([false, true]);
  const other = pooled();
  expect(other.pool.giveUp(other.lease)).toBe(true);
  expect(other.set.lease).toBeNull();
});

test("giving up one lease leaves those of other sets alone", () => {
  const { pool, set, lease } = pooled();
  const { set: other } = pool.setFor([DAILY], NOON, 0);
  pool.grown(other, pool.wish(other), { addedNano: 5n, limitIds: [] });
  pool.giveUp(lease);
  expect([set.lease, other.lease?.freeNano]).toEqual([null, 5n]);
});

test("what is free is taken out once, under the next serial, and not while the lease grows", () => {
  const { pool, set, lease } = pooled();
  set.growing = Promise.resolve();
  expect(pool.takeFree(set)).toBeNull();
  set.growing = null;
  expect(pool.takeFree(set)).toEqual({ lease, serial: 2, nano: 1_000n });
  expect(lease).toMatchObject({ serial: 2, freeNano: 0n });
  expect(pool.takeFree(set)).toBeNull();
  expect(lease.serial).toBe(2);
});

test("money that nobody asked for within a second is idle, and an empty set is forgotten after a minute", () => {
  const { pool, set, lease } = pooled();
  expect(pool.idle(999)).toEqual([]);
  expect(pool.idle(1_000)).toEqual([set]);
  expect(pool.idle(60_000)).toEqual([set]);
  pool.takeFree(set);
  expect(pool.idle(59_999)).toEqual([]);
  expect(pool.sets()).toEqual([set]);
  set.growing = Promise.resolve();
  pool.idle(60_000);
  expect(pool.sets()).toEqual([set]);
  set.growing = null;
  pool.idle(60_000);
  expect([pool.sets(), pool.has(lease.id)]).toEqual([[], false]);
});

test("a set is not forgotten while a call runs in its lease", () => {
  const { pool, set, lease } = pooled();
  pool.take(set, 1_000n);
  expect(pool.idle(60_000)).toEqual([]);
  expect([pool.sets(), pool.has(lease.id)]).toEqual([[set], true]);
});

test("money is scarce when less than ten calls are left beside a lease", () => {
  const { pool, set } = pooled();
  set.lastWantNano = 100n;
  expect([pool.isScarce(set, 999n), pool.isScarce(set, 1_000n), pool.isScarce(set, null)]).toEqual([
    true,
    false,
    false,
  ]);
  set.lease = null;
  expect(pool.isScarce(set, 0n)).toBe(false);
});

test("limits are asked in one order, whatever order they come in", () => {
  const pool = new LeasePool();
  const of = (
    scope: "instance" | "account" | "credit" | "key",
    reset: "daily" | "weekly" | "monthly" | null = null,
  ) => ({
    scope,
    ownerId: "x",
    reset,
    nano: 1n,
  });
  const ordered = [
    of("instance"),
    of("instance", "monthly"),
    of("account", "daily"),
    of("credit"),
    of("key", "weekly"),
  ];
  expect(pool.setFor([...ordered].reverse(), NOON, 0).set.limits).toEqual(ordered);
});
