/**
 * How fast a key, and all keys of its account together, may call: requests and tokens within any minute, and calls at
 * the same time. Counted in the memory of the process.
 *
 * Invariants: a key and an account without caps cost nothing here; a call is let in by all caps or takes of none; no cap
 * is ever passed, at any concurrency. Tokens that nobody can know before are reserved as they are asked for and put right
 * when they are known. Where several processes share a cap, each counts against its own share of it, and asks for more
 * before it refuses anybody: see CapShares.
 * Failure mode: when more cannot be asked for because storage fails, the call is refused with 503.
 */
import type { Clock } from "../../../kernel/clock.ts";
import { storageRefusal } from "../../../kernel/storage-trouble.ts";
import type { CapShares, KeyRecord, RateCaps } from "../../ports.ts";
import { CAP_NAMES, type Claim, claimsOf, Gate } from "./gate.ts";
import { type CapOwner, rateRefusal, tooManyTokens } from "./refusals.ts";

/** Set aside for the answer of a request that does not say how long it may be. */
const UNSAID_ANSWER_TOKENS = 4_096;
/** Owners with caps that are remembered; of more than these the ones at rest are forgotten. */
const MOST_GATES = 100_000;
/** How often a call asks for more where others were quicker to use what it got. */
const MOST_ASKS = 4;
/** How long nobody is asked again who had nothing to give. */
const FULL_FOR_MS = 250;
/** What a caller waits at most where others use up the cap: when that was is not known here. */
const OTHERS_WAIT_MS = 5_000;

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
   * Reserves the tokens of a prompt and of an answer, null where the client set no bound to it. Throws (or rejects with)
   * GapuraError: token_rate_reached, tokens_over_cap, storage_unavailable.
   */
  reserveTokens(promptTokens: number, answerTokens: number | null): void | Promise<void> {
    const asked = promptTokens + (answerTokens ?? 0);
    const wanted = promptTokens + (answerTokens ?? UNSAID_ANSWER_TOKENS);
    return this.#limits.takeTokens(this.#gates, { asked, wanted }, () => {
      this.#reserved = wanted;
      for (const gate of this.#gates) this.#second = gate.window.add(0, wanted);
    });
  }

  /** Ends the call, which used so many tokens. What is said a second time is not heard. */
  end(usedTokens: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const gate of this.#gates) {
      gate.running--;
      gate.window.correct(this.#second, usedTokens - this.#reserved);
      this.#limits.left(gate);
    }
  }
}

export interface RateLimitOptions {
  /** Null where no other process shares the caps. */
  shares: CapShares | null;
  mostGates?: number;
}

export class RateLimits {
  readonly #clock: Clock;
  readonly #shares: CapShares | null;
  readonly #mostGates: number;
  readonly #gates = new Map<string, Gate>();

  constructor(clock: Clock, { shares, mostGates = MOST_GATES }: RateLimitOptions) {
    this.#clock = clock;
    this.#shares = shares;
    this.#mostGates = mostGates;
  }

  /**
   * Lets a call in and counts it; null where no cap is to be kept. Throws (or rejects with) GapuraError:
   * request_rate_reached, token_rate_reached, parallel_calls_reached, storage_unavailable.
   */
  admit({ id, userId, rateCaps, accountCaps }: KeyRecord): null | RateTicket | Promise<RateTicket> {
    if (!hasCaps(rateCaps) && !hasCaps(accountCaps)) return null;
    const gates: Gate[] = [];
    if (hasCaps(accountCaps)) gates.push(this.#gate({ kind: "account", id: userId }, accountCaps));
    if (hasCaps(rateCaps)) gates.push(this.#gate({ kind: "key", id }, rateCaps));
    return this.#take(claimsOf(gates), () => {
      for (const gate of gates) {
        gate.running++;
        gate.window.add(1, 0);
      }
      return new RateTicket(gates, this);
    });
  }

  /** For the ticket alone: `take` is called when there is room for the tokens everywhere. */
  takeTokens(
    gates: readonly Gate[],
    { asked, wanted }: { asked: number; wanted: number },
    take: () => void,
  ): void | Promise<void> {
    const claims: Claim[] = [];
    for (const gate of gates) {
      const most = gate.caps.tpm;
      if (most === null) continue;
      if (asked > most) throw tooManyTokens(gate.owner, { most, asked });
      claims.push({ gate, cap: "tpm", more: Math.min(wanted, most) });
    }
    for (const gate of gates) gate.window.turn(this.#clock.monotonicMs());
    return this.#take(claims, take);
  }

  /** For the ticket alone: a call has ended, and others can have its place. */
  left(gate: Gate): void {
    this.#shares?.shrink(gate.ask("parallel"));
  }

  /** To be called about once a second: gives back what is not needed, and asks for what was used unforeseen. */
  tend(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const gate of this.#gates.values()) {
      gate.window.turn(nowMs);
      for (const cap of CAP_NAMES) this.#adjust(gate.ask(cap));
    }
  }

