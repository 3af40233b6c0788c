/**
 * Watches how keys are used, in production: what every process sums up of its own calls goes into one table; one process
 * takes it out, judges, and keeps what it remembers.
 *
 * One process judges, because a key that is called through several nodes has one set of habits, and merging what several
 * remember would need as much talk as sending the sums. Whoever holds a row of the database for half a minute does, so that
 * another takes over when it ends.
 *
 * Invariants: nothing here is waited for by a call; memory is bounded, and so is each round; what is told is told until it
 * is kept. Failure modes: a database that is away makes uses wait in memory, up to a bound; a process that is killed loses
 * what it had not handed over (two seconds) and what it has learned since it last kept it (five minutes).
 */
import type { AlertFacts, AlertLevel } from "../../kernel/alerts/facts.ts";
import type { Clock } from "../../kernel/clock.ts";
import { isJsonObject, parseJson } from "../../kernel/json.ts";
import { dayOf } from "../../kernel/windows.ts";
import type { Db } from "../../storage/open.ts";
import { createWatchStore, type KeptUse, type NewUse, type WatchStore } from "../../storage/stores/watch.ts";
import { inTransaction } from "../../storage/transaction.ts";
import type { Gather } from "../../watch/gather.ts";
import { readState } from "../../watch/kept.ts";
import { BURST_MINUTES } from "../../watch/refusals.ts";
import type { Use } from "../../watch/sample.ts";
import { Watch } from "../../watch/watch.ts";

/** Something about a key that is worth telling its owner. */
export interface Finding {
  keyId: string;
  level: AlertLevel;
  facts: AlertFacts;
}

export interface JudgeDeps {
  db: Db;
  gather: Gather;
  clock: Clock;
  /** Of these keys those that are there. */
  existing(keyIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Keeps it and tells the owner. What rejects is tried again. */
  tell(finding: Finding): Promise<void>;
  /** Names this process. */
  holder: string;
}

const USES_AT_ONCE = 2_000;
/** Keys in memory, ten kilobytes each; the others are read again when they are used. */
const HOT_KEYS = 2_000;
const KEEP_EVERY_MS = 5 * 60_000;
const HOLD_FOR_MS = 30_000;
const ASK_WHETHER_FREE_MS = 5_000;
const MOST_UNTOLD = 1_000;
const NANO = 1e9;

export class Judge {
  readonly #deps: JudgeDeps;
  readonly #store: WatchStore;
  readonly #watch = new Watch();
  readonly #changed = new Set<string>();
  #untold: Finding[] = [];
  #keptAtMs: number;
  #isHeld = false;
  #askAgainAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
    this.#store = createWatchStore(deps.db);
    this.#keptAtMs = deps.clock.nowMs();
  }

  /** Hands over what this process has seen and, where it judges, judges what is there. True where it judges. */
  async round(): Promise<boolean> {
    await this.#handOver();
    if (!(await this.#holds())) return false;
    for (let taken = USES_AT_ONCE; taken === USES_AT_ONCE; ) taken = await this.#judgeSome();
    await this.#tellAll();
    const isDue = this.#deps.clock.nowMs() - this.#keptAtMs >= KEEP_EVERY_MS;
    if (isDue || this.#watch.size > HOT_KEYS) await this.#keepChanged();
    return true;
  }

  /** Keeps everything, and lets another process take over. */
  async close(): Promise<void> {
    const judges = await this.round();
    if (!judges) return;
    await this.#keepChanged();
    await this.#store.release(this.#deps.holder);
  }

  async #handOver(): Promise<void> {
    const uses = this.#deps.gather.take();
    if (uses.length === 0) return;
    try {
      await this.#store.add(uses.map(rowOf));
    } catch (error) {
      this.#deps.gather.putBack(uses);
      throw error;
    }
  }

  async #holds(): Promise<boolean> {
    const { holder, clock } = this.#deps;
    const nowMs = clock.nowMs();
    // Asked for again when half of it is over; others ask as often whether it has become free.
    if (nowMs < this.#askAgainAtMs) return this.#isHeld;
    const held = await this.#store.hold(holder, { nowMs, forMs: HOLD_FOR_MS });
    this.#isHeld = held !== null;
    this.#askAgainAtMs = nowMs + (held === null ? ASK_WHETHER_FREE_MS : HOLD_FOR_MS / 2);
    // Whoever judged meanwhile knows more than what is remembered here.
    if (held === null || held.isNew) this.#forgetAll();
    return this.#isHeld;
  }

  #forgetAll(): void {
    this.#watch.forgetAll();
    this.#changed.clear();
  }

  /** How many were there. */
  async #judgeSome(): Promise<number> {
    const { db } = this.#deps;
    const rows = await inTransaction(db, (transaction) => createWatchStore(transaction).take(USES_AT_ONCE));
    if (rows.length === 0) return 0;
    const keyIds = [...new Set(rows.map(({ key_id }) => key_id))];
    const existing = await this.#deps.existing(keyIds);
    const slept = await this.#recall(keyIds.filter((keyId) => existing.has(keyId)));
    for (const row of rows) if (existing.has(row.key_id)) this.#judge(row, slept);
    return rows.length;
  }

