/**
 * Leases of one process: slices of limits that are set aside already, so that a busy account's calls are held in memory
 * without a write each.
 *
 * Invariants: what is given out of a lease and not yet settled, and what is free in it, are together never more than the
 * database has set aside for it; one growth of a lease is under way at a time. A lease whose last change may or may not
 * have been written is given up: it ends when the last hold in it does.
 */
import { newId } from "../../kernel/ids.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import type { SpendLimit } from "../../kernel/spend-limit.ts";
import { dayOf } from "../../kernel/windows.ts";
import type { LeaseWish } from "./commands.ts";
import { inOrder, placeOf } from "./limits.ts";

/** A lease is asked for when a second call comes within this time: one alone is as well off with a hold of its own. */
const BUSY_WITHIN_MS = 1_000;
/** What lies unused for so long goes back, so that other processes find it. */
const IDLE_AFTER_MS = 1_000;
/** How long limits that nobody asks for are remembered. */
const FORGET_AFTER_MS = 60_000;
/** An empty lease is replaced after this: the database forgets those that are empty for long. */
const REPLACE_AFTER_MS = 24 * 60 * 60_000;
/** Of the twenty that make rich, this many still keep a lease. */
const KEEP_FACTOR = 10n;

/** A lease, as far as this process knows. */
export interface Lease {
  readonly id: string;
  readonly limitIds: readonly string[];
  /** Changes that were written. */
  serial: number;
  freeNano: NanoUsd;
  openHolds: number;
  readonly bornMs: number;
  isGivenUp: boolean;
}

/** The same limits, in the same windows: calls that can share a lease. */
export interface LimitSet {
  readonly limits: readonly SpendLimit[];
  lease: Lease | null;
  growing: Promise<void> | null;
  waitingNano: NanoUsd;
  lastAskedMs: number;
  lastWantNano: NanoUsd;
}

/** What goes back of a lease. */
export interface Returned {
  lease: Lease;
  serial: number;
  nano: NanoUsd;
}

export class LeasePool {
  readonly #sets = new Map<string, LimitSet>();
  /** Every lease that may stand in the database. */
  readonly #leases = new Map<string, Lease>();

  /** The set of a call. It is busy when another call came a moment ago. */
  setFor(limits: readonly SpendLimit[], atMs: number, nowMs: number): { set: LimitSet; isBusy: boolean } {
    const name = nameOf(limits, atMs);
    const known = this.#sets.get(name);
    const isBusy = known !== undefined && nowMs - known.lastAskedMs < BUSY_WITHIN_MS;
    const set = known ?? emptySet(limits);
    if (!known) this.#sets.set(name, set);
    set.lastAskedMs = nowMs;
    return { set, isBusy };
  }

  /** Takes money for a call; undefined when the lease does not have it. */
  take({ lease }: LimitSet, nano: NanoUsd): Lease | undefined {
    if (!lease || lease.freeNano < nano) return undefined;
    lease.freeNano -= nano;
    lease.openHolds++;
    return lease;
  }

  /** A hold has ended and left so much of what it had. True when its lease was given up and this was the last. */
  ended(lease: Lease, leftNano: NanoUsd): boolean {
    lease.freeNano += leftNano;
    lease.openHolds--;
    return this.#isOver(lease);
  }

  /** What to ask for so that the lease of a set grows. */
  wish(set: LimitSet): LeaseWish {
    if (set.lease && isWornOut(set.lease, set.lastAskedMs)) this.giveUp(set.lease);
    const { lease, limits, waitingNano } = set;
    return { leaseId: lease?.id ?? newId("lease"), serial: (lease?.serial ?? 0) + 1, waitingNano, limits };
  }

  /** The wish was granted. */
  grown(set: LimitSet, wish: LeaseWish, granted: { addedNano: NanoUsd; limitIds: readonly string[] }): void {
    const { leaseId, serial } = wish;
    if (set.lease === null && serial === 1) {
      const { limitIds } = granted;
      const bornMs = set.lastAskedMs;
      set.lease = { id: leaseId, limitIds, serial: 0, freeNano: 0n, openHolds: 0, bornMs, isGivenUp: false };
      this.#leases.set(leaseId, set.lease);
    }
    // Given up while it grew: it ends with its last hold.
    if (set.lease?.id !== leaseId) return;
    set.lease.serial = serial;
    set.lease.freeNano += granted.addedNano;
  }

  /** Takes out what is free, to be given back. When it is not known whether that was written, the lease is given up. */
  takeFree(set: LimitSet): Returned | null {
    const { lease } = set;
    if (!lease || set.growing || lease.freeNano === 0n) return null;
    const nano = lease.freeNano;
    lease.freeNano = 0n;
    return { lease, serial: ++lease.serial, nano };
  }

  /** Nothing more is taken from a lease whose state is not known. True when no hold is left in it. */
  giveUp(lease: Lease): boolean {
    for (const set of this.#sets.values()) if (set.lease === lease) set.lease = null;
    lease.isGivenUp = true;
    lease.freeNano = 0n;
    return this.#isOver(lease);
  }

  #isOver({ id, isGivenUp, openHolds }: Lease): boolean {
    return isGivenUp && openHolds === 0 && this.#leases.delete(id);
  }

  /** Sets with money that nobody has asked for a while. Forgets the ones that have long been empty. */
  idle(nowMs: number): LimitSet[] {
    const idle: LimitSet[] = [];
    for (const [name, set] of this.#sets) {
      const unusedMs = nowMs - set.lastAskedMs;
      if (set.lease && set.lease.freeNano > 0n && unusedMs >= IDLE_AFTER_MS) idle.push(set);
      else if (!set.growing && unusedMs >= FORGET_AFTER_MS) this.#forget(name, set);
    }
    return idle;
  }

  #forget(name: string, { lease }: LimitSet): void {
    if (lease && lease.openHolds > 0) return;
    this.#sets.delete(name);
    if (lease) this.#leases.delete(lease.id);
  }

  /** Whether so little is left that a lease would keep money from others. */
  isScarce(set: LimitSet, leftNano: NanoUsd | null): boolean {
    return leftNano !== null && set.lease !== null && leftNano < set.lastWantNano * KEEP_FACTOR;
  }

  sets(): LimitSet[] {
    return [...this.#sets.values()];
  }

  has(leaseId: string): boolean {
    return this.#leases.has(leaseId);
  }

  get isEmpty(): boolean {
    return this.#leases.size === 0;
  }
}

function emptySet(limits: readonly SpendLimit[]): LimitSet {
  return { limits: inOrder(limits), lease: null, growing: null, waitingNano: 0n, lastAskedMs: 0, lastWantNano: 0n };
}

/** The name of a key's limits, as long as the key is known with them, for the day: every window begins with one. */
const names = new WeakMap<readonly SpendLimit[], { day: number; name: string }>();

function nameOf(limits: readonly SpendLimit[], atMs: number): string {
  const day = dayOf(atMs);
  const known = names.get(limits);
  if (known?.day === day) return known.name;
  let name = "";
  for (const limit of limits) name += `${placeOf(limit, atMs).id}=${limit.nano};`;
  names.set(limits, { day, name });
  return name;
}

function isWornOut({ freeNano, openHolds, bornMs }: Lease, nowMs: number): boolean {
  return freeNano === 0n && openHolds === 0 && nowMs - bornMs >= REPLACE_AFTER_MS;
}
