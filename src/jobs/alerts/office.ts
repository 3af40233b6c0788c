/**
 * The office of the judge: of all processes one has it, for as long as it asks for it again within half a minute.
 *
 * Invariants: what is done `during` it is done by whoever has it, until the transaction ends; whoever has lost it is told
 * by `onLost` before anything else happens. Failure modes: a holder that dies without giving it back leaves it empty for
 * half a minute.
 */
import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../storage/open.ts";
import { createWatchStore, type WatchStore } from "../../storage/stores/watch.ts";
import { inTransaction } from "../../storage/transaction.ts";

const HOLD_FOR_MS = 30_000;
const ASK_WHETHER_FREE_MS = 5_000;

export interface OfficeDeps {
  db: Db;
  clock: Clock;
  /** Names this process. */
  holder: string;
  /** Somebody else has it, or has had it since. */
  onLost(): void;
}

export class Office {
  readonly #deps: OfficeDeps;
  readonly #store: WatchStore;
  #isHeld = false;
  #askAgainAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: OfficeDeps) {
    this.#deps = deps;
    this.#store = createWatchStore(deps.db);
  }

  /** Whether it was this process's when it was asked for last. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Takes it where it is free. Asked for again when half of the time is over; others ask whether it has become free. */
  async ask(): Promise<boolean> {
    const { holder, clock } = this.#deps;
    const nowMs = clock.nowMs();
    if (nowMs < this.#askAgainAtMs) return this.#isHeld;
    const held = await this.#store.hold(holder, { nowMs, forMs: HOLD_FOR_MS });
    this.#isHeld = held !== null;
    this.#askAgainAtMs = nowMs + (held === null ? ASK_WHETHER_FREE_MS : HOLD_FOR_MS / 2);
    if (held === null || held.isNew) this.#deps.onLost();
    return this.#isHeld;
  }

  /** Does it in one transaction, until whose end nobody else gets the office. Undefined where somebody else has it. */
  async during<Result>(work: (store: WatchStore, db: Db) => Promise<Result>): Promise<Result | undefined> {
    const { db, holder, clock, onLost } = this.#deps;
    const done = await inTransaction(db, async (transaction) => {
      const store = createWatchStore(transaction);
      if (!(await store.extend(holder, clock.nowMs() + HOLD_FOR_MS))) return undefined;
      return { result: await work(store, transaction) };
    });
    if (done !== undefined) return done.result;
    this.#isHeld = false;
    onLost();
    return undefined;
  }

  /** Lets another process take over at once. */
  release(): Promise<void> {
    this.#isHeld = false;
    return this.#store.release(this.#deps.holder);
  }
}
