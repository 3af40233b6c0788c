import { expect, test } from "bun:test";
import { addRow, askFor, booksWith, heldMoney, KEY_LIMIT, KEY_ROW, rowOf } from "../../../test/support/books.ts";
import { NOON } from "../../../test/support/money.ts";
import { usageRow } from "../../../test/support/stored.ts";
import type { UsageRow } from "../schema.ts";
import type { Books } from "./books.ts";
import { leftOfAll } from "./books.ts";
import type { HeldMoney } from "./commands.ts";
import { reserve } from "./reserve.ts";
import {
  divided,
  dividedLate,
  expire,
  expireLease,
  giveBack,
  isPrepaid,
  limitIdsOf,
  pulse,
  release,
  settle,
} from "./settle.ts";

const costing = (cost_nano: bigint | null, changes: Partial<UsageRow> = {}) =>
  usageRow({ key_id: "key_a", user_id: "user_a", created_at: NOON, cost_nano, ...changes });
const ACCOUNT = { scope: "account", ownerId: "user_a", reset: null, nano: 400n } as const;
const CREDIT = { scope: "credit", ownerId: "user_a", reset: null, nano: 5_000n } as const;

function holding(nano = 1_000n): { books: Books; hold: HeldMoney } {
  const books = booksWith();
  reserve(books, askFor(nano));
  return { books, hold: heldMoney({ grantedNano: nano }) };
}

function leasing(amount_nano = 1_000n): { books: Books; hold: HeldMoney } {
  const books = booksWith();
  addRow(books, KEY_LIMIT, { pending_nano: amount_nano });
  const lease = { id: "lease_a", process_id: "proc_a", limitIds: [KEY_ROW], amount_nano, added_nano: amount_nano };
  books.leases.load([["lease_a", { ...lease, serial: 1, state: "open", created_at: NOON }]]);
  return { books, hold: heldMoney({ leaseId: "lease_a", grantedNano: 300n }) };
}

function ended(books: Books, hold: HeldMoney | null, row: UsageRow) {
  const settled = divided(books, { row, hold });
  settle(books, settled);
  return settled;
}

test("a charge that was never held raises the ceiling to what is reached, and no further", () => {
  const { books, hold } = holding();
  const account = addRow(books, ACCOUNT, { posted_nano: 300n, pending_nano: 70n });
  ended(books, hold, costing(50n));
  expect(rowOf(books, account)).toMatchObject({ posted_nano: 350n, pending_nano: 70n, ceiling_nano: 420n });
  ended(books, null, costing(1n, { id: "gen-b" }));
  expect(rowOf(books, account)).toMatchObject({ posted_nano: 351n, ceiling_nano: 421n });
});

test("a charge that was never held leaves a ceiling alone that is higher than what is reached", () => {
  const books = booksWith();
  const account = addRow(books, ACCOUNT, { posted_nano: 300n, pending_nano: 50n, ceiling_nano: 9_000n });
  ended(books, null, costing(50n));
  expect(rowOf(books, account)).toMatchObject({ posted_nano: 350n, ceiling_nano: 9_000n });
});

test("a charge that was held never raises a ceiling: a row above it is a broken promise and has to be seen", () => {
  const { books, hold } = holding();
  addRow(books, KEY_LIMIT, { posted_nano: 100_000n, pending_nano: 1_000n });
  ended(books, hold, costing(400n));
  expect(rowOf(books)).toMatchObject({ posted_nano: 100_400n, pending_nano: 0n, ceiling_nano: 100_000n });
});

test("a call that cost something is posted and one that cost nothing is voided; either frees all of the hold", () => {
  for (const [cost, state] of [
    [1n, "posted"],
    [0n, "voided"],
    [null, "voided"],
  ] as const) {
    const { books, hold } = holding();
    expect(ended(books, hold, costing(cost)).isLate).toBe(false);
    expect(books.reservations.get("req_a")).toMatchObject({ state, ended_at: NOON });
    expect(rowOf(books)).toMatchObject({ posted_nano: cost ?? 0n, pending_nano: 0n });
    expect(books.fresh).toHaveLength(1);
  }
});

test("beyond what was held nothing is charged: the rest is the operator's loss, with what was lost before", () => {
  const { books, hold } = holding();
  expect(ended(books, hold, costing(1_200n, { loss_nano: 30n })).row).toMatchObject({
    cost_nano: 1_000n,
    loss_nano: 230n,
  });
  expect(books.postings.map(({ amount_nano }) => amount_nano).sort()).toEqual([-230n, 230n]);
});

test("a row is dated by its hold, and only what stands in limits is bounded by it", () => {
  const { books } = holding();
  const hold = heldMoney({ startedAtMs: NOON - 5, limitIds: [], grantedNano: 1n });
  const { row, isLate } = divided(books, { row: costing(70n), hold });
  expect(row).toMatchObject({ created_at: NOON - 5, cost_nano: 70n });
  expect(isLate).toBe(false);
});

