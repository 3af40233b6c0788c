/** The product under the model: processes of the ledger on one database, and what is compared after every step. */
import { expect } from "bun:test";
import { createApiKey } from "../../../src/kernel/api-key.ts";
import { newId } from "../../../src/kernel/ids.ts";
import type { SpendLimit } from "../../../src/kernel/spend-limit.ts";
import type { LimitReset } from "../../../src/kernel/windows.ts";
import type { Command } from "../../../src/storage/ledger/commands.ts";
import { createCreditStore } from "../../../src/storage/ledger/credits.ts";
import { createLedger, type Decision, type MoneyLedger } from "../../../src/storage/ledger/ledger.ts";
import { createStatementStore } from "../../../src/storage/ledger/statement.ts";
import { verifyLedger } from "../../../src/storage/ledger/verify/verify.ts";
import type { Storage } from "../../../src/storage/open.ts";
import { createBudgetStore } from "../../../src/storage/stores/budgets.ts";
import { createKeyStore } from "../../../src/storage/stores/keys.ts";
import { createUsageStore } from "../../../src/storage/stores/usage.ts";
import { handClock } from "../../support/money.ts";
import { storedPerson, usageRow } from "../../support/stored.ts";
import { createFaultyWriter, type Fault, type FaultyWriter } from "./faulty-writer.ts";
import type { Model, ModelDecision, ModelHold, ModelKey } from "./model.ts";

interface Process {
  writer: FaultyWriter;
  ledger: MoneyLedger;
}

type Bound = { nano: bigint; reset: LimitReset | null } | null;

/** Enough looks, three seconds apart, for a silent process to be called dead. */
const LOOKS = 7;

export class Real {
  readonly clock;
  readonly #storage: Storage;
  readonly #hasLeases: boolean;
  readonly #userId: string;
  readonly #hashes = new Map<string, string>();
  readonly #settlements: Command[] = [];
  #processes: Process[] = [];

  private constructor(storage: Storage, options: { nowMs: number; hasLeases: boolean; userId: string }) {
    this.#storage = storage;
    this.clock = handClock(options.nowMs);
    this.#hasLeases = options.hasLeases;
    this.#userId = options.userId;
  }

  static async open(storage: Storage, options: { nowMs: number; hasLeases: boolean }): Promise<Real> {
    const userId = await storedPerson(storage, `${newId("x")}@example.com`);
    const real = new Real(storage, { ...options, userId });
    for (const reset of [null, "daily", "weekly", "monthly"] as const) await real.setBudget("instance", reset, null);
    // What the sequence before has left open is over.
    await real.startProcess(0, { isAlone: true });
    return real;
  }

  /** What all accounts have spent until now. */
  static async spentBefore({ db }: Storage): Promise<bigint> {
    const sum = db.selectFrom("key_day").select((eb) => eb.fn.sum<bigint | string | null>("cost_nano").as("spent"));
    return BigInt((await sum.executeTakeFirst())?.spent ?? 0n);
  }

