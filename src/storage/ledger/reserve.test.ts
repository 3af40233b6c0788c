import { expect, test } from "bun:test";
import { addRow, askFor, booksWith, KEY_LIMIT, KEY_ROW, rowOf } from "../../../test/support/books.ts";
import { NOON } from "../../../test/support/money.ts";
import type { LeaseWish, ReserveCommand } from "./commands.ts";
import { LEASE_SLICE_NANO, RICH_FACTOR, reserve } from "./reserve.ts";

const wish = (changes: Partial<LeaseWish> = {}): LeaseWish => ({
  leaseId: "lease_a",
  serial: 1,
  waitingNano: 0n,
  limits: [KEY_LIMIT],
  ...changes,
});
const wishing = (wantNano: bigint, changes: Partial<LeaseWish> = {}, more: Partial<ReserveCommand> = {}) =>
  askFor(wantNano, { lease: wish(changes), ...more });

test("a call gets all that is left to the last nano-dollar, and one nano-dollar more is refused with what is left", () => {
  const books = booksWith();
  expect(reserve(books, askFor(100_001n))).toMatchObject({ kind: "refused", leftNano: 100_000n, resetsAtMs: null });
  expect(reserve(books, askFor(100_000n))).toMatchObject({ kind: "held", grantedNano: 100_000n, leftNano: 0n });
  expect(rowOf(books)).toMatchObject({ pending_nano: 100_000n, ceiling_nano: 100_000n });
  expect(books.reservations.get("req_a")).toMatchObject({ state: "held", progress_nano: 0n, started_at: NOON });
});

test("a call that may cost nothing is let in where nothing is left, and refused where more than all is spent", () => {
  const books = booksWith();
  addRow(books, KEY_LIMIT, { posted_nano: 100_000n });
  expect(reserve(books, askFor(0n))).toMatchObject({ kind: "held", grantedNano: 0n });
  addRow(books, KEY_LIMIT, { posted_nano: 100_001n });
  expect(reserve(books, askFor(0n, { requestId: "req_b" }))).toMatchObject({ kind: "refused", leftNano: 0n });
});

test("a refusal says what running calls hold where nothing else is in the way, to the nano-dollar", () => {
  const account = { scope: "account", ownerId: "user_a", reset: null, nano: 90_000n } as const;
  const books = booksWith([account, KEY_LIMIT]);
  reserve(books, askFor(60_000n));
  const again = (nano: bigint) => reserve(books, askFor(nano, { requestId: "req_b" }));
  expect(again(90_000n)).toMatchObject({ kind: "refused", limit: account, leftNano: 30_000n, heldNano: 60_000n });
  expect(again(90_001n)).toMatchObject({ kind: "refused", limit: account, heldNano: 0n });
  const spent = booksWith([account, KEY_LIMIT]);
  addRow(spent, KEY_LIMIT, { posted_nano: 50_000n, pending_nano: 40_000n });
  expect(reserve(spent, askFor(50_000n))).toMatchObject({ limit: KEY_LIMIT, leftNano: 10_000n, heldNano: 40_000n });
  expect(reserve(spent, askFor(50_001n))).toMatchObject({ limit: KEY_LIMIT, heldNano: 0n });
});

test("with several limits the tightest decides, and a hold stands in each of them", () => {
  const account = { scope: "account", ownerId: "user_a", reset: "daily", nano: 500n } as const;
  const instance = { scope: "instance", ownerId: "", reset: null, nano: 900n } as const;
  const books = booksWith([instance, account, KEY_LIMIT]);
  const refused = reserve(books, askFor(501n));
  expect(refused).toMatchObject({ kind: "refused", limit: account, leftNano: 500n });
  expect(refused).toMatchObject({ resetsAtMs: Date.UTC(2026, 10, 25) });
  const held = reserve(books, askFor(200n));
  expect(held).toMatchObject({ kind: "held", leftNano: 300n });
  if (held.kind !== "held") return;
  expect(held.limitIds).toHaveLength(3);
  for (const id of held.limitIds) expect(rowOf(books, id).pending_nano).toBe(200n);
});

