/**
 * The calls that are being answered, by their key, so that a key which is disabled, frozen or deleted ends what
 * runs with it as well.
 *
 * Invariants: a call is here from the moment its key is known until it has ended; only a key that would be refused now
 * ends its calls, a change of its name or limit does not; a change that cannot be looked up is looked up again with the
 * next one, and ends nothing.
 */
import type { Clock } from "../../../kernel/clock.ts";
import { GapuraError } from "../../../kernel/errors.ts";
import type { KeyRecord } from "../../ports.ts";
import { admit } from "./key-auth.ts";
import type { KeyCache } from "./key-cache.ts";

/** Ends a call with what its client is to be told. */
export type Interrupt = (error: GapuraError) => void;

export class OpenCalls {
  readonly #keys: KeyCache;
  readonly #clock: Clock;
  readonly #calls = new Map<string, Set<Interrupt>>();

  constructor(keys: KeyCache, clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Call what is returned when the call is over. */
  add({ hash }: KeyRecord, interrupt: Interrupt): () => void {
    const calls = this.#calls.get(hash) ?? new Set();
    this.#calls.set(hash, calls.add(interrupt));
    return () => {
      calls.delete(interrupt);
      if (calls.size === 0 && this.#calls.get(hash) === calls) this.#calls.delete(hash);
    };
  }

  /** Ends the calls of a key that has changed, if it is refused now. Never rejects. */
  async review(hash: string): Promise<void> {
    if (!this.#calls.has(hash)) return;
    const refusal = await this.#refusalOf(hash);
    if (refusal === null) return;
    for (const interrupt of [...(this.#calls.get(hash) ?? [])]) interrupt(refusal);
  }

  async #refusalOf(hash: string): Promise<GapuraError | null> {
    try {
      admit(await this.#keys.find(hash), this.#clock);
      return null;
    } catch (error) {
      return error instanceof GapuraError ? error : null;
    }
  }
}