test("what is charged out of a lease leaves the lease and its limits; a call is late when the lease lacks its charge", () => {
  const { books, hold } = leasing();
  expect(ended(books, hold, costing(300n)).isLate).toBe(false);
  expect(books.leases.get("lease_a")).toMatchObject({ amount_nano: 700n, state: "open" });
  expect(rowOf(books)).toMatchObject({ posted_nano: 300n, pending_nano: 700n });
  expect(divided(leasing(300n).books, { row: costing(300n), hold }).isLate).toBe(false);
  expect(divided(leasing(299n).books, { row: costing(300n), hold }).isLate).toBe(true);
  expect(divided(booksWith(), { row: costing(1n), hold }).isLate).toBe(true);
});

test("a hold that is gone makes the call late, be it ended, expired with its lease, or never written", () => {
  const { books, hold } = holding();
  release(books, hold);
  expect(divided(books, { row: costing(1n), hold }).isLate).toBe(true);
  expect(divided(booksWith(), { row: costing(1n), hold }).isLate).toBe(true);
  const leased = leasing();
  expireLease(leased.books, "lease_a");
  expect(divided(leased.books, { row: costing(0n), hold: leased.hold }).isLate).toBe(true);
});

test("a late call is charged what its limits have room for, never below zero and never more than was granted", () => {
  const chargeWith = (posted_nano: bigint) => {
    const books = booksWith();
    addRow(books, KEY_LIMIT, { posted_nano });
    const hold = heldMoney();
    return dividedLate(books, { row: costing(5_000n), hold, isLate: true });
  };
  expect(chargeWith(0n)).toMatchObject({ cost_nano: 1_000n, loss_nano: 4_000n });
  expect(chargeWith(99_300n)).toMatchObject({ cost_nano: 700n, loss_nano: 4_300n });
  expect(chargeWith(100_000n)).toMatchObject({ cost_nano: 0n, loss_nano: 5_000n });
  expect(chargeWith(100_300n)).toMatchObject({ cost_nano: 0n, loss_nano: 5_000n });
  const free = costing(5_000n);
  expect(dividedLate(booksWith(), { row: free, hold: null, isLate: true })).toBe(free);
  expect(dividedLate(booksWith(), { row: free, hold: heldMoney({ limitIds: ["gone"] }), isLate: true })).toBe(free);
});

test("a call without a loss moves none, and one that is late only when it costs something", () => {
  const { books, hold } = holding();
  settle(books, { row: costing(10n), hold, isLate: false });
  expect(books.postings).toEqual([]);
  const leased = leasing(0n);
  expect(divided(leased.books, { row: costing(null), hold: leased.hold }).isLate).toBe(false);
});

test("a call that cost nothing writes neither its lease nor the limits that the lease stands in", () => {
  const { books, hold } = leasing();
  ended(books, hold, costing(0n));
  expect([...books.leases.changed(), ...books.limits.changed()]).toEqual([]);
});

test("nothing is taken from a lease that has ended, whatever the call cost", () => {
  const { books, hold } = leasing();
  expireLease(books, "lease_a");
  settle(books, { row: costing(7n), hold, isLate: false });
  expect(books.leases.get("lease_a")).toMatchObject({ amount_nano: 0n, state: "expired" });
  expect(rowOf(books)).toMatchObject({ posted_nano: 7n, pending_nano: 0n });
});

test("a late call frees nothing a second time", () => {
  const { books, hold } = holding();
  release(books, hold);
  settle(books, { row: costing(10n), hold, isLate: true });
  expect(rowOf(books)).toMatchObject({ posted_nano: 10n, pending_nano: 0n });
  expect(books.reservations.get("req_a")).toMatchObject({ state: "voided" });
});

test("a prepaid call is paid from credit by as much as it was charged, and others from none", () => {
  const books = booksWith([CREDIT, KEY_LIMIT]);
  const held = reserve(books, askFor(1_000n));
  const hold = heldMoney({ limitIds: held.kind === "held" ? held.limitIds : [] });
  const credit = hold.limitIds[0]!;
  ended(books, hold, costing(640n));
  expect(rowOf(books, credit)).toMatchObject({ posted_nano: 640n, pending_nano: 0n });
  expect(books.balances.get("user:user_a")).toMatchObject({ balance_nano: -640n });
  ended(books, null, costing(5n, { id: "gen-b" }));
  expect(rowOf(books, credit)).toMatchObject({ posted_nano: 640n });
  expect([isPrepaid(hold), isPrepaid(heldMoney()), isPrepaid(null)]).toEqual([true, false, false]);
});

