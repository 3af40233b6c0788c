/**
 * How fast a key, and all keys of its account together, may call: requests and tokens within any minute, and calls at
 * the same time. Kept in the memory of the process.
 *
 * Invariants: a key and an account without caps cost nothing here; a call is let in by all caps or takes of none; within
 * one process no cap is ever passed, at any concurrency. Tokens that nobody can know before are reserved as they are
 * asked for and put right when they are known. Of several processes each gives its share of the cap, as far as it is
 * told how many there are.
 */
import type { Clock } from "../../../kernel/clock.ts";
import type { KeyRecord, RateCaps } from "../../ports.ts";
import { MinuteWindow } from "./minute-window.ts";
import { type CapName, type CapOwner, rateRefusal, tooManyTokens } from "./refusals.ts";

/** Set aside for the answer of a request that does not say how long it may be. */
const UNSAID_ANSWER_TOKENS = 4_096;
/** Owners with caps that are remembered; of more than these the ones at rest are forgotten. */
const MOST_GATES = 100_000;

/** What one owner of caps has running and has used. */
class Gate {
  readonly owner: CapOwner;
  readonly window = new MinuteWindow();
  caps: RateCaps;
  running = 0;

  constructor(owner: CapOwner, caps: RateCaps) {
    this.owner = owner;
    this.caps = caps;
  }

  get isAtRest(): boolean {
    return this.running === 0 && this.window.requests === 0 && this.window.tokens === 0;
  }
}

/** What a call has taken of its caps. */
export class RateTicket {
  readonly #gates: readonly Gate[];
  readonly #limits: RateLimits;
  #reserved = 0;
  /** When the tokens were reserved. */
  #second = Number.NEGATIVE_INFINITY;
  #isOver = false;

  constructor(gates: readonly Gate[], limits: RateLimits) {
    this.#gates = gates;
    this.#limits = limits;
  }

  /**
   * Reserves the tokens of a prompt and of an answer, null where the client set no bound to it. Throws GapuraError:
   * token_rate_reached, tokens_over_cap.
   */
  reserveTokens(promptTokens: number, answerTokens: number | null): void {
    const asked = promptTokens + (answerTokens ?? 0);
    const wanted = promptTokens + (answerTokens ?? UNSAID_ANSWER_TOKENS);
    for (const gate of this.#gates) this.#limits.checkTokens(gate, { asked, wanted });
    this.#reserved = wanted;
    for (const gate of this.#gates) this.#second = gate.window.add(0, wanted);
  }

  /** Ends the call, which used so many tokens. What is said a second time is not heard. */
  end(usedTokens: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const gate of this.#gates) {
      gate.running--;
      gate.window.correct(this.#second, usedTokens - this.#reserved);
    }
  }
}

export class RateLimits {
  readonly #clock: Clock;
  /** How many processes share the caps. */
  readonly #processes: () => number;
  readonly #gates = new Map<string, Gate>();

  constructor(clock: Clock, processes: () => number) {
    this.#clock = clock;
    this.#processes = processes;
  }

  /**
   * Lets a call in and counts it; null where no cap is to be kept. Throws GapuraError: request_rate_reached,
   * token_rate_reached, parallel_calls_reached.
   */
  admit({ id, userId, rateCaps, accountCaps }: KeyRecord): RateTicket | null {
    if (!hasCaps(rateCaps) && !hasCaps(accountCaps)) return null;
    const gates: Gate[] = [];
    if (hasCaps(accountCaps)) gates.push(this.#gate({ kind: "account", id: userId }, accountCaps));
    if (hasCaps(rateCaps)) gates.push(this.#gate({ kind: "key", id }, rateCaps));
    for (const gate of gates) this.#check(gate);
    for (const gate of gates) {
      gate.running++;
      gate.window.add(1, 0);
    }
    return new RateTicket(gates, this);
  }

  /** For the ticket alone: refuses tokens for which there is no room. */
  checkTokens(gate: Gate, { asked, wanted }: { asked: number; wanted: number }): void {
    gate.window.turn(this.#clock.monotonicMs());
    const most = this.#share(gate.caps.tpm);
    if (most === null) return;
    if (asked > most) throw tooManyTokens(gate.owner, { most, asked });
    const taken = Math.min(wanted, most);
    if (gate.window.tokens + taken > most) throw this.#refusal(gate, "tpm", { most, room: most - taken });
  }

  #check(gate: Gate): void {
    const { caps, window } = gate;
    window.turn(this.#clock.monotonicMs());
    const parallel = this.#share(caps.parallel);
    if (parallel !== null && gate.running >= parallel) {
      throw this.#refusal(gate, "parallel", { most: parallel, room: 0 });
    }
    const rpm = this.#share(caps.rpm);
    if (rpm !== null && window.requests >= rpm) throw this.#refusal(gate, "rpm", { most: rpm, room: rpm - 1 });
    const tpm = this.#share(caps.tpm);
    if (tpm !== null && window.tokens >= tpm) throw this.#refusal(gate, "tpm", { most: tpm, room: tpm - 1 });
  }

  /** `room` is how much may be counted for the call to be let in. */
  #refusal(gate: Gate, cap: CapName, { most, room }: { most: number; room: number }) {
    const all = Number.POSITIVE_INFINITY;
    const requests = cap === "rpm" ? room : all;
    const tokens = cap === "tpm" ? room : all;
    const waitMs = cap === "parallel" ? null : gate.window.waitMs(this.#clock.monotonicMs(), { requests, tokens });
    const used = cap === "tpm" ? gate.window.tokens : cap === "rpm" ? gate.window.requests : gate.running;
    return rateRefusal(gate.owner, { cap, most, used, waitMs, nowMs: this.#clock.nowMs() });
  }

  /** What this process may give of a cap, at least one. */
  #share(cap: number | null): number | null {
    return cap === null ? null : Math.max(1, Math.floor(cap / Math.max(1, this.#processes())));
  }

  #gate(owner: CapOwner, caps: RateCaps): Gate {
    const name = `${owner.kind}/${owner.id}`;
    const known = this.#gates.get(name);
    if (known) {
      known.caps = caps;
      return known;
    }
    if (this.#gates.size >= MOST_GATES) this.#forgetThoseAtRest();
    const gate = new Gate(owner, caps);
    this.#gates.set(name, gate);
    return gate;
  }

  #forgetThoseAtRest(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [name, gate] of this.#gates) {
      gate.window.turn(nowMs);
      if (gate.isAtRest) this.#gates.delete(name);
    }
  }
}

function hasCaps({ rpm, tpm, parallel }: RateCaps): boolean {
  return rpm !== null || tpm !== null || parallel !== null;
}
