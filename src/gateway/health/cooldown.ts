/**
 * Leaves one credential alone for one model after the provider has asked for it (429, or any refusal that names a wait),
 * or after it has refused the credential itself. Other models and other credentials are not concerned.
 */

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;
/** A key that was refused twice in a row is not made good by asking again at once; once, it may be a token's fault. */
const REFUSED_CREDENTIAL_MS = 60_000;
/** So that not everybody comes back in the same moment; never earlier than what was asked for. */
const JITTER = 0.1;

export type CooldownReason = "rate-limit" | "overload" | "credential";

export class Cooldown {
  #untilMs = 0;
  #because: CooldownReason = "rate-limit";
  /** Refusals without a stated wait, and of the credential, in a row. */
  #unstated = 0;
  #refused = 0;

  /** Null when it is over. */
  at(nowMs: number): { untilMs: number; because: CooldownReason } | null {
    return nowMs < this.#untilMs ? { untilMs: this.#untilMs, because: this.#because } : null;
  }

  /** `statedSeconds` is what the provider asked for, null where it did not say. `random` is from 0 to 1. */
  begin({ because, statedSeconds, nowMs }: CooldownStart, random: number): void {
    const untilMs = nowMs + this.#waitMs(because, statedSeconds, random);
    if (untilMs <= this.#untilMs) return;
    this.#untilMs = untilMs;
    this.#because = because;
  }

  /** The provider answers. A wait that was asked for meanwhile still holds: the answer was to an earlier request. */
  answered(nowMs: number): void {
    this.#refused = 0;
    if (nowMs >= this.#untilMs) this.#unstated = 0;
  }

  #waitMs(because: CooldownReason, statedSeconds: number | null, random: number): number {
    if (statedSeconds !== null) return statedSeconds * 1000 * (1 + JITTER * random);
    if (because === "credential") return ++this.#refused < 2 ? 0 : REFUSED_CREDENTIAL_MS * (1 - JITTER * random);
    const bound = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#unstated);
    this.#unstated = Math.min(this.#unstated + 1, 10);
    return bound / 2 + (bound / 2) * random;
  }
}

export interface CooldownStart {
  because: CooldownReason;
  statedSeconds: number | null;
  nowMs: number;
}
