/** Books in memory with one key, for tests of what is decided over them. */
import type { SpendLimit } from "../../src/kernel/spend-limit.ts";
import { type Books, emptyBooks, type LimitRow } from "../../src/storage/ledger/books.ts";
import type { HeldMoney, ReserveCommand } from "../../src/storage/ledger/commands.ts";
import { placeOf } from "../../src/storage/ledger/limits.ts";
import { NOON } from "./money.ts";

export const KEY_LIMIT: SpendLimit = { scope: "key", ownerId: "key_a", reset: null, nano: 100_000n };
export const KEY_ROW = placeOf(KEY_LIMIT, NOON).id;

/** Books with a row for each limit, of which the key is held to all. */
export function booksWith(limits: readonly SpendLimit[] = [KEY_LIMIT]): Books {
  const books = emptyBooks(NOON);
  books.terms = new Map([["key_a", { keyId: "key_a", userId: "user_a", limits }]]);
  for (const limit of limits) addRow(books, limit);
  return books;
}

export function addRow(books: Books, limit: SpendLimit, changes: Partial<LimitRow> = {}): string {
  const place = placeOf(limit, NOON);
  const amounts = { lim_nano: limit.nano, posted_nano: 0n, pending_nano: 0n, ceiling_nano: limit.nano };
  books.limits.load([[place.id, { ...place, ...amounts, ...changes }]]);
  return place.id;
}

export function rowOf(books: Books, id = KEY_ROW): LimitRow {
  const row = books.limits.get(id);
  if (!row) throw new Error(`no row ${id}`);
  return row;
}

export function askFor(wantNano: bigint, changes: Partial<ReserveCommand> = {}): ReserveCommand {
  const who = { keyId: "key_a", userId: "user_a", processId: "proc_a", startedAtMs: NOON };
  return { kind: "reserve", requestId: "req_a", ...who, wantNano, leastNano: wantNano, lease: null, ...changes };
}

export function heldMoney(changes: Partial<HeldMoney> = {}): HeldMoney {
  const who = { requestId: "req_a", keyId: "key_a", userId: "user_a", startedAtMs: NOON };
  return { ...who, grantedNano: 1_000n, leaseId: null, limitIds: [KEY_ROW], ...changes };
}
