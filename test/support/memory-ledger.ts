/** A ledger and a keeper of records in memory, with what they were asked, for tests of what uses them. */
import type { Hold, HoldDecision, HoldRequest, Ledger, UsageRecord, UsageSink } from "../../src/gateway/ports.ts";
import { lesserOf } from "../../src/kernel/money.ts";
import { type SpendLimit, splitCost } from "../../src/kernel/spend-limit.ts";
import type { StorageTrouble } from "../../src/kernel/storage-trouble.ts";
import { windowOf } from "../../src/kernel/windows.ts";

export class MemoryLedger implements Ledger, UsageSink {
  instance: SpendLimit[] = [];
  /** What is charged to each limit, and what is set aside in it, by `scope/owner/reset`. */
  readonly posted = new Map<string, bigint>();
  readonly pending = new Map<string, bigint>();
  readonly requests: HoldRequest[] = [];
  readonly marks: { requestId: string; costNano: bigint }[] = [];
  readonly kept: UsageRecord[] = [];
  lossNano = 0n;
  isDown = false;
  readonly #open = new Map<Hold, readonly SpendLimit[]>();

  instanceLimits(): readonly SpendLimit[] {
    return this.instance;
  }

  trouble(): StorageTrouble | null {
    return null;
  }

  get openHolds(): number {
    return this.#open.size;
  }

  leftOf(limit: SpendLimit): bigint {
    return limit.nano - (this.posted.get(nameOf(limit)) ?? 0n) - (this.pending.get(nameOf(limit)) ?? 0n);
  }

  async reserve(request: HoldRequest): Promise<HoldDecision> {
    if (this.isDown) throw new Error("disk full");
    this.requests.push(request);
    let tightest = request.limits[0];
    for (const limit of request.limits) if (!tightest || this.leftOf(limit) < this.leftOf(tightest)) tightest = limit;
    if (!tightest) throw new Error("a call without limits was reserved for");
    const leftNano = this.leftOf(tightest);
    const grantedNano = lesserOf(request.wantNano, leftNano);
    if (leftNano < 0n || grantedNano < request.leastNano) {
      const resetsAtMs = windowOf(tightest.reset, request.startedAtMs).endsAtMs;
      const atRest = (limit: SpendLimit) => limit.nano - (this.posted.get(nameOf(limit)) ?? 0n);
      const isHeld = request.limits.every((limit) => atRest(limit) >= request.leastNano);
      const heldNano = isHeld ? (this.pending.get(nameOf(tightest)) ?? 0n) : 0n;
      return { kind: "refused", limit: tightest, leftNano: leftNano < 0n ? 0n : leftNano, heldNano, resetsAtMs };
    }
    const hold = { requestId: request.requestId, grantedNano };
    for (const limit of request.limits) add(this.pending, limit, grantedNano);
    this.#open.set(hold, request.limits);
    return { kind: "held", hold };
  }

  progress(hold: Hold, costNano: bigint): void {
    this.marks.push({ requestId: hold.requestId, costNano });
  }

  async release(hold: Hold): Promise<void> {
    this.#end(hold);
  }

  async record(usage: UsageRecord, hold: Hold | null) {
    if (this.isDown) throw new Error("disk full");
    const { chargedNano, lossNano } =
      hold === null || usage.costNano === null
        ? { chargedNano: usage.costNano, lossNano: 0n }
        : splitCost(usage.costNano, hold.grantedNano);
    if (hold) for (const limit of this.#end(hold)) add(this.posted, limit, chargedNano ?? 0n);
    this.lossNano += lossNano;
    this.kept.push({ ...usage, costNano: chargedNano });
    return { chargedNano, lossNano };
  }

  #end(hold: Hold): readonly SpendLimit[] {
    const limits = this.#open.get(hold);
    if (!limits) throw new Error(`the hold of ${hold.requestId} was ended twice`);
    this.#open.delete(hold);
    for (const limit of limits) add(this.pending, limit, -hold.grantedNano);
    return limits;
  }
}

function nameOf({ scope, ownerId, reset }: SpendLimit): string {
  return `${scope}/${ownerId}/${reset}`;
}

function add(sums: Map<string, bigint>, limit: SpendLimit, nano: bigint): void {
  sums.set(nameOf(limit), (sums.get(nameOf(limit)) ?? 0n) + nano);
}
