/**
 * The ledger as one process uses it: it hands out holds, knows which are open, and ends each with the usage record.
 *
 * Invariants: a hold is given out only when it, or the lease that it is taken from, is durable; each is ended at most
 * once from here; what was reserved for a caller that had stopped waiting is given back.
 * Failure modes: when the database does not answer in time, `reserve` rejects and nothing is held; leases are not used
 * when nothing was written for a while, because others may take this process for dead by then.
 */
import type { Clock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import type { SpendLimit } from "../../kernel/spend-limit.ts";
import type { StorageTrouble } from "../../kernel/storage-trouble.ts";
import type { Db } from "../open.ts";
import type { UsageRow } from "../schema.ts";
import type { SettledOutcome, UsageWriter } from "../usage-writer/usage-writer.ts";
import type { HeldMoney, LeaseWish, Outcome } from "./commands.ts";
import { type Lease, LeasePool, type LimitSet } from "./lease-pool.ts";
import { OpenHolds } from "./open-holds.ts";
import { Tending } from "./tending.ts";

export interface ReserveRequest {
  requestId: string;
  keyId: string;
  userId: string;
  startedAtMs: number;
  limits: readonly SpendLimit[];
  wantNano: NanoUsd;
  leastNano: NanoUsd;
  /** The usage row as it would be if the call ended now. */
  draft(): UsageRow;
}

export interface OpenHold {
  requestId: string;
  grantedNano: NanoUsd;
}

export type Decision =
  | { kind: "held"; hold: OpenHold }
  | { kind: "refused"; limit: SpendLimit; leftNano: NanoUsd; heldNano: NanoUsd; resetsAtMs: number | null };

interface Parts {
  db: Db;
  writer: UsageWriter;
  clock: Clock;
}

export interface LedgerOptions {
  /** Off, every call has a hold of its own. For comparing. */
  hasLeases?: boolean;
  /** How long a call waits for its reservation. */
  reserveWaitMs?: number;
  /** Nobody else uses this database: what other processes left behind is settled at once. */
  isAlone?: boolean;
}

/** How long a call waits for its reservation. */
const RESERVE_WAIT_MS = 5_000;
/** A lease is trusted for so long after the last write that went well. Others wait longer before they call this process dead. */
const LEASE_TRUST_MS = 8_000;
/** How often a call waits for a lease to grow before it asks for a hold of its own. */
const MOST_WAITS = 3;

export type MoneyLedger = Awaited<ReturnType<typeof createLedger>>;

/** Settles what dead processes left, if it can be known. Rejects when the database does not answer. */
export async function createLedger(parts: Parts, options: LedgerOptions = {}) {
  const ledger = new Ledger(parts, options);
  await ledger.tending.begin(options.isAlone === true);
  return ledger;
}

class Ledger {
  readonly tending: Tending;
  readonly #writer: UsageWriter;
  readonly #clock: Clock;
  readonly #hasLeases: boolean;
  readonly #reserveWaitMs: number;
  readonly #pool = new LeasePool();
  readonly #holds = new OpenHolds();

  constructor({ db, writer, clock }: Parts, { hasLeases = true, reserveWaitMs = RESERVE_WAIT_MS }: LedgerOptions) {
    this.#reserveWaitMs = reserveWaitMs;
    this.#writer = writer;
    this.#clock = clock;
    this.#hasLeases = hasLeases;
    this.tending = new Tending({ db, writer, clock, pool: this.#pool, holds: this.#holds, processId: newId("proc") });
  }

  instanceLimits(): readonly SpendLimit[] {
    return this.tending.instanceLimits;
  }

  /** Why nothing can be recorded at this moment; null while it can. */
  trouble(): StorageTrouble | null {
    return this.#writer.trouble();
  }

  /** Rejects when the database does not answer, or too many calls are under way. */
  reserve(request: ReserveRequest): Decision | Promise<Decision> {
    this.#holds.refuseWhenFull();
    const nowMs = this.#clock.monotonicMs();
    const { set, isBusy } = this.#pool.setFor(request.limits, request.startedAtMs, nowMs);
    set.lastWantNano = request.wantNano;
    const lease = this.#isTrusted(nowMs) ? this.#pool.take(set, request.wantNano) : undefined;
    if (lease) return this.#leased(request, set, lease);
    return this.#within(this.#reserveDurably(request, set, isBusy), request);
  }

  #isTrusted(nowMs: number): boolean {
    return this.#hasLeases && nowMs - this.tending.lastWriteMs < LEASE_TRUST_MS;
  }

  async #reserveDurably(request: ReserveRequest, set: LimitSet, isBusy: boolean): Promise<Decision> {
    // Whoever goes first after a growth asks for all who wait. Nothing is awaited between the look and the question, so
    // that only one asks.
    set.waitingNano += request.wantNano;
    let lease: Lease | undefined;
    for (let waits = 0; set.growing && !lease && waits < MOST_WAITS; waits++) {
      await set.growing;
      lease = this.#pool.take(set, request.wantNano);
    }
    set.waitingNano -= request.wantNano;
    if (lease) return this.#leased(request, set, lease);
    // Goes with the question, so that it is answered with all the money there is.
    this.tending.giveBack(set);
    return this.#hasLeases && isBusy && !set.growing ? this.#grow(request, set) : this.#hold(request, null);
  }

  /** Asks for a lease; one answer may be a hold of its own instead. */
  async #grow(request: ReserveRequest, set: LimitSet): Promise<Decision> {
    const { promise, resolve } = Promise.withResolvers<void>();
    set.growing = promise;
    const wish = { ...this.#pool.wish(set), waitingNano: set.waitingNano + request.wantNano };
    const before = set.lease;
    try {
      return await this.#hold(request, { set, wish });
    } catch (error) {
      if (before) this.tending.giveUp(before);
      throw error;
    } finally {
      set.growing = null;
      resolve();
    }
  }

  async #hold(request: ReserveRequest, growth: { set: LimitSet; wish: LeaseWish } | null): Promise<Decision> {
    const { requestId, keyId, userId, startedAtMs, wantNano, leastNano } = request;
    const outcome = await this.tending.submit({
      kind: "reserve",
      requestId,
      keyId,
      userId,
      startedAtMs,
      wantNano,
      leastNano,
      processId: this.tending.processId,
      lease: growth?.wish ?? null,
    });
    if (outcome.kind === "leased" && growth) {
      this.#pool.grown(growth.set, growth.wish, outcome);
      const lease = this.#pool.take(growth.set, wantNano);
      return lease ? this.#leased(request, growth.set, lease) : this.#hold(request, null);
    }
    if (outcome.kind === "dead") {
      this.tending.beBornAgain();
      return this.#hold(request, null);
    }
    return this.#decided(request, outcome);
  }

  #decided(request: ReserveRequest, outcome: Outcome): Decision {
    if (outcome.kind === "refused") return outcome;
    if (outcome.kind !== "held") throw new Error(`nothing could be reserved: ${outcome.kind}`);
    const { grantedNano, limitIds } = outcome;
    return this.#opened(request, { grantedNano, limitIds, leaseId: null }, null);
  }

  #leased(request: ReserveRequest, set: LimitSet, lease: Lease): Decision {
    const money = { grantedNano: request.wantNano, limitIds: lease.limitIds, leaseId: lease.id };
    return this.#opened(request, money, { set, lease });
  }

  #opened(
    { requestId, keyId, userId, startedAtMs, draft }: ReserveRequest,
    money: Pick<HeldMoney, "grantedNano" | "limitIds" | "leaseId">,
    leased: { set: LimitSet; lease: Lease } | null,
  ): Decision {
    this.#holds.add({ money: { requestId, keyId, userId, startedAtMs, ...money }, leased, draft });
    return { kind: "held", hold: { requestId, grantedNano: money.grantedNano } };
  }

  /** The decision, if it comes in time. One that comes too late is undone. */
  async #within(deciding: Promise<Decision>, { requestId }: ReserveRequest): Promise<Decision> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), this.#reserveWaitMs);
    });
    const first = await Promise.race([deciding, limit]).finally(() => clearTimeout(timer));
    if (first !== "late") return first;
    deciding
      .then((decision) => (decision.kind === "held" ? this.release(decision.hold) : undefined))
      .catch(() => undefined);
    throw new Error(`no reservation for ${requestId} within ${this.#reserveWaitMs} ms`);
  }

  /** Durable within two seconds. */
  progress({ requestId }: OpenHold, costNano: NanoUsd): void {
    this.#holds.progressed(requestId, costNano);
  }

  /** Gives back a hold of which nothing was used. */
  async release({ requestId }: OpenHold): Promise<void> {
    const hold = this.#holds.end(requestId);
    if (!hold) return;
    const { money, leased, isMarked } = hold;
    if (money.limitIds.length > 0 && (!leased || isMarked)) {
      await this.tending.submit({ kind: "release", hold: money }).finally(() => this.#holds.ended(requestId));
    } else this.#holds.ended(requestId);
    if (leased) this.tending.leaseEnded(leased.lease, money.grantedNano);
  }

  /** Keeps the usage row and ends the hold. Rejects when it could not be kept. */
  async settle(row: UsageRow, hold: OpenHold | null): Promise<SettledOutcome> {
    const open = hold === null ? undefined : this.#holds.end(hold.requestId);
    if (!open) return this.#writer.record(row, null);
    const { money, leased } = open;
    try {
      const outcome = await this.#writer.record(row, money);
      this.tending.wrote();
      if (leased) {
        this.tending.leaseEnded(leased.lease, money.grantedNano - (outcome.chargedNano ?? 0n));
        if (this.#pool.isScarce(leased.set, outcome.leftNano)) this.tending.giveBack(leased.set);
      }
      return outcome;
    } catch (error) {
      // Whether it was written is not known: the lease may have less than it seems.
      if (leased) {
        this.tending.giveUp(leased.lease);
        this.tending.leaseEnded(leased.lease, 0n);
      }
      throw error;
    } finally {
      this.#holds.ended(money.requestId);
    }
  }

  /** Gives back what lies in leases. Holds that are open stay, to be settled by the next process. */
  close(): Promise<void> {
    return this.tending.end();
  }
}