  async startProcess(at = this.#processes.length, options: { isAlone?: boolean } = {}): Promise<void> {
    const writer = createFaultyWriter(this.#storage, this.clock);
    const parts = { db: this.#storage.db, writer, clock: this.clock };
    this.#processes[at] = { writer, ledger: await createLedger(parts, { hasLeases: this.#hasLeases, ...options }) };
  }

  async createKey(limit: Bound): Promise<string> {
    const key = createApiKey("inference");
    const limits = { limitNano: limit?.nano ?? null, limitReset: limit?.reset ?? null };
    const owner = { userId: this.#userId, name: "Key", expiresAt: null, ...limits };
    await createKeyStore(this.#storage.db).create(key, owner, this.clock.now);
    this.#hashes.set(key.publicId, key.hash);
    return key.publicId;
  }

  async changeKey(id: string, limit: Bound): Promise<void> {
    const limits = { limitNano: limit?.nano ?? null, limitReset: limit?.reset ?? null };
    await createKeyStore(this.#storage.db).update(this.#userId, id, limits, this.clock.now);
  }

  async revoke(id: string): Promise<void> {
    await createKeyStore(this.#storage.db).delete(this.#userId, id, this.clock.now);
  }

  async setBudget(scope: "account" | "instance", reset: LimitReset | null, nano: bigint | null): Promise<void> {
    const owner = { scope, ownerId: scope === "account" ? this.#userId : "" };
    await createBudgetStore(this.#storage.db).set(owner, { reset, nano, setBy: "owner" }, this.clock.now);
    for (const { ledger } of this.#processes) await ledger.tending.refresh();
  }

  async setBilling(isPrepaid: boolean): Promise<void> {
    const budgets = createBudgetStore(this.#storage.db);
    await budgets.setBilling(this.#userId, isPrepaid ? "prepaid" : "unmetered", this.clock.now);
  }

  async topUp(nano: bigint): Promise<void> {
    const [asked, once] = this.#asked(nano);
    const credits = createCreditStore(this.#storage);
    const first = await credits.topUp(asked, once);
    expect(await credits.topUp(asked, once)).toMatchObject({ ...first, isRepeated: true });
  }

  /** Whether it was paid back. */
  async refund(nano: bigint): Promise<boolean> {
    return (await createCreditStore(this.#storage).refund(...this.#asked(nano))).kind === "moved";
  }

  #asked(nano: bigint) {
    const once = { principal: "owner", name: newId("name"), requestHash: "", nowMs: this.clock.now };
    return [{ userId: this.#userId, nano, note: null, actorId: null }, once] as const;
  }

  async reserve(
    key: ModelKey,
    ask: { process: number; wantNano: bigint; leastNano: bigint; failure: Fault | null; requestId?: string },
  ): Promise<{ requestId: string; decision: Decision }> {
    const { writer, ledger } = this.#at(ask.process);
    const { requestId = newId("req"), wantNano, leastNano } = ask;
    const limits = [...ledger.instanceLimits(), ...(await this.#limitsOf(key.id))];
    const call = { requestId, keyId: key.id, userId: this.#userId, startedAtMs: this.clock.now };
    const draft = () => this.#row(call, 0n);
    if (ask.failure !== null) writer.failNext(ask.failure);
    return { requestId, decision: await ledger.reserve({ ...call, limits, wantNano, leastNano, draft }) };
  }

  async #limitsOf(keyId: string): Promise<readonly SpendLimit[]> {
    const found = await createKeyStore(this.#storage.db).findByHash(this.#hashes.get(keyId) ?? "");
    return found?.spendLimits ?? [];
  }

  #row(call: { requestId: string; keyId: string; startedAtMs: number }, cost_nano: bigint) {
    const { requestId, keyId, startedAtMs } = call;
    const who = { user_id: this.#userId, key_id: keyId, created_at: startedAtMs };
    return usageRow({ id: `gen-${requestId}`, request_id: requestId, ...who, cost_nano });
  }

  async settle(hold: ModelHold, { costNano, failure }: { costNano: bigint; failure: Fault | null }) {
    const { writer, ledger } = this.#at(hold.process);
    if (failure !== null) writer.failNext(failure);
    const row = this.#row({ requestId: hold.requestId, keyId: hold.key.id, startedAtMs: hold.atMs }, costNano);
    const { requestId, grantedNano } = hold;
    const money = { requestId, grantedNano, keyId: hold.key.id, userId: this.#userId, startedAtMs: hold.atMs };
    this.#settlements.push({ kind: "settle", row, hold: { ...money, leaseId: null, limitIds: ["key/x/total/-1"] } });
    return await ledger.settle(row, hold);
  }

  async release(hold: ModelHold, failure: Fault | null): Promise<void> {
    const { writer, ledger } = this.#at(hold.process);
    if (failure !== null) writer.failNext(failure);
    await ledger.release(hold);
  }

  progress(hold: ModelHold, costNano: bigint): void {
    this.#at(hold.process).ledger.progress(hold, costNano);
  }

  async pulse(process: number): Promise<void> {
    await this.#at(process).ledger.tending.pulse();
  }

  async retry(hold: ModelHold, wantNano: bigint): Promise<void> {
    if (hold.names.length === 0 || this.#hasLeases) return;
    const { writer } = this.#at(hold.process);
    const { requestId, key } = hold;
    const { processId } = this.#at(hold.process).ledger.tending;
    const call = { keyId: key.id, userId: this.#userId, startedAtMs: this.clock.now };
    const again = { ...call, requestId, processId, wantNano, leastNano: 0n, lease: null };
    const outcome = await writer.submit({ kind: "reserve", ...again });
    if (hold.state === "held") expect(outcome).toMatchObject({ kind: "held", grantedNano: hold.grantedNano });
    else expect(outcome).toEqual({ kind: "ended" });
  }

  async replaySettlement(at: number): Promise<void> {
    const command = this.#settlements[at % Math.max(1, this.#settlements.length)];
    if (command) await this.#at(0).writer.submit(command);
  }

  /** Its memory is gone. Another process takes its place, and the ones that live find what it left. */
  async crash(process: number): Promise<void> {
    await this.startProcess(process);
    for (let look = 0; look < LOOKS; look++) {
      this.clock.monotonic += 3_000;
      for (const { ledger } of this.#processes) await ledger.tending.pulse();
      await this.#at(process).ledger.tending.tend();
    }
  }

  async idle(process: number): Promise<void> {
    this.clock.monotonic += 1_000;
    await this.pulse(process);
    await this.#at(process).ledger.tending.tend();
    await this.#at(process).ledger.tending.submit({ kind: "pulse", processId: newId("proc"), marks: [] });
  }

  /** With leases a call may be refused for money that lies in one; but never be given what is not there. */
  checkDecision(expected: ModelDecision, decision: Decision, ask: { leastNano: bigint; isCertain: boolean }): void {
    if (!this.#hasLeases) {
      const { kind } = decision;
      if (kind === "held") expect({ kind, grantedNano: decision.hold.grantedNano }).toEqual(expected as never);
      else expect({ kind, leftNano: decision.leftNano }).toMatchObject({ kind: "refused", leftNano: leftIn(expected) });
      return;
    }
    if (decision.kind === "refused") {
      if (expected.kind === "held") expect(decision.leftNano).toBeLessThan(ask.leastNano);
    } else if (ask.isCertain) {
      expect(decision.hold.grantedNano).toBeLessThanOrEqual(expected.kind === "held" ? expected.grantedNano : -1n);
    }
  }

  /** Everything that the model can say is true of the database, and so is every invariant. */
  async compare(model: Model): Promise<void> {
    const { db } = this.#storage;
    const verdict = await verifyLedger(this.#storage, false);
    expect(verdict.breaches).toEqual([]);
    const rows = await db.selectFrom("spend_limit").selectAll().execute();
    for (const row of rows) {
      const name = this.#nameOf(row);
      if (name === null) continue;
      expect([name, row.posted_nano]).toEqual([name, model.spent(name)]);
      const pending = this.#hasLeases ? null : row.pending_nano;
      if (pending !== null) expect([name, pending]).toEqual([name, model.held(name)]);
    }
    expect(await createStatementStore(db).balance(this.#userId)).toBe(model.balanceNano);
    const spent = await createUsageStore(db).spentByPerson(this.#userId);
    expect(spent).toBe(model.charges.reduce((sum, { nano }) => sum + nano, 0n));
  }

  /** How the model calls a row; null for one of another sequence. */
  #nameOf({
    scope,
    owner_id,
    reset,
    first_day,
  }: {
    scope: string;
    owner_id: string;
    reset: string;
    first_day: number;
  }) {
    const isOurs = scope === "instance" || owner_id === this.#userId || this.#hashes.has(owner_id);
    // Windows of the instance begin anew for each sequence, because each lives in other years.
    const isNow = scope !== "instance" || Math.abs(first_day * 86_400_000 - this.clock.now) < 2_000 * 86_400_000;
    if (!isOurs || (scope === "instance" && first_day !== -1 && !isNow)) return null;
    const owner = scope === "key" ? `key:${owner_id}` : scope;
    return `${owner} ${reset === "total" ? null : reset} ${first_day === -1 ? null : first_day}`;
  }

  #at(process: number): Process {
    const found = this.#processes[process];
    if (!found) throw new Error(`there is no process ${process}`);
    return found;
  }
}

function leftIn(expected: ModelDecision): bigint {
  return expected.kind === "refused" ? expected.leftNano : -1n;
}