test("of limits that have the same left, the first in order is named", () => {
  const account = { scope: "account", ownerId: "user_a", reset: null, nano: 500n } as const;
  const books = booksWith([account, { ...KEY_LIMIT, nano: 500n }]);
  expect(reserve(books, askFor(501n))).toMatchObject({ kind: "refused", limit: account });
});

test("a limit that was changed holds at once, and a lower one does not make what was charged before look overspent", () => {
  const books = booksWith();
  addRow(books, KEY_LIMIT, { lim_nano: 70_000n, ceiling_nano: 70_000n });
  reserve(books, askFor(1n));
  expect(rowOf(books)).toMatchObject({ lim_nano: 100_000n, ceiling_nano: 100_000n });
  addRow(books, KEY_LIMIT, { lim_nano: 300_000n, ceiling_nano: 300_000n });
  reserve(books, askFor(1n, { requestId: "req_b" }));
  expect(rowOf(books)).toMatchObject({ lim_nano: 100_000n, ceiling_nano: 300_000n });
});

test("a process that was called dead gets nothing, and one that is alive is not made anew", () => {
  const books = booksWith();
  books.processes.load([["proc_a", { id: "proc_a", beat: 7, state: "dead" }]]);
  expect(reserve(books, askFor(1n))).toEqual({ kind: "dead" });
  books.processes.load([["proc_a", { id: "proc_a", beat: 7, state: "alive" }]]);
  reserve(books, askFor(1n));
  expect(books.processes.get("proc_a")).toEqual({ id: "proc_a", beat: 7, state: "alive" });
  reserve(books, askFor(1n, { requestId: "req_b", processId: "proc_b" }));
  expect(books.processes.made()).toEqual([{ id: "proc_b", beat: 0, state: "alive" }]);
});

test("a key that is gone gets nothing, and one without limits is granted what it wants and leaves no trace", () => {
  expect(reserve(booksWith(), askFor(1n, { keyId: "key_gone" }))).toEqual({ kind: "noKey" });
  const books = booksWith([]);
  expect(reserve(books, askFor(7n))).toEqual({ kind: "held", grantedNano: 7n, limitIds: [], leftNano: null });
  expect([...books.processes.made(), ...books.reservations.made()]).toEqual([]);
});

test("a lease is given while twenty such calls have room, and with a nano-dollar less the call has a hold of its own", () => {
  const most = KEY_LIMIT.nano / RICH_FACTOR;
  expect(reserve(booksWith(), wishing(most))).toMatchObject({ kind: "leased", limitIds: [KEY_ROW] });
  expect(reserve(booksWith(), wishing(most + 1n))).toMatchObject({ kind: "held", grantedNano: most + 1n });
});

test("nothing is leased where nothing is left", () => {
  const books = booksWith();
  addRow(books, KEY_LIMIT, { posted_nano: 100_000n });
  expect(reserve(books, wishing(0n))).toMatchObject({ kind: "held", grantedNano: 0n });
});

test("a lease that would be empty is not given: a hundredth of what is left has to be a nano-dollar at least", () => {
  const giveFrom = (leftNano: bigint) => {
    const books = booksWith();
    addRow(books, KEY_LIMIT, { posted_nano: KEY_LIMIT.nano - leftNano });
    return reserve(books, wishing(0n));
  };
  expect(giveFrom(99n)).toMatchObject({ kind: "held", grantedNano: 0n });
  expect(giveFrom(100n)).toMatchObject({ kind: "leased", addedNano: 1n });
});

