/**
 * The calls that are being answered, by their key, so that a key which is disabled, frozen or deleted ends what
 * runs with it as well; and so does a key that expires, or a former secret whose time is over.
 *
 * Invariants: a call is here from the moment its key is known until it has ended; only a call that would be refused now
 * is ended, a change of its key's name or limit does not; a look-up that fails ends nothing and is repeated until it
 * succeeds.
 */
import type { Clock } from "../../../kernel/clock.ts";
import { GapuraError } from "../../../kernel/errors.ts";
import { Roster, type Seated } from "../../../kernel/roster.ts";
import type { Deadline, Deadlines } from "../../deadlines.ts";
import type { KeyRecord } from "../../ports.ts";
import { admit } from "./key-auth.ts";
import type { KeyCache } from "./key-cache.ts";

/** Ends a call with what its client is to be told. */
export type Interrupt = (error: GapuraError) => void;

interface OpenCall extends Seated {
  /** Of the secret that it was made with. */
  hash: string;
  interrupt: Interrupt;
}

/** What runs with one key. */
interface KeyCalls {
  calls: Roster<OpenCall>;
  /** When the first of them is to be looked at; null where none has an end. */
  deadline: Deadline | null;
}

/** How soon an end that could not be looked up is looked up again. */
const LOOK_AGAIN_MS = 1_000;

export class OpenCalls {
  readonly #keys: KeyCache;
  readonly #clock: Clock;
  readonly #deadlines: Pick<Deadlines, "add" | "remove">;
  readonly #open = new Map<string, KeyCalls>();

  constructor(keys: KeyCache, { clock, deadlines }: { clock: Clock; deadlines: Pick<Deadlines, "add" | "remove"> }) {
    this.#keys = keys;
    this.#clock = clock;
    this.#deadlines = deadlines;
  }

  /** Call what is returned when the call is over. */
  add(key: KeyRecord, interrupt: Interrupt): () => void {
    const { id, hash } = key;
    const open = this.#open.get(id) ?? { calls: new Roster(), deadline: null };
    const call = { hash, interrupt };
    open.calls.add(call);
    this.#open.set(id, open);
    this.#watch(id, open, endOf(key));
    return () => {
      open.calls.delete(call);
      if (open.calls.size > 0) return;
      if (open.deadline) this.#deadlines.remove(open.deadline);
      open.deadline = null;
      // It leads to nothing any more, for a Map may hold it for longer (kernel/roster.ts).
      if (this.#open.get(id) === open) this.#open.delete(id);
    };
  }

  /** Ends the calls of a key that has changed, or whose time has come, if they are refused now. Never rejects. */
  async review(id: string): Promise<void> {
    const open = this.#open.get(id);
    if (!open) return;
    for (const hash of new Set(open.calls.all().map((call) => call.hash))) {
      const refusal = await this.#refusalOf(id, open, hash);
      if (refusal === null) continue;
      for (const call of open.calls.filter((one) => one.hash === hash)) call.interrupt(refusal);
    }
  }

  async #refusalOf(id: string, open: KeyCalls, hash: string): Promise<GapuraError | null> {
    try {
      this.#watch(id, open, endOf(admit(await this.#keys.find(hash), this.#clock)));
      return null;
    } catch (error) {
      if (error instanceof GapuraError) return error;
      this.#watch(id, open, this.#clock.nowMs() + LOOK_AGAIN_MS);
      return null;
    }
  }

  /** Sees to it that the key is looked at then, unless it is looked at before. */
  #watch(id: string, open: KeyCalls, timeMs: number | null): void {
    if (timeMs === null || open.calls.size === 0) return;
    const dueMs = this.#clock.monotonicMs() + timeMs - this.#clock.nowMs();
    if (open.deadline) {
      open.deadline.dueMs = Math.min(open.deadline.dueMs, dueMs);
      return;
    }
    const onDue = () => {
      open.deadline = null;
      void this.review(id);
    };
    open.deadline = { dueMs, onDue };
    this.#deadlines.add(open.deadline);
  }
}

/** When a key that may call now will be refused, as far as that is known. */
function endOf({ expiresAt, secretEndsAt }: KeyRecord): number | null {
  if (expiresAt === null || secretEndsAt === null) return expiresAt ?? secretEndsAt;
  return Math.min(expiresAt, secretEndsAt);
}