  #adjust(ask: ReturnType<Gate["ask"]>): void {
    const shares = this.#shares;
    if (shares === null) return;
    if (ask.cap === 0 || ask.need <= shares.of(ask.name)) shares.shrink(ask);
    else shares.grow([ask]).catch(() => undefined);
  }

  /** Takes at once where this process may, else after it has asked for more. */
  #take<Taken>(claims: readonly Claim[], take: () => Taken): Taken | Promise<Taken> {
    const lacking = this.#lacking(claims);
    return lacking.length === 0 ? take() : this.#takeShared(claims, take, lacking);
  }

  async #takeShared<Taken>(claims: readonly Claim[], take: () => Taken, first: readonly Claim[]): Promise<Taken> {
    let lacking = first;
    for (let asks = 0; asks < MOST_ASKS && lacking.some((claim) => this.#mayAsk(claim)); asks++) {
      await this.#grow(lacking);
      lacking = this.#lacking(claims);
      if (lacking.length === 0) return take();
    }
    const [claim] = lacking;
    if (!claim) throw new Error("refused, and nothing is lacking");
    throw this.#refusal(claim, { byOthers: true });
  }

  #mayAsk({ gate, cap }: Claim): boolean {
    return this.#clock.monotonicMs() >= gate.fullUntilMs[cap];
  }

  /** Asks for more of what is lacking. */
  async #grow(lacking: readonly Claim[]): Promise<void> {
    const shares = this.#shares;
    if (shares === null) return;
    for (const { gate, cap, more } of lacking) gate.waiting[cap] += more;
    const asks = lacking.map(({ gate, cap }) => gate.ask(cap));
    try {
      await shares.grow(asks);
    } catch (cause) {
      throw storageRefusal(cause);
    } finally {
      for (const { gate, cap, more } of lacking) gate.waiting[cap] -= more;
    }
    const nowMs = this.#clock.monotonicMs();
    for (const [index, { gate, cap }] of lacking.entries()) {
      // Others here may have been quicker to use it: what counts is whether it was given.
      if (shares.of(gate.names[cap]) < (asks[index]?.need ?? 0)) gate.fullUntilMs[cap] = nowMs + FULL_FOR_MS;
    }
  }

  /** The claims for which others have to be asked. Throws where this process alone has used up the cap. */
  #lacking(claims: readonly Claim[]): Claim[] {
    const nowMs = this.#clock.monotonicMs();
    const lacking: Claim[] = [];
    for (const claim of claims) {
      const { gate, cap, more } = claim;
      const most = gate.caps[cap];
      if (most === null) continue;
      gate.window.turn(nowMs);
      const need = gate.used(cap) + more;
      if (need > most) throw this.#refusal(claim, { byOthers: false });
      if (this.#shares !== null && need > this.#shares.of(gate.names[cap])) lacking.push(claim);
    }
    return lacking;
  }

  #refusal({ gate, cap, more }: Claim, { byOthers }: { byOthers: boolean }) {
    const most = gate.caps[cap] ?? 0;
    // Beside others there is room when something of what was used here is a minute old, or of what was used there.
    const room = byOthers ? Math.max(0, gate.used(cap) - more) : most - more;
    const all = Number.POSITIVE_INFINITY;
    const wanted = { requests: cap === "rpm" ? room : all, tokens: cap === "tpm" ? room : all };
    const ownWaitMs = gate.window.waitMs(this.#clock.monotonicMs(), wanted);
    const waitMs = byOthers ? Math.min(ownWaitMs || OTHERS_WAIT_MS, OTHERS_WAIT_MS) : ownWaitMs;
    return rateRefusal(gate.owner, {
      cap,
      most,
      used: byOthers ? most : gate.used(cap),
      waitMs: cap === "parallel" ? null : waitMs,
      nowMs: this.#clock.nowMs(),
    });
  }

  #gate(owner: CapOwner, caps: RateCaps): Gate {
    const name = `${owner.kind}/${owner.id}`;
    const known = this.#gates.get(name);
    if (known) {
      known.caps = caps;
      return known;
    }
    if (this.#gates.size >= this.#mostGates) this.#forgetThoseAtRest();
    const gate = new Gate(owner, caps);
    this.#gates.set(name, gate);
    return gate;
  }

  #forgetThoseAtRest(): void {
    this.tend();
    for (const [name, gate] of this.#gates) if (gate.isAtRest) this.#gates.delete(name);
  }

  /** Owners of caps that are remembered. */
  get size(): number {
    return this.#gates.size;
  }
}

function hasCaps({ rpm, tpm, parallel }: RateCaps): boolean {
  return rpm !== null || tpm !== null || parallel !== null;
}
