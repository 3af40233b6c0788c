/**
 * One ticking clock for all open streams: it sends a comment line where a client has heard nothing for a while, so that
 * proxies keep the connection; it gives up on providers that fell silent and on streams that have no end; it lets go of
 * clients that do not read. One timer for ten thousand streams.
 */
import type { Clock } from "../../kernel/clock.ts";
import type { GapuraError } from "../../kernel/errors.ts";
import { Roster, type Seated } from "../../kernel/roster.ts";

const TICK_MS = 1_000;
/**
 * How many clients may be waited for at once. Nobody is who reads at all: the system itself keeps some megabytes for each
 * connection. Each holds some dozens of kilobytes here, and one read of the system at the very most, half a megabyte.
 */
export const MAX_HELD_STREAMS = 1_024;

export interface KeptStream extends Seated {
  /** Monotonic time when it began. */
  readonly beganMs: number;
  /** Monotonic time of the last byte to the client. */
  lastSentMs: number;
  /** Monotonic time since which the provider has been waited for; null while the client is the slow one. */
  waitingSinceMs: number | null;
  /** Monotonic time since which the client has taken nothing more; null while the provider is waited for. */
  heldSinceMs: number | null;
  /** How long the provider may give no sign of life. */
  silenceLimitMs: number;
  sendHeartbeat(): void;
  /** Ends it, because the provider takes too long. */
  giveUp(): void;
  /** Ends it without a word, because the client does not read. */
  letGo(): void;
  /** Ends it with this error, whatever was still to come. */
  interrupt(error: GapuraError): void;
}

export interface StreamLimits {
  heartbeatAfterMs: number;
  /** How long a client may take nothing of what waits for it. */
  readerLimitMs: number;
  /** However lively it is, no stream goes on for longer. */
  totalLimitMs: number;
}

export class StreamKeeper {
  readonly #streams = new Roster<KeptStream>();
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
    this.#streams.add(stream);
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
    const limits = this.#limits;
    this.#letGoOfTooMany();
    for (const stream of this.#streams.all()) {
      const isEndless = nowMs - stream.beganMs >= limits.totalLimitMs;
      if (stream.heldSinceMs !== null) {
        if (isEndless || nowMs - stream.heldSinceMs >= limits.readerLimitMs) stream.letGo();
        continue;
      }
      if (isEndless) stream.giveUp();
      if (stream.waitingSinceMs === null) continue;
      if (nowMs - stream.waitingSinceMs >= stream.silenceLimitMs) stream.giveUp();
      else if (nowMs - stream.lastSentMs >= limits.heartbeatAfterMs) stream.sendHeartbeat();
    }
  }

  /** Those that are held the longest go first. */
  #letGoOfTooMany(): void {
    const held = this.#streams.filter(({ heldSinceMs }) => heldSinceMs !== null);
    if (held.length <= MAX_HELD_STREAMS) return;
    held.sort((one, other) => (one.heldSinceMs ?? 0) - (other.heldSinceMs ?? 0));
    for (const stream of held.slice(0, held.length - MAX_HELD_STREAMS)) stream.letGo();
  }

  /** Ends every stream with this error. */
  interruptAll(error: GapuraError): void {
    for (const stream of this.#streams.all()) stream.interrupt(error);
  }
}