test("a lease takes what waits, or a hundredth of what is left; never more than a fifth, unasked never more than a slice", () => {
  const sizeOf = (waitingNano: bigint, nano = KEY_LIMIT.nano) => {
    const limits = [{ ...KEY_LIMIT, nano }];
    const given = reserve(booksWith(limits), wishing(1n, { waitingNano, limits }));
    return given.kind === "leased" ? given.addedNano : null;
  };
  expect(sizeOf(0n)).toBe(1_000n);
  expect(sizeOf(1_001n)).toBe(1_001n);
  expect(sizeOf(20_000n)).toBe(20_000n);
  expect(sizeOf(20_001n)).toBe(20_000n);
  expect(sizeOf(0n, LEASE_SLICE_NANO * 1_000n)).toBe(LEASE_SLICE_NANO);
});

test("a growth that was asked for twice happens once, the next one adds to it, and one out of turn is not given", () => {
  const books = booksWith();
  const first = reserve(books, wishing(1n));
  expect(first).toEqual({ kind: "leased", addedNano: 1_000n, limitIds: [KEY_ROW] });
  expect(reserve(books, wishing(1n))).toEqual(first);
  expect(rowOf(books).pending_nano).toBe(1_000n);
  expect(books.leases.get("lease_a")).toMatchObject({ amount_nano: 1_000n, serial: 1, state: "open" });
  expect(reserve(books, wishing(1n, { serial: 2, waitingNano: 2_000n }))).toMatchObject({ addedNano: 2_000n });
  expect(books.leases.get("lease_a")).toMatchObject({ amount_nano: 3_000n, added_nano: 2_000n, serial: 2 });
  expect(rowOf(books).pending_nano).toBe(3_000n);
  expect(reserve(books, wishing(1n, { serial: 4 }, { requestId: "req_b" }))).toMatchObject({ kind: "held" });
  expect(reserve(books, wishing(1n, { serial: 1 }, { requestId: "req_c" }))).toMatchObject({ kind: "held" });
  const unknown = wishing(1n, { leaseId: "lease_b", serial: 2 }, { requestId: "req_d" });
  expect(reserve(books, unknown)).toMatchObject({ kind: "held" });
});

test("a lease that has ended does not grow, whatever its serial says", () => {
  for (const serial of [1, 2]) {
    const books = booksWith();
    reserve(books, wishing(1n));
    const ended = { ...books.leases.get("lease_a")!, state: "expired" as const };
    books.leases.put("lease_a", ended);
    expect(reserve(books, wishing(1n, { serial }))).toMatchObject({ kind: "held" });
    expect(books.leases.get("lease_a")).toEqual(ended);
  }
});

test("a lease is given only to who knows the limits as they are, and grows only in the windows it began in", () => {
  const other = [
    [],
    [KEY_LIMIT, KEY_LIMIT],
    [{ ...KEY_LIMIT, nano: 100_001n }],
    [{ ...KEY_LIMIT, ownerId: "key_b" }],
    [{ ...KEY_LIMIT, reset: "daily" as const }],
    [{ ...KEY_LIMIT, scope: "account" as const }],
  ];
  for (const limits of other) expect(reserve(booksWith(), wishing(1n, { limits }))).toMatchObject({ kind: "held" });
  const books = booksWith();
  reserve(books, wishing(1n));
  for (const limitIds of [[], ["key/key_a/total/7"]]) {
    books.leases.put("lease_a", { ...books.leases.get("lease_a")!, limitIds });
    const next = wishing(1n, { serial: 2 }, { requestId: `req_${limitIds.length}` });
    expect(reserve(books, next)).toMatchObject({ kind: "held" });
  }
});

test("asking again under the same id gives the same hold, and nothing more once that has ended", () => {
  const books = booksWith();
  reserve(books, askFor(300n));
  expect(reserve(books, askFor(900n))).toMatchObject({ kind: "held", grantedNano: 300n, leftNano: null });
  expect(rowOf(books).pending_nano).toBe(300n);
  books.reservations.put("req_a", { ...books.reservations.get("req_a")!, state: "voided" });
  expect(reserve(books, askFor(900n))).toEqual({ kind: "ended" });
});
