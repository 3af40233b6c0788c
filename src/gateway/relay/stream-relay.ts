/**
 * Carries a stream from the provider to the client at the client's pace.
 *
 * Invariants: the provider is read only when the client has room, and what is written for a client that does not read is
 * bounded (turns.ts); a broken stream never looks like a finished one; the outcome is settled exactly once, and before
 * the dialect's last words leave; nothing here rejects, because an unhandled rejection inside a stream would end the process.
 */
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { storageRefusal } from "../../kernel/storage-trouble.ts";
import type { Billed, StreamTranslator } from "../canonical/dialects.ts";
import type { KeptStream, StreamKeeper } from "./stream-keeper.ts";
import { type Turn, Turns, type TurnsOptions } from "./turns.ts";

export type StreamOutcome =
  | { kind: "complete" }
  /** The client left, or did not read until it was let go. */
  | { kind: "cancelled"; wasSlow: boolean }
  /** Ended here, because what was set aside for the answer is used up. */
  | { kind: "cut" }
  | { kind: "failed"; error: GapuraError };

export interface RelayOptions extends TurnsOptions {
  /** Events read while waiting for the first one; they go first. */
  firstBatch: string[];
  nextBatch(): Promise<string[] | null>;
  /** Stops the provider. Never throws. */
  stopUpstream(): void;
  /** Closes the client's connection without a word. */
  hangUp(): void;
  /** Called before the last bytes leave, or when there are none: the connection is as any other again. */
  onOver(): void;
  clientSignal: AbortSignal;
  keeper: Pick<StreamKeeper, "add" | "remove">;
  /** How long the provider may give no sign of life. */
  silenceLimitMs: number;
  clock: Clock;
  onFirstToken(): void;
  /** Asked after each turn: whether the answer must end here, because the money for it is used up. */
  isSpent?: (() => boolean) | undefined;
  /** Gets a copy of every frame of the answer that the client is sent. */
  onSent?: ((frames: string) => void) | undefined;
  /** Gets the frames that end a good stream, when its record is kept. */
  onEnd?: ((frames: string) => void) | undefined;
  /** Gives the frames that end a stream, good or broken, their last touch. */
  finish?: ((frames: string) => string) | undefined;
  /**
   * Keeps the record of the request and returns what it was billed. A rejection means that nothing was kept: the
   * client is told so instead of being sent the end of a good stream.
   */
  settle(outcome: StreamOutcome): Promise<Billed>;
}

const encoder = new TextEncoder();
const HEARTBEAT = encoder.encode(": keep-alive\n\n");
/** Asked for more only when the connection has taken what there was: then being asked is the client's progress. */
const NOTHING_AHEAD = { highWaterMark: 0 };

export function relayStream(options: RelayOptions): ReadableStream<Uint8Array> {
  const relay = new StreamRelay(options);
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => relay.start(controller),
      pull: (controller) => relay.pull(controller),
      cancel: () => relay.cancel(),
    },
    NOTHING_AHEAD,
  );
}

function lastWords(stream: StreamTranslator, outcome: StreamOutcome, billed: Billed): string {
  if (outcome.kind === "failed") return stream.fail(outcome.error);
  return outcome.kind === "cut" ? stream.cut(billed) : stream.end(billed);
}