  /** Reads what was kept of keys that are not in memory; of the others, when they were used last. */
  async #recall(keyIds: readonly string[]): Promise<Map<string, number>> {
    const unknown = keyIds.filter((keyId) => !this.#watch.has(keyId));
    for (const { keyId, state } of await this.#store.profiles(unknown)) {
      const parsed = parseJson(state);
      if (parsed.ok && isJsonObject(parsed.value)) this.#watch.restore(keyId, readState(parsed.value));
    }
    const isNew = (keyId: string) => !this.#watch.has(keyId);
    return this.#store.usedBefore(unknown.filter(isNew), dayOf(this.#deps.clock.nowMs()));
  }

  #judge(row: KeptUse, lastUsed: Map<string, number>): void {
    const { key_id: keyId, at: atMs } = row;
    this.#changed.add(keyId);
    if (row.learn === 1) {
      this.#watch.learn(keyId, atMs);
      return;
    }
    const usedAtMs = lastUsed.get(keyId);
    const use = keptUse(row);
    const { noticed, burst, wokeAfterDays } = this.#watch.observe(use, usedAtMs);
    if (use.calls > 0) lastUsed.delete(keyId);
    if (noticed) {
      const { level, score, evidence } = noticed;
      this.#note({ keyId, level, facts: { kind: "unusual_use", score, evidence: [...evidence], isFrozen: false } });
    }
    if (burst) {
      const { count, networks } = burst;
      const said = { count, minutes: BURST_MINUTES, code: use.code ?? "", networks: [...networks] };
      this.#note({ keyId, level: "alert", facts: { kind: "refused_burst", ...said } });
    }
    if (wokeAfterDays !== null) {
      const facts = { kind: "dormant_key", idleDays: wokeAfterDays, network: use.network } as const;
      this.#note({ keyId, level: "alert", facts });
    }
  }

  #note(finding: Finding): void {
    if (this.#untold.length < MOST_UNTOLD) this.#untold.push(finding);
  }

  async #tellAll(): Promise<void> {
    for (let next = this.#untold[0]; next !== undefined; next = this.#untold[0]) {
      await this.#deps.tell(next);
      this.#untold.shift();
    }
  }

  /** Keeps what has changed, and forgets those that have been silent for longest where there are too many. */
  async #keepChanged(): Promise<void> {
    const nowMs = this.#deps.clock.nowMs();
    for (const keyId of [...this.#changed]) {
      const state = this.#watch.state(keyId);
      if (state !== undefined) await this.#store.saveProfile(keyId, JSON.stringify(state), nowMs);
      this.#changed.delete(keyId);
    }
    for (const keyId of this.#watch.beyond(HOT_KEYS)) this.#watch.forget(keyId);
    this.#keptAtMs = nowMs;
  }
}

function rowOf({ keyId, atMs, costUsd, ...use }: Use): NewUse {
  return { ...use, key_id: keyId, at: atMs, cost_nano: BigInt(Math.round(costUsd * NANO)) };
}

function keptUse({ key_id: keyId, at: atMs, cost_nano, network, program, model, calls, refused, code }: KeptUse): Use {
  return { keyId, atMs, network, program, model, calls, costUsd: Number(cost_nano) / NANO, refused, code };
}
