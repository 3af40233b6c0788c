/**
 * What keys with a limit have spent, in memory. Read from the records on first use and when a new window begins, added
 * to as calls settle, and read again after a while, because other processes spend as well.
 *
 * Invariants: a key without a limit costs nothing here; a call counts in the window in which it began, as in the
 * records. Failure modes: when the records cannot be read, the call is refused with 503, never let in unchecked.
 */
import type { Clock } from "../../../kernel/clock.ts";
import { GapuraError } from "../../../kernel/errors.ts";
import type { NanoUsd } from "../../../kernel/money.ts";
import { dayOf, windowOf } from "../../../kernel/windows.ts";
import type { KeyLimit, KeyRecord, SpendSource } from "../../ports.ts";
import { evaluate } from "./key-limit.ts";

const TRUSTED_FOR_MS = 10_000;
const MAX_KEYS = 100_000;

interface Spend {
  firstDay: number | null;
  spentNano: NanoUsd;
  trustedUntilMs: number;
}

type Limited = KeyRecord & { limit: KeyLimit };

export class KeySpend {
  readonly #source: SpendSource;
  readonly #clock: Clock;
  readonly #spends = new Map<string, Spend>();
  readonly #inFlight = new Map<string, Promise<Spend>>();

  constructor(source: SpendSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /**
   * Lets the key in or refuses it; a promise only when the records must be read. Throws (or rejects with) GapuraError:
   * key_limit_reached, storage_unavailable.
   */
  admit(key: KeyRecord): void | Promise<void> {
    if (!isLimited(key)) return;
    const nowMs = this.#clock.nowMs();
    const { firstDay } = windowOf(key.limit.reset, nowMs);
    const known = this.#spends.get(key.id);
    if (known && known.firstDay === firstDay && known.trustedUntilMs > nowMs) return refuseWhenSpent(key, known, nowMs);
    return this.#read(key.id, firstDay).then((spend) => refuseWhenSpent(key, spend, nowMs));
  }

  /** Counts a call whose record is durable. `startedAtMs` decides which window it belongs to. */
  settle(key: KeyRecord, call: { startedAtMs: number; costNano: NanoUsd | null }): void {
    if (key.limit === null || call.costNano === null) return;
    const spend = this.#spends.get(key.id);
    if (spend && (spend.firstDay === null || dayOf(call.startedAtMs) >= spend.firstDay)) {
      spend.spentNano += call.costNano;
    }
  }

  #read(keyId: string, firstDay: number | null): Promise<Spend> {
    const name = `${keyId} ${firstDay}`;
    const running = this.#inFlight.get(name);
    if (running) return running;
    const reading = this.#readFresh(keyId, firstDay).finally(() => this.#inFlight.delete(name));
    this.#inFlight.set(name, reading);
    return reading;
  }

  async #readFresh(keyId: string, firstDay: number | null): Promise<Spend> {
    const before = this.#spends.get(keyId);
    const spentBefore = before?.spentNano ?? 0n;
    const spentNano = await this.#source.spentByKey(keyId, firstDay).catch((cause: unknown) => {
      throw new GapuraError("storage_unavailable", { cause, retryAfterSeconds: 2 });
    });
    // What settled meanwhile may or may not be in the sum. Counted twice it is put right by the next reading; left out
    // it would let the key overspend.
    const meanwhile = before?.firstDay === firstDay ? before.spentNano - spentBefore : 0n;
    const spend = {
      firstDay,
      spentNano: spentNano + meanwhile,
      trustedUntilMs: this.#clock.nowMs() + TRUSTED_FOR_MS,
    };
    if (!before) this.#makeRoom();
    this.#spends.set(keyId, spend);
    return spend;
  }

  #makeRoom(): void {
    if (this.#spends.size < MAX_KEYS) return;
    const oldest = this.#spends.keys().next();
    if (!oldest.done) this.#spends.delete(oldest.value);
  }
}

function isLimited(key: KeyRecord): key is Limited {
  return key.limit !== null;
}

function refuseWhenSpent(key: Limited, spend: Spend, nowMs: number): void {
  const decision = evaluate(key.limit, spend.spentNano, windowOf(key.limit.reset, nowMs));
  if (decision.kind === "refuse") throw decision.error;
}
