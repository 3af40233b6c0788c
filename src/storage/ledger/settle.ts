/**
 * Ending what was set aside. Pure: the rows are loaded and locked by the caller.
 *
 * Invariants: a hold ends once; nobody is charged more than was held; a hold that was taken for abandoned before its
 * record came is charged only what its limits still have room for, and the rest is the operator's loss.
 */
import { greaterOf, lesserOf, type NanoUsd } from "../../kernel/money.ts";
import { splitCost } from "../../kernel/spend-limit.ts";
import type { UsageRow } from "../schema.ts";
import { addPending, type Books, type LimitRow, leftOfAll, type ReservationRow } from "./books.ts";
import type { HeldMoney, Outcome, ProgressMark } from "./commands.ts";
import { countingIds, placeFromId } from "./limits.ts";
import { moveCharge, moveLoss } from "./movements.ts";

export interface Settle {
  row: UsageRow;
  hold: HeldMoney | null;
}

/** A usage row as it is kept: with what is charged, and what is lost. Says whether the hold is still there to pay it. */
export interface Settled extends Settle {
  isLate: boolean;
}

/** The row with its cost divided, as long as the hold stands. */
export function divided(books: Books, { row, hold }: Settle): Settled {
  if (hold === null) return { row, hold, isLate: false };
  // A call belongs to the windows in which it was held.
  const dated = row.created_at === hold.startedAtMs ? row : { ...row, created_at: hold.startedAtMs };
  // The limits may have been lifted between the first look and the reservation: then nothing bounds the charge.
  if (hold.limitIds.length === 0) return { row: dated, hold, isLate: false };
  return { row: withCharge(dated, hold.grantedNano), hold, isLate: !isStanding(books, hold, row.cost_nano ?? 0n) };
}

function withCharge(row: UsageRow, mostNano: NanoUsd): UsageRow {
  if (row.cost_nano === null || row.cost_nano === undefined) return row;
  const cost = row.cost_nano + (row.loss_nano ?? 0n);
  const { chargedNano, lossNano } = splitCost(cost, mostNano);
  if (chargedNano === row.cost_nano && lossNano === row.loss_nano) return row;
  return { ...row, cost_nano: chargedNano, loss_nano: lossNano };
}

function isStanding(books: Books, hold: HeldMoney, costNano: NanoUsd): boolean {
  const reservation = books.reservations.get(hold.requestId);
  if (reservation && reservation.state !== "held") return false;
  if (hold.leaseId === null) return reservation !== undefined;
  const lease = books.leases.get(hold.leaseId);
  if (!lease || lease.state === "expired") return false;
  return lease.amount_nano >= splitCost(costNano, hold.grantedNano).chargedNano;
}

/** The row of a late settlement, charged what there is room for. */
export function dividedLate(books: Books, { row, hold }: Settled): UsageRow {
  if (hold === null) return row;
  const left = leftOfAll(books, hold.limitIds);
  return left === null ? row : withCharge(row, lesserOf(greaterOf(left, 0n), hold.grantedNano));
}

/** Counts a usage row that is new, and ends its hold. */
export function settle(books: Books, { row, hold, isLate }: Settled): void {
  const chargedNano = row.cost_nano ?? 0n;
  books.fresh.push(row);
  if (hold !== null && !isLate) endHold(books, hold, { state: chargedNano > 0n ? "posted" : "voided", chargedNano });
  count(books, row, { chargedNano, hold });
  if (hold === null) return;
  const credit = hold.limitIds.map((id) => books.limits.get(id)).find((limit) => limit?.scope === "credit");
  if (credit) {
    books.limits.put(credit.id, { ...credit, posted_nano: credit.posted_nano + chargedNano });
    moveCharge(books, { hold, usageId: row.id }, chargedNano);
  }
  moveLoss(books, { hold, usageId: row.id }, row.loss_nano ?? 0n);
}

/** Adds a charge to every row that counts it. What was not held on a row may take it beyond its limit. */
function count(
  books: Books,
  row: UsageRow,
  { chargedNano, hold }: { chargedNano: NanoUsd; hold: HeldMoney | null },
): void {
  if (chargedNano === 0n) return;
  const ids = countingIds({ keyId: row.key_id, userId: row.user_id, atMs: row.created_at });
  for (const id of ids) {
    const limit = books.limits.get(id);
    if (!limit) continue;
    const counted = { ...limit, posted_nano: limit.posted_nano + chargedNano };
    books.limits.put(id, hold?.limitIds.includes(id) ? counted : withHigherCeiling(counted));
  }
}

