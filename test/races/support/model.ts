/**
 * What the ledger should say, in plain numbers: no windows in tables, no leases, no transactions. Everything is added up
 * again whenever it is asked.
 */
import { DAY_MS, type LimitReset, windowOf } from "../../../src/kernel/windows.ts";

export interface ModelKey {
  id: string;
  limit: { nano: bigint; reset: LimitReset | null } | null;
}

export interface ModelHold {
  requestId: string;
  key: ModelKey;
  process: number;
  atMs: number;
  grantedNano: bigint;
  /** The names of the limits that it stands in; empty for a call that nothing bounds. */
  names: string[];
  state: "held" | "posted" | "voided" | "expired";
  costNano: bigint;
  markedNano: bigint;
}

interface Charge {
  keyId: string;
  atMs: number;
  nano: bigint;
  /** The limits that it was held to. */
  names: readonly string[];
}

interface Bound {
  name: string;
  nano: bigint;
}

export type ModelDecision = { kind: "held"; grantedNano: bigint } | { kind: "refused"; leftNano: bigint; name: string };

export class Model {
  nowMs: number;
  readonly keys: ModelKey[] = [];
  readonly holds: ModelHold[] = [];
  readonly charges: Charge[] = [];
  readonly accountBudgets = new Map<LimitReset | null, bigint>();
  readonly instanceBudgets = new Map<LimitReset | null, bigint>();
  isPrepaid = false;
  paidInNano = 0n;
  /** What others had spent before on the same instance. */
  readonly spentBeforeNano: bigint;
  processes = 1;

  constructor(nowMs: number, spentBeforeNano: bigint) {
    this.nowMs = nowMs;
    this.spentBeforeNano = spentBeforeNano;
  }

  boundsOf(key: ModelKey, atMs: number): Bound[] {
    const bounds: Bound[] = [];
    const add = (scope: string, reset: LimitReset | null, nano: bigint) => {
      const { firstDay } = windowOf(reset, atMs);
      bounds.push({ name: `${scope} ${reset} ${firstDay}`, nano });
    };
    for (const [reset, nano] of this.instanceBudgets) add("instance", reset, nano);
    for (const [reset, nano] of this.accountBudgets) add("account", reset, nano);
    if (this.isPrepaid) add("credit", null, this.paidInNano);
    if (key.limit) add(`key:${key.id}`, key.limit.reset, key.limit.nano);
    return bounds;
  }

  spent(name: string): bigint {
    const [scope = "", reset = "", firstDay = ""] = name.split(" ");
    const began = firstDay === "null" ? Number.NEGATIVE_INFINITY : Number(firstDay) * DAY_MS;
    const ends = endOf(reset, began);
    const before = scope === "instance" && reset === "null" ? this.spentBeforeNano : 0n;
    const counts = (charge: Charge) => {
      if (scope === "credit") return charge.names.includes(name);
      if (charge.atMs < began || charge.atMs >= ends) return false;
      return !scope.startsWith("key:") || scope === `key:${charge.keyId}`;
    };
    return this.charges.filter(counts).reduce((sum, { nano }) => sum + nano, before);
  }

  /** Whether a limit of the key counts something that was not held to it: a call that began before there was the limit. */
  hasForeignCharges(key: ModelKey): boolean {
    return this.boundsOf(key, this.nowMs).some(({ name }) => this.charges.some(({ names }) => !names.includes(name)));
  }

  held(name: string): bigint {
    let held = 0n;
    for (const hold of this.holds) if (hold.state === "held" && hold.names.includes(name)) held += hold.grantedNano;
    return held;
  }

  left({ name, nano }: Bound): bigint {
    return nano - this.spent(name) - this.held(name);
  }

  decide(key: ModelKey, wantNano: bigint, leastNano: bigint): ModelDecision {
    let tightest: { name: string; left: bigint } | null = null;
    for (const bound of this.boundsOf(key, this.nowMs)) {
      const left = this.left(bound);
      if (tightest === null || left < tightest.left) tightest = { name: bound.name, left };
    }
    if (tightest === null) return { kind: "held", grantedNano: wantNano };
    const { left, name } = tightest;
    const grantedNano = wantNano < left ? wantNano : left;
    if (left < 0n || grantedNano < leastNano) return { kind: "refused", leftNano: left < 0n ? 0n : left, name };
    return { kind: "held", grantedNano };
  }

  hold(requestId: string, key: ModelKey, more: { grantedNano: bigint; process: number }): ModelHold {
    const names = this.boundsOf(key, this.nowMs).map(({ name }) => name);
    const hold: ModelHold = {
      requestId,
      key,
      ...more,
      names,
      atMs: this.nowMs,
      state: "held",
      costNano: 0n,
      markedNano: 0n,
    };
    this.holds.push(hold);
    return hold;
  }

  /** What is charged. */
  settle(hold: ModelHold, costNano: bigint): bigint {
    const isBound = hold.names.length > 0;
    const nano = isBound && costNano > hold.grantedNano ? hold.grantedNano : costNano;
    hold.state = nano > 0n ? "posted" : "voided";
    this.charges.push({ keyId: hold.key.id, atMs: hold.atMs, nano, names: hold.names });
    return nano;
  }

  /** Its process is dead, and others have seen to what it left. */
  bury(process: number): void {
    for (const hold of this.holds) {
      if (hold.process !== process || hold.state !== "held") continue;
      if (hold.names.length > 0 && hold.markedNano > 0n) this.settle(hold, hold.markedNano);
      else hold.state = "expired";
    }
  }

  get balanceNano(): bigint {
    return this.paidInNano - this.spent("credit null null");
  }

  openHolds(process?: number): ModelHold[] {
    return this.holds.filter((hold) => hold.state === "held" && (process === undefined || hold.process === process));
  }
}

function endOf(reset: string, began: number): number {
  if (reset === "daily") return began + DAY_MS;
  if (reset === "weekly") return began + 7 * DAY_MS;
  if (reset === "monthly") {
    const date = new Date(began);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  }
  return Number.POSITIVE_INFINITY;
}