test("releasing and expiring free a hold once, and say how it ended", () => {
  for (const [end, state] of [
    [release, "voided"],
    [expire, "expired"],
  ] as const) {
    const { books, hold } = holding();
    end(books, hold);
    end(books, hold);
    expect(books.reservations.get("req_a")).toMatchObject({ state });
    expect(rowOf(books)).toMatchObject({ posted_nano: 0n, pending_nano: 0n });
  }
});

test("what goes back of a lease goes back once, no more than it has, and an empty lease is closed", () => {
  const { books } = leasing();
  giveBack(books, { leaseId: "lease_a", serial: 2, nano: 400n });
  giveBack(books, { leaseId: "lease_a", serial: 2, nano: 400n });
  expect(books.leases.get("lease_a")).toMatchObject({ amount_nano: 600n, serial: 2, state: "open" });
  expect(rowOf(books).pending_nano).toBe(600n);
  giveBack(books, { leaseId: "lease_a", serial: 3, nano: 900n });
  expect(books.leases.get("lease_a")).toMatchObject({ amount_nano: 0n, serial: 3, state: "closed" });
  expect(rowOf(books).pending_nano).toBe(0n);
  const closed = books.leases.get("lease_a")!;
  giveBack(books, { leaseId: "lease_a", serial: 4, nano: 1n });
  expireLease(books, "lease_a");
  expect(books.leases.get("lease_a")).toEqual(closed);
});

test("the lease of a dead process frees what is left in it, once", () => {
  const { books } = leasing();
  expireLease(books, "lease_a");
  expireLease(books, "lease_a");
  expireLease(books, "lease_unknown");
  expect(books.leases.get("lease_a")).toMatchObject({ amount_nano: 0n, state: "expired" });
  expect(rowOf(books).pending_nano).toBe(0n);
});

test("a heart beats up by one from nothing, and a dead one beats no more", () => {
  const { books } = holding();
  const beat = () => pulse(books, { processId: "proc_b", marks: [] });
  expect([beat(), beat()]).toEqual([{ kind: "done" }, { kind: "done" }]);
  expect(books.processes.get("proc_b")).toEqual({ id: "proc_b", beat: 2, state: "alive" });
  books.processes.put("proc_b", { id: "proc_b", beat: 2, state: "dead" });
  expect(beat()).toEqual({ kind: "dead" });
  expect(books.processes.get("proc_b")).toMatchObject({ beat: 2, state: "dead" });
});

test("a mark only ever rises, makes the row of a leased hold, and wakes no hold that has ended", () => {
  const mark = (books: Books, hold: HeldMoney, [costNano, draft]: readonly [bigint, string]) =>
    pulse(books, { processId: "proc_a", marks: [{ hold, costNano, draft }] });
  const { books, hold } = holding();
  mark(books, hold, [20n, "twenty"]);
  mark(books, hold, [20n, "again"]);
  mark(books, hold, [19n, "less"]);
  expect(books.reservations.get("req_a")).toMatchObject({ progress_nano: 20n, draft: "twenty", state: "held" });
  release(books, hold);
  mark(books, hold, [30n, "late"]);
  expect(books.reservations.get("req_a")).toMatchObject({ progress_nano: 20n, draft: "twenty", state: "voided" });
  const leased = leasing();
  mark(leased.books, leased.hold, [0n, "nothing"]);
  expect(leased.books.reservations.get("req_a")).toBeUndefined();
  mark(leased.books, leased.hold, [1n, "one"]);
  expect(leased.books.reservations.get("req_a")).toMatchObject({ lease_id: "lease_a", progress_nano: 1n });
  const empty = booksWith();
  mark(empty, hold, [1n, "unknown"]);
  expect(empty.reservations.made()).toEqual([]);
});

test("a call that cost something is looked up in every window it counts in, and a free one only where it was held", () => {
  const hold = heldMoney();
  expect(limitIdsOf({ row: costing(0n), hold })).toEqual([KEY_ROW]);
  expect(limitIdsOf({ row: costing(null), hold: null })).toEqual([]);
  const ids = limitIdsOf({ row: costing(1n), hold: null });
  expect(ids).toHaveLength(12);
  expect(ids).toContain("account/user_a/daily/20781");
  const yesterday = heldMoney({ startedAtMs: NOON - 86_400_000 });
  expect(limitIdsOf({ row: costing(1n), hold: yesterday })).toContain("account/user_a/daily/20780");
});

test("what several limits have left is what the tightest has, and rows that are not loaded do not bind", () => {
  const books = booksWith();
  const account = addRow(books, ACCOUNT, { posted_nano: 100n, pending_nano: 50n });
  expect(leftOfAll(books, [KEY_ROW, account, "gone"])).toBe(250n);
  expect(leftOfAll(books, [account, KEY_ROW])).toBe(250n);
  expect(leftOfAll(books, ["gone"])).toBeNull();
});
