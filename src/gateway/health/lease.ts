/** One attempt with one credential, and how it went: every lease ends, and only its first end counts. */
import type { Credential } from "../providers/registry.ts";
import type { Breaker } from "./breaker.ts";
import type { Cooldown, CooldownReason } from "./cooldown.ts";
import type { EndpointHealth } from "./endpoint-health.ts";
import type { Verdict } from "./verdict.ts";

/** A credential's state for one model. */
export interface LeaseTarget {
  breaker: Breaker;
  cooldown: Cooldown;
}

/** What a lease acts on. */
export interface Grip {
  credential: Credential;
  /** Null for what runs inside this process. */
  target: LeaseTarget | null;
  health: EndpointHealth;
  clock: { monotonicMs(): number };
  random(): number;
  provider: AnsweringProvider;
}

/** What is known of a provider as a whole. */
export interface AnsweringProvider {
  /** Monotonic. */
  answeredAtMs: number;
  /** Its model list could not be had, and it has answered no call since. */
  isSilent: boolean;
}

/** How a stream ended that had begun well. */
export type StreamEnd =
  | { kind: "complete"; tokens: number; firstTokenMs: number; totalMs: number }
  | { kind: "failed" }
  /** The client left. */
  | { kind: "cancelled" };

/** A shorter stream says nothing about speed. */
const LEAST_TOKENS = 10;
const LEAST_STREAM_MS = 50;

export class Lease {
  readonly credential: Credential;
  readonly #grip: Grip;
  readonly #account: string;
  readonly #probe: number | null;
  #isOver = false;

  constructor(grip: Grip, account: string) {
    this.#grip = grip;
    this.#account = account;
    this.credential = grip.credential;
    const admission = grip.target?.breaker.enter(grip.clock.monotonicMs());
    this.#probe = admission?.kind === "probe" ? admission.probe : null;
  }

  /** A whole answer is there. */
  answered(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#begin();
    this.#grip.health.answered(this.#grip.clock.monotonicMs());
  }

  /** A stream has begun; `ended` follows. */
  began(): void {
    if (!this.#isOver) this.#begin();
  }

  ended(end: StreamEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { health, clock, target, random } = this.#grip;
    const nowMs = clock.monotonicMs();
    if (end.kind === "cancelled") return;
    if (end.kind === "failed") {
      health.failed(nowMs, true);
      target?.breaker.broke({ account: this.#account, nowMs }, random());
      return;
    }
    health.answered(nowMs);
    health.measured({ firstTokenMs: end.firstTokenMs, tokensPerSecond: speedOf(end) }, nowMs);
  }

  /** It failed before anything was answered. `statedSeconds` is the wait that the provider asked for. */
  failed(verdict: Verdict, statedSeconds: number | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { health, clock, target, random } = this.#grip;
    const nowMs = clock.monotonicMs();
    if (verdict === "failure" || verdict === "credential") health.failed(nowMs, true);
    if (verdict === "missing") health.failed(nowMs, false);
    if (target === null) return;
    if (verdict === "failure") target.breaker.failed(this.#report(), random());
    else target.breaker.ended(this.#probe);
    const because = reasonToCool(verdict, statedSeconds);
    if (because !== null) target.cooldown.begin({ because, statedSeconds, nowMs }, random());
  }

  /** It came to nothing through no fault of the provider's: the client left, or another attempt was faster. */
  abandoned(): void {
    this.failed("none", null);
  }

  #begin(): void {
    const report = this.#report();
    this.#grip.target?.breaker.answered(report);
    this.#grip.target?.cooldown.answered(report.nowMs);
    this.#grip.provider.answeredAtMs = report.nowMs;
    this.#grip.provider.isSilent = false;
  }

  #report() {
    return { account: this.#account, nowMs: this.#grip.clock.monotonicMs(), probe: this.#probe };
  }
}

function reasonToCool(verdict: Verdict, statedSeconds: number | null): CooldownReason | null {
  if (verdict === "limited") return "rate-limit";
  if (verdict === "credential") return "credential";
  return verdict === "failure" && statedSeconds !== null ? "overload" : null;
}

function speedOf({ tokens, firstTokenMs, totalMs }: Extract<StreamEnd, { kind: "complete" }>): number | null {
  const streamMs = totalMs - firstTokenMs;
  return tokens < LEAST_TOKENS || streamMs < LEAST_STREAM_MS ? null : (tokens * 1000) / streamMs;
}
