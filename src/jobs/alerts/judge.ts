/**
 * Watches how keys are used, in production: what every process sums up of its own calls goes into one table; one process
 * takes it out, judges, and keeps what it remembers.
 *
 * One process judges, because a key that is called through several nodes has one set of habits, and merging what several
 * remember would need as much talk as sending the sums. Whoever holds a row of the database for half a minute does, so that
 * another takes over when it ends.
 *
 * Invariants: nothing here is waited for by a call; memory is bounded, and so is each round; what is told is told until it
 * is kept, and what an owner has answered or was told of a key is kept at once. Whoever has lost the office without
 * knowing (the machine stood still) takes no uses and keeps nothing, because both ask for the office in the same
 * transaction; at most it tells of what it had found, which counts as the same alert.
 * Failure modes: a database that is away makes uses wait in memory, up to a bound; a process that is killed loses what it
 * had not handed over (two seconds), and of sums what it has learned since it last kept them (five minutes).
 */
import type { AlertFacts, AlertLevel } from "../../kernel/alerts/facts.ts";
import type { Clock } from "../../kernel/clock.ts";
import { isJsonObject, parseJson } from "../../kernel/json.ts";
import { dayOf } from "../../kernel/windows.ts";
import type { Db } from "../../storage/open.ts";
import { createWatchStore, type KeptUse, type NewUse, type WatchStore } from "../../storage/stores/watch.ts";
import type { Gather } from "../../watch/gather.ts";
import { readState } from "../../watch/kept.ts";
import { BURST_MINUTES } from "../../watch/refusals.ts";
import type { Use } from "../../watch/sample.ts";
import { Watch } from "../../watch/watch.ts";
import { Office } from "./office.ts";

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
  /** Of these keys those that are there, asked in the transaction that is given. */
  existing(db: Db, keyIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Keeps it and tells the owner. What rejects is tried again. */
  tell(finding: Finding): Promise<void>;
  /** Names this process. */
  holder: string;
}

const USES_AT_ONCE = 2_000;
/** Keys in memory, ten kilobytes each; the others are read again when they are used. */
const HOT_KEYS = 2_000;
const PROFILES_AT_ONCE = 50;
const KEEP_EVERY_MS = 5 * 60_000;
const MOST_UNTOLD = 1_000;
const NANO = 1e9;