function withHigherCeiling(limit: LimitRow): LimitRow {
  const reached = limit.posted_nano + limit.pending_nano;
  return { ...limit, ceiling_nano: greaterOf(reached, limit.ceiling_nano) };
}

type End = { state: "posted" | "voided" | "expired"; chargedNano: NanoUsd };

function endHold(books: Books, hold: HeldMoney, { state, chargedNano }: End): void {
  const reservation = books.reservations.get(hold.requestId);
  if (reservation?.state === "held") {
    books.reservations.put(hold.requestId, { ...reservation, state, ended_at: books.nowMs });
  }
  if (hold.leaseId === null) {
    if (reservation?.state === "held") addPending(books, hold.limitIds, -reservation.granted_nano);
    return;
  }
  takeFromLease(books, hold.leaseId, chargedNano);
}

/** What is taken from a lease is no longer pending. */
function takeFromLease(books: Books, leaseId: string, nano: NanoUsd): void {
  const lease = books.leases.get(leaseId);
  if (lease?.state !== "open" || nano === 0n) return;
  books.leases.put(leaseId, { ...lease, amount_nano: lease.amount_nano - nano });
  addPending(books, lease.limitIds, -nano);
}

/** Gives back a hold of which nothing was used. */
export function release(books: Books, hold: HeldMoney): Outcome {
  endHold(books, hold, { state: "voided", chargedNano: 0n });
  return { kind: "done" };
}

/** Ends a hold whose process is dead. */
export function expire(books: Books, hold: HeldMoney): Outcome {
  endHold(books, hold, { state: "expired", chargedNano: 0n });
  return { kind: "done" };
}

/** What a process no longer needs of a lease. Made once for each serial. */
export function giveBack(
  books: Books,
  { leaseId, serial, nano }: { leaseId: string; serial: number; nano: NanoUsd },
): Outcome {
  const lease = books.leases.get(leaseId);
  if (lease?.state !== "open" || lease.serial !== serial - 1) return { kind: "done" };
  const returned = lesserOf(nano, lease.amount_nano);
  const amount = lease.amount_nano - returned;
  books.leases.put(leaseId, { ...lease, amount_nano: amount, serial, state: amount === 0n ? "closed" : "open" });
  addPending(books, lease.limitIds, -returned);
  return { kind: "done" };
}

/** Ends the lease of a dead process. */
export function expireLease(books: Books, leaseId: string): Outcome {
  const lease = books.leases.get(leaseId);
  if (lease?.state !== "open") return { kind: "done" };
  books.leases.put(leaseId, { ...lease, amount_nano: 0n, state: "expired" });
  addPending(books, lease.limitIds, -lease.amount_nano);
  return { kind: "done" };
}

/** Notes that a process lives, and how far its calls are. */
export function pulse(
  books: Books,
  { processId, marks }: { processId: string; marks: readonly ProgressMark[] },
): Outcome {
  const process = books.processes.get(processId);
  if (process?.state === "dead") return { kind: "dead" };
  books.processes.put(processId, { id: processId, beat: (process?.beat ?? 0) + 1, state: "alive" });
  for (const mark of marks) noteProgress(books, processId, mark);
  return { kind: "done" };
}

function noteProgress(books: Books, processId: string, { hold, costNano, draft }: ProgressMark): void {
  const known = books.reservations.get(hold.requestId) ?? leasedReservation(processId, hold);
  if (known?.state !== "held" || costNano <= known.progress_nano) return;
  books.reservations.put(hold.requestId, { ...known, progress_nano: costNano, draft });
}

/** A hold in a lease has no row until there is something to say of it. */
function leasedReservation(processId: string, hold: HeldMoney): ReservationRow | undefined {
  if (hold.leaseId === null) return undefined;
  return {
    request_id: hold.requestId,
    state: "held",
    process_id: processId,
    lease_id: hold.leaseId,
    limitIds: hold.limitIds,
    key_id: hold.keyId,
    user_id: hold.userId,
    granted_nano: hold.grantedNano,
    progress_nano: 0n,
    draft: null,
    started_at: hold.startedAtMs,
    ended_at: null,
  };
}

/** The rows that a usage row is counted in, and the ones that its hold stands in. */
export function limitIdsOf({ row, hold }: Settle): string[] {
  const atMs = hold?.startedAtMs ?? row.created_at;
  const counting = row.cost_nano ? countingIds({ keyId: row.key_id, userId: row.user_id, atMs }) : [];
  return [...counting, ...(hold?.limitIds ?? [])];
}

/** Whether the account pays this hold in advance. */
export function isPrepaid(hold: HeldMoney | null): boolean {
  return hold?.limitIds.some((id) => placeFromId(id).scope === "credit") === true;
}
