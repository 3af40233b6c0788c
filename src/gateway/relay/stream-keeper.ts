/**
 * One ticking clock for all open streams: it sends a comment line where a client has heard nothing for a while, so that
 * proxies keep the connection, and it gives up on providers that fell silent and on streams that have no end. One timer
 * for ten thousand streams.
 */
import type { Clock } from "../../kernel/clock.ts";

const TICK_MS = 5_000;

export interface KeptStream {
  /** Monotonic time of the last byte to the client. */
  lastSentMs: number;
  /** Monotonic time since which the provider has been waited for; null while the client is the slow one. */
  waitingSinceMs: number | null;
  sendHeartbeat(): void;
  giveUp(): void;
}

export interface StreamLimits {
  heartbeatAfterMs: number;
  silenceLimitMs: number;
  /** However lively it is, no stream goes on for longer. */
  totalLimitMs: number;
}

export class StreamKeeper {
  readonly #streams = new Map<KeptStream, { beganMs: number }>();
  readonly #clock: Clock;
  readonly #limits: StreamLimits;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(clock: Clock, limits: StreamLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  add(stream: KeptStream): void {
    this.#streams.set(stream, { beganMs: this.#clock.monotonicMs() });
    this.#timer ??= setInterval(() => this.tick(), TICK_MS);
  }

  remove(stream: KeptStream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0 || this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Looks at every stream once. Called by the timer; public so that a test need not wait for it. */
  tick(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [stream, { beganMs }] of [...this.#streams]) {
      if (nowMs - beganMs >= this.#limits.totalLimitMs) stream.giveUp();
      if (stream.waitingSinceMs === null) continue;
      if (nowMs - stream.waitingSinceMs >= this.#limits.silenceLimitMs) stream.giveUp();
      else if (nowMs - stream.lastSentMs >= this.#limits.heartbeatAfterMs) stream.sendHeartbeat();
    }
  }
}