class StreamRelay {
  readonly #options: RelayOptions;
  readonly #turns: Turns;
  #kept: KeptStream | undefined;
  #over = false;
  /** Why the provider was stopped from here. */
  #stoppedBy: GapuraError | undefined;
  #sawToken = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#turns = new Turns(options, options.firstBatch);
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { keeper, clock, provider, silenceLimitMs, stopUpstream } = this.#options;
    const stop = (error: GapuraError) => {
      this.#stoppedBy ??= error;
      stopUpstream();
    };
    const beganMs = clock.monotonicMs();
    const kept: KeptStream = {
      beganMs,
      lastSentMs: beganMs,
      waitingSinceMs: null,
      heldSinceMs: null,
      silenceLimitMs,
      sendHeartbeat: () => this.#send(controller, HEARTBEAT),
      giveUp: () => stop(new GapuraError("provider_timeout", { values: { provider } })),
      letGo: () => void this.#letGo(),
      interrupt: (error) => {
        stop(error);
        // Whoever waits for the provider hears of it there; a client that is waited for is not waited for any longer.
        if (kept.waitingSinceMs === null) void this.#end(controller, { kind: "failed", error });
      },
    };
    this.#kept = kept;
    keeper.add(kept);
  }

  /** Sends at least one event, or ends the stream. */
  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (this.#kept) this.#kept.heldSinceMs = null;
    try {
      while (!this.#over) {
        if (this.#turns.needsMore) this.#turns.add(await this.#read());
        const turn = this.#turns.take();
        this.#pass(controller, turn);
        if (turn.end) return await this.#end(controller, this.#outcomeOf(turn.end));
        if (this.#isSpent()) return await this.#end(controller, { kind: "cut" });
        if (turn.frames !== "") break;
      }
    } catch (cause) {
      await this.#end(controller, this.#broken(cause));
    }
    if (this.#kept) this.#kept.heldSinceMs = this.#options.clock.monotonicMs();
  }

  async cancel(): Promise<void> {
    this.#options.stopUpstream();
    await this.#end(undefined, { kind: "cancelled", wasSlow: false });
  }

  async #letGo(): Promise<void> {
    if (this.#over) return;
    this.#options.stopUpstream();
    await this.#end(undefined, { kind: "cancelled", wasSlow: true });
    this.#options.hangUp();
  }

  async #read(): Promise<string[] | null> {
    if (this.#kept) this.#kept.waitingSinceMs = this.#options.clock.monotonicMs();
    try {
      return await this.#options.nextBatch();
    } finally {
      if (this.#kept) this.#kept.waitingSinceMs = null;
    }
  }

  #pass(controller: ReadableStreamDefaultController<Uint8Array>, { frames, hasToken }: Turn): void {
    if (hasToken && !this.#sawToken) {
      this.#sawToken = true;
      this.#options.onFirstToken();
    }
    if (frames === "") return;
    this.#options.onSent?.(frames);
    this.#send(controller, encoder.encode(frames));
  }

  #isSpent(): boolean {
    const { isSpent, stream } = this.#options;
    return isSpent !== undefined && !stream.isComplete && isSpent();
  }

  /** An end is a good one only when every choice has said why it ended. */
  #outcomeOf(end: NonNullable<Turn["end"]>): StreamOutcome {
    if (end.kind === "ended") return this.#options.stream.isComplete ? { kind: "complete" } : this.#broken(undefined);
    return this.#stoppedBy ? this.#broken(undefined) : end;
  }

  #broken(cause: unknown): StreamOutcome {
    const { clientSignal, provider } = this.#options;
    if (clientSignal.aborted) return { kind: "cancelled", wasSlow: false };
    const error = this.#stoppedBy ?? new GapuraError("provider_stream_broken", { values: { provider }, cause });
    return { kind: "failed", error };
  }

  async #end(
    controller: ReadableStreamDefaultController<Uint8Array> | undefined,
    outcome: StreamOutcome,
  ): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    const { onEnd, settle, stream, stopUpstream } = this.#options;
    if (outcome.kind === "cut") stopUpstream();
    let last: string;
    try {
      last = lastWords(stream, outcome, await settle(outcome));
      if (outcome.kind === "complete") onEnd?.(last);
    } catch (cause) {
      last = stream.fail(cause instanceof GapuraError ? cause : storageRefusal(cause));
    }
    stopUpstream();
    this.#options.onOver();
    if (this.#kept) this.#options.keeper.remove(this.#kept);
    if (!controller || outcome.kind === "cancelled") return;
    this.#send(controller, encoder.encode(this.#options.finish?.(last) ?? last));
    this.#close(controller);
  }

  #send(controller: ReadableStreamDefaultController<Uint8Array>, bytes: Uint8Array): void {
    try {
      controller.enqueue(bytes);
      if (this.#kept) this.#kept.lastSentMs = this.#options.clock.monotonicMs();
    } catch {
      // The client has gone and the stream is closed already; cancel() settles it.
    }
  }

  #close(controller: ReadableStreamDefaultController<Uint8Array>): void {
    try {
      controller.close();
    } catch {
      // Closed by the client in the same moment.
    }
  }
}
