/**
 * What a process does for its holds beside handing them out: it shows that it lives, writes down how far calls are, gives
 * back what lies idle, and looks after what dead processes left behind.
 *
 * Invariants: a process is called dead only after its heart stood still in several looks in a row, each of which
 * succeeded; no clocks are compared. A process that learns that it was called dead takes nothing more from its leases.
 */
import type { Clock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import type { SpendLimit } from "../../kernel/spend-limit.ts";
import type { Db } from "../open.ts";
import { createBudgetStore } from "../stores/budgets.ts";
import type { UsageWriter } from "../usage-writer/usage-writer.ts";
import type { Command, Outcome } from "./commands.ts";
import type { Lease, LeasePool, LimitSet } from "./lease-pool.ts";
import type { OpenHolds } from "./open-holds.ts";
import { Recovery } from "./recovery.ts";

interface Parts {
  db: Db;
  writer: UsageWriter;
  clock: Clock;
  pool: LeasePool;
  holds: OpenHolds;
  processId: string;
}

const REFRESH_EVERY_MS = 1_000;
const PULSE_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 3_000;
const SWEEP_EVERY_MS = 30_000;

export class Tending {
  instanceLimits: readonly SpendLimit[] = [];
  processId: string;
  /** Monotonic: when something was last written. */
  lastWriteMs: number;
  readonly #parts: Parts;
  readonly #recovery: Recovery;
  readonly #dueMs = new Map<() => Promise<void>, number>();
  #isPulsing = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.processId = parts.processId;
    this.lastWriteMs = parts.clock.monotonicMs();
    this.#recovery = new Recovery(parts);
  }

  async begin(isAlone: boolean): Promise<void> {
    await this.refresh();
    if (isAlone) await this.#recovery.takeOver(this.processId);
  }

  /** Does what is due. To be called about twice a second; rejects with the first failure, after all was tried. */
  async tend(): Promise<void> {
    const nowMs = this.#parts.clock.monotonicMs();
    for (const set of this.#parts.pool.idle(nowMs)) this.giveBack(set);
    const work = [
      this.#whenDue(this.refresh, REFRESH_EVERY_MS),
      this.#whenDue(this.pulse, PULSE_EVERY_MS),
      this.#whenDue(this.#look, LOOK_EVERY_MS),
      this.#whenDue(this.#sweep, SWEEP_EVERY_MS),
    ];
    const failed = (await Promise.allSettled(work)).find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  #whenDue(work: () => Promise<void>, everyMs: number): Promise<void> {
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs < (this.#dueMs.get(work) ?? 0)) return Promise.resolve();
    this.#dueMs.set(work, nowMs + everyMs);
    return work();
  }

  /** Reads again what was set for the whole instance. */
  refresh = async (): Promise<void> => {
    this.instanceLimits = await createBudgetStore(this.#parts.db).instanceLimits();
  };

  /** Shows that the process lives, and writes down how far its calls are. */
  pulse = async (): Promise<void> => {
    const { holds, pool } = this.#parts;
    if (this.#isPulsing || (holds.isEmpty && pool.isEmpty)) return;
    this.#isPulsing = true;
    try {
      const outcome = await this.submit({ kind: "pulse", processId: this.processId, marks: holds.takeMarks() });
      if (outcome.kind === "dead") this.beBornAgain();
    } finally {
      this.#isPulsing = false;
    }
  };

  #look = async (): Promise<void> => {
    await this.#recovery.look(this.processId);
  };

  #sweep = async (): Promise<void> => {
    await this.#recovery.sweepOwn(this.processId);
  };

  async submit(command: Command): Promise<Outcome> {
    const outcome = await this.#parts.writer.submit(command);
    this.wrote();
    return outcome;
  }

  wrote(): void {
    this.lastWriteMs = this.#parts.clock.monotonicMs();
  }

  /** Gives back what is free in a lease. Not waited for. */
  giveBack(set: LimitSet): void {
    const returned = this.#parts.pool.takeFree(set);
    if (!returned) return;
    const { lease, serial, nano } = returned;
    this.submit({ kind: "giveBack", leaseId: lease.id, limitIds: lease.limitIds, serial, nano }).catch(() =>
      this.giveUp(lease),
    );
  }

  /** Stops using a lease whose state is not known. */
  giveUp(lease: Lease): void {
    if (this.#parts.pool.giveUp(lease)) this.#close(lease);
  }

  leaseEnded(lease: Lease, leftNano: NanoUsd): void {
    if (this.#parts.pool.ended(lease, leftNano)) this.#close(lease);
  }

  /** What this does not reach, the sweep does. */
  #close({ id, limitIds }: Lease): void {
    this.submit({ kind: "expireLease", leaseId: id, limitIds }).catch(() => undefined);
  }

  /** Others have called this process dead, and given away what it held. */
  beBornAgain(): void {
    this.processId = newId("proc");
    for (const { lease } of this.#parts.pool.sets()) if (lease) this.giveUp(lease);
  }

  /** Gives back everything that is free. */
  async end(): Promise<void> {
    const returned = this.#parts.pool.sets().flatMap((set) => this.#parts.pool.takeFree(set) ?? []);
    await Promise.all(
      returned.map(({ lease, serial, nano }) =>
        this.submit({ kind: "giveBack", leaseId: lease.id, limitIds: lease.limitIds, serial, nano }),
      ),
    );
  }
}