export class Judge {
  readonly #deps: JudgeDeps;
  readonly #office: Office;
  readonly #watch = new Watch();
  readonly #changed = new Set<string>();
  #untold: Finding[] = [];
  #keptAtMs: number;

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
    this.#office = new Office({ db: deps.db, clock: deps.clock, holder: deps.holder, onLost: () => this.#forgetAll() });
    this.#keptAtMs = deps.clock.nowMs();
  }

  /** Hands over what this process has seen and, where it judges, judges what is there. True where it judges. */
  async round(): Promise<boolean> {
    await this.#handOver();
    const judges = (await this.#office.ask()) && (await this.#judgeAll());
    await this.#tellAll();
    if (!judges) return false;
    const isDue = this.#deps.clock.nowMs() - this.#keptAtMs >= KEEP_EVERY_MS;
    if (isDue || this.#watch.size > HOT_KEYS) await this.#keepChanged();
    return this.#office.isHeld;
  }

  /** Keeps everything, and lets another process take over. */
  async close(): Promise<void> {
    try {
      if (await this.round()) await this.#keepChanged();
    } finally {
      await this.#office.release();
    }
  }

  async #handOver(): Promise<void> {
    const uses = this.#deps.gather.take();
    if (uses.length === 0) return;
    try {
      await createWatchStore(this.#deps.db).add(uses.map(rowOf));
    } catch (error) {
      this.#deps.gather.putBack(uses);
      throw error;
    }
  }

  #forgetAll(): void {
    this.#watch.forgetAll();
    this.#changed.clear();
  }

  /** False where another process has become the judge. */
  async #judgeAll(): Promise<boolean> {
    for (;;) {
      const taken = await this.#office.during((store, db) => this.#take(store, db));
      if (taken === undefined) return false;
      const { uses, existing, profiles, usedBefore } = taken;
      for (const { keyId, state } of profiles) {
        const parsed = parseJson(state);
        if (parsed.ok && isJsonObject(parsed.value)) this.#watch.restore(keyId, readState(parsed.value));
      }
      for (const use of uses) if (existing.has(use.key_id)) this.#judge(use, usedBefore);
      await this.#keepLearned(uses.filter(isLearned));
      if (uses.length < USES_AT_ONCE) return this.#office.isHeld;
    }
  }

  /**
   * The next uses, and what is to be known before they are judged: of keys that are not in memory what was kept, or when
   * they were used last. Nobody gets these uses again, but for an owner's answers, which stay until they are kept.
   */
  async #take(store: WatchStore, db: Db) {
    const uses = await store.waiting(USES_AT_ONCE);
    const keyIds = [...new Set(uses.map(({ key_id }) => key_id))];
    const existing = keyIds.length === 0 ? new Set<string>() : await this.#deps.existing(db, keyIds);
    const unknown = keyIds.filter((keyId) => existing.has(keyId) && !this.#watch.has(keyId));
    const profiles = await store.profiles(unknown);
    const known = new Set(profiles.map(({ keyId }) => keyId));
    const fresh = unknown.filter((keyId) => !known.has(keyId));
    const usedBefore = await store.usedBefore(fresh, dayOf(this.#deps.clock.nowMs()));
    await store.drop(uses.filter((use) => !isLearned(use)).map(({ id }) => id));
    return { uses, existing, profiles, usedBefore };
  }

  #judge(row: KeptUse, lastUsed: Map<string, number>): void {
    const { key_id: keyId, at: atMs } = row;
    this.#changed.add(keyId);
    if (isLearned(row)) {
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

  /** What cannot be told goes to the end, so that it holds up nothing but the end of this round. */
  async #tellAll(): Promise<void> {
    const told: string[] = [];
    try {
      for (let next = this.#untold.shift(); next !== undefined; next = this.#untold.shift()) {
        try {
          await this.#deps.tell(next);
          told.push(next.keyId);
        } catch (error) {
          this.#untold.push(next);
          throw error;
        }
      }
    } finally {
      // Whoever takes over must not tell it anew.
      await this.#keep(told.filter((keyId) => this.#changed.has(keyId)));
    }
  }

  async #keepLearned(answers: readonly KeptUse[]): Promise<void> {
    if (answers.length === 0) return;
    const ids = answers.map(({ id }) => id);
    await this.#keep([...new Set(answers.map(({ key_id }) => key_id))], (store) => store.drop(ids));
  }

  /** Keeps what has changed, and forgets those that have been silent for longest where there are too many. */
  async #keepChanged(): Promise<void> {
    // What is kept of a key says that its owner was told.
    const untold = new Set(this.#untold.map(({ keyId }) => keyId));
    const changed = [...this.#changed].filter((keyId) => !untold.has(keyId));
    for (let from = 0; from < changed.length; from += PROFILES_AT_ONCE) {
      await this.#keep(changed.slice(from, from + PROFILES_AT_ONCE));
    }
    if (!this.#office.isHeld) return;
    for (const keyId of this.#watch.beyond(HOT_KEYS)) if (!untold.has(keyId)) this.#watch.forget(keyId);
    this.#keptAtMs = this.#deps.clock.nowMs();
  }

  async #keep(keyIds: readonly string[], also = async (_: WatchStore): Promise<void> => {}): Promise<void> {
    if (keyIds.length === 0) return;
    const nowMs = this.#deps.clock.nowMs();
    await this.#office.during(async (store) => {
      for (const keyId of keyIds) {
        const state = this.#watch.state(keyId);
        if (state !== undefined) await store.saveProfile(keyId, JSON.stringify(state), nowMs);
      }
      await also(store);
    });
    for (const keyId of keyIds) this.#changed.delete(keyId);
  }
}

function isLearned({ learn }: KeptUse): boolean {
  return learn === 1;
}

function rowOf({ keyId, atMs, costUsd, ...use }: Use): NewUse {
  return { ...use, key_id: keyId, at: atMs, cost_nano: BigInt(Math.round(costUsd * NANO)) };
}

function keptUse({ key_id: keyId, at: atMs, cost_nano, network, program, model, calls, refused, code }: KeptUse): Use {
  return { keyId, atMs, network, program, model, calls, costUsd: Number(cost_nano) / NANO, refused, code };
}
