/**
 * Setting money aside. Pure: the rows are loaded and locked by the caller.
 *
 * Invariants: a hold or a lease is given on all limits or on none; afterwards posted + pending ≤ lim on each of them;
 * asking again under the same request id changes nothing.
 */
import { greaterOf, lesserOf, type NanoUsd } from "../../kernel/money.ts";
import type { SpendLimit } from "../../kernel/spend-limit.ts";
import { windowOf } from "../../kernel/windows.ts";
import { addPending, type Books, type KeyTerms, type LeaseRow, type LimitRow, leftOf } from "./books.ts";
import type { Outcome, ReserveCommand } from "./commands.ts";
import { placeOf } from "./limits.ts";

/** A lease is given while this many of the largest waiting calls would still find room beside it. */
export const RICH_FACTOR = 20n;
/** What a lease asks for where nobody waits for more: this, or a hundredth of what is left. */
export const LEASE_SLICE_NANO = 500_000_000n;
const LEASE_SHARE = 100n;
/** No lease takes more of what is left than one part in so many. */
const LEASE_MOST_SHARE = 5n;

export function reserve(books: Books, command: ReserveCommand): Outcome {
  const { requestId, processId } = command;
  const process = books.processes.get(processId);
  if (process?.state === "dead") return { kind: "dead" };
  const before = books.reservations.get(requestId);
  if (before) {
    if (before.state !== "held") return { kind: "ended" };
    return { kind: "held", grantedNano: before.granted_nano, limitIds: before.limitIds, leftNano: null };
  }
  const terms = books.terms.get(command.keyId);
  if (!terms) return { kind: "noKey" };
  const bounds = boundsOf(books, terms, command.startedAtMs);
  const tightest = tightestOf(bounds);
  if (!tightest) return { kind: "held", grantedNano: command.wantNano, limitIds: [], leftNano: null };
  if (!process) books.processes.put(processId, { id: processId, beat: 0, state: "alive" });
  return (
    lease(books, command, { terms, bounds, leftNano: tightest.leftNano }) ?? hold(books, command, { bounds, tightest })
  );
}

interface Bound {
  limit: SpendLimit;
  row: LimitRow;
}

/** The limits that hold for the call, each with its row, whose `lim` is brought up to date. */
function boundsOf(books: Books, { limits }: KeyTerms, atMs: number): Bound[] {
  return limits.flatMap((limit) => {
    const { id } = placeOf(limit, atMs);
    const row = books.limits.get(id);
    return row ? [{ limit, row: withLim(books, row, limit) }] : [];
  });
}

function withLim(books: Books, row: LimitRow, { nano }: SpendLimit): LimitRow {
  if (row.lim_nano === nano) return row;
  return books.limits.put(row.id, { ...row, lim_nano: nano, ceiling_nano: greaterOf(nano, row.ceiling_nano) });
}

function tightestOf(bounds: readonly Bound[]): (Bound & { leftNano: NanoUsd }) | null {
  let tightest: (Bound & { leftNano: NanoUsd }) | null = null;
  for (const bound of bounds) {
    const leftNano = leftOf(bound.row);
    if (tightest === null || leftNano < tightest.leftNano) tightest = { ...bound, leftNano };
  }
  return tightest;
}

function hold(
  books: Books,
  command: ReserveCommand,
  { bounds, tightest }: { bounds: readonly Bound[]; tightest: Bound & { leftNano: NanoUsd } },
): Outcome {
  const { wantNano, leastNano, startedAtMs } = command;
  const { leftNano, limit } = tightest;
  const grantedNano = lesserOf(wantNano, leftNano);
  if (leftNano < 0n || grantedNano < leastNano) {
    const resetsAtMs = windowOf(limit.reset, startedAtMs).endsAtMs;
    const heldNano = isFreeAtRest(bounds, leastNano) ? tightest.row.pending_nano : 0n;
    return { kind: "refused", limit, leftNano: greaterOf(leftNano, 0n), heldNano, resetsAtMs };
  }
  const limitIds = bounds.map(({ row }) => row.id);
  addPending(books, limitIds, grantedNano);
  books.reservations.put(command.requestId, {
    request_id: command.requestId,
    state: "held",
    process_id: command.processId,
    lease_id: null,
    limitIds,
    key_id: command.keyId,
    user_id: command.userId,
    granted_nano: grantedNano,
    progress_nano: 0n,
    draft: null,
    started_at: startedAtMs,
    ended_at: null,
  });
  return { kind: "held", grantedNano, limitIds, leftNano: leftNano - grantedNano };
}

/** Whether there would be enough everywhere if nothing were set aside. */
function isFreeAtRest(bounds: readonly Bound[], leastNano: NanoUsd): boolean {
  return bounds.every(({ row: { lim_nano, posted_nano } }) => lim_nano - posted_nano >= leastNano);
}

/** Gives or enlarges the lease that was asked for; null where the call has to have a hold of its own. */
function lease(
  books: Books,
  command: ReserveCommand,
  { terms, bounds, leftNano }: { terms: KeyTerms; bounds: readonly Bound[]; leftNano: NanoUsd },
): Outcome | null {
  const wish = command.lease;
  if (!wish || !sameLimits(wish.limits, terms.limits)) return null;
  const known = books.leases.get(wish.leaseId);
  // The growth that this asks for has happened, and its answer was lost on the way.
  if (known && known.state !== "expired" && known.serial === wish.serial) {
    return { kind: "leased", addedNano: known.added_nano, limitIds: known.limitIds };
  }
  if (known ? known.state === "expired" || known.serial !== wish.serial - 1 : wish.serial !== 1) return null;
  if (leftNano < command.wantNano * RICH_FACTOR) return null;
  const addedNano = sliceOf(leftNano, wish.waitingNano);
  if (addedNano <= 0n) return null;
  const limitIds = bounds.map(({ row }) => row.id);
  if (known && !sameIds(known.limitIds, limitIds)) return null;
  const row: LeaseRow = known ?? {
    id: wish.leaseId,
    process_id: command.processId,
    limitIds,
    amount_nano: 0n,
    added_nano: 0n,
    serial: 0,
    state: "open",
    created_at: books.nowMs,
  };
  addPending(books, limitIds, addedNano);
  books.leases.put(row.id, {
    ...row,
    amount_nano: row.amount_nano + addedNano,
    added_nano: addedNano,
    serial: wish.serial,
    state: "open",
  });
  return { kind: "leased", addedNano, limitIds };
}

/** As much as waits, or a usual slice; never more than a fifth of what is left. */
function sliceOf(leftNano: NanoUsd, waitingNano: NanoUsd): NanoUsd {
  const usual = lesserOf(leftNano / LEASE_SHARE, LEASE_SLICE_NANO);
  return lesserOf(greaterOf(waitingNano, usual), leftNano / LEASE_MOST_SHARE);
}

function sameLimits(known: readonly SpendLimit[], now: readonly SpendLimit[]): boolean {
  return known.length === now.length && known.every((limit, index) => isSame(limit, now[index]));
}

function isSame(limit: SpendLimit, other: SpendLimit | undefined): boolean {
  return (
    limit.scope === other?.scope &&
    limit.ownerId === other.ownerId &&
    limit.reset === other.reset &&
    limit.nano === other.nano
  );
}

function sameIds(ids: readonly string[], others: readonly string[]): boolean {
  return ids.length === others.length && ids.every((id, index) => id === others[index]);
}
