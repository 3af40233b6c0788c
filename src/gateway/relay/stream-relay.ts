/**
 * Carries a stream from the provider to the client at the client's pace.
 *
 * Invariants: the provider is read only when the client has room (back-pressure); a broken stream never looks like a
 * finished one; the outcome is settled exactly once, and before the dialect's last words leave; nothing here rejects, because an
 * unhandled rejection inside a stream would end the process.
 */
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { Billed, StreamTranslator } from "../canonical/dialects.ts";
import type { KeptStream, StreamKeeper } from "./stream-keeper.ts";

export type StreamOutcome = { kind: "complete" } | { kind: "cancelled" } | { kind: "failed"; error: GapuraError };

export interface RelayOptions {
  stream: StreamTranslator;
  /** Frames that come before everything else. */
  prelude: string;
  /** Events read while waiting for the first one; they go first. */
  firstBatch: string[];
  nextBatch(): Promise<string[] | null>;
  /** Stops the provider. Never throws. */
  stopUpstream(): void;
  clientSignal: AbortSignal;
  keeper: StreamKeeper;
  clock: Clock;
  provider: string;
  onFirstToken(): void;
  /** Gets a copy of every frame of the answer that the client is sent. */
  onSent?: ((frames: string) => void) | undefined;
  /** Gets the frames that end a good stream, when its record is kept. */
  onEnd?: ((frames: string) => void) | undefined;
  /** Gives the frames that end a stream, good or broken, their last touch. */
  finish?: ((frames: string) => string) | undefined;
  /** Takes out of a provider's words what may not be shown. */
  withoutKeys(message: string): string;
  /**
   * Keeps the record of the request and returns what it was billed. A rejection means that nothing was kept: the
   * client is told so instead of being sent the end of a good stream.
   */
  settle(outcome: StreamOutcome): Promise<Billed>;
}

const encoder = new TextEncoder();
const HEARTBEAT = encoder.encode(": keep-alive\n\n");

export function relayStream(options: RelayOptions): ReadableStream<Uint8Array> {
  const relay = new StreamRelay(options);
  return new ReadableStream<Uint8Array>({
    start: (controller) => relay.start(controller),
    pull: (controller) => relay.pull(controller),
    cancel: () => relay.cancel(),
  });
}

class StreamRelay {
  readonly #options: RelayOptions;
  #pending: string[] | null;
  #prelude: string;
  #kept: KeptStream | undefined;
  #over = false;
  #fellSilent = false;
  #sawToken = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#pending = options.firstBatch;
    this.#prelude = options.prelude;
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { keeper, clock, stopUpstream } = this.#options;
    const kept: KeptStream = {
      lastSentMs: clock.monotonicMs(),
      waitingSinceMs: null,
      sendHeartbeat: () => this.#send(controller, HEARTBEAT),
      giveUp: () => {
        this.#fellSilent = true;
        stopUpstream();
      },
    };
    this.#kept = kept;
    keeper.add(kept);
  }

  /** Sends at least one event, or ends the stream. */
  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      while (!this.#over) {
        const batch = this.#pending ?? (await this.#read());
        this.#pending = null;
        const turn = this.#translate(batch);
        if (turn.data !== "") {
          this.#options.onSent?.(turn.data);
          this.#send(controller, encoder.encode(turn.data));
        }
        if (turn.outcome) return await this.#end(controller, turn.outcome);
        if (turn.data !== "") return;
      }
    } catch (cause) {
      await this.#end(controller, this.#broken(cause));
    }
  }

  async cancel(): Promise<void> {
    this.#options.stopUpstream();
    await this.#end(undefined, { kind: "cancelled" });
  }

  async #read(): Promise<string[] | null> {
    if (this.#kept) this.#kept.waitingSinceMs = this.#options.clock.monotonicMs();
    try {
      return await this.#options.nextBatch();
    } finally {
      if (this.#kept) this.#kept.waitingSinceMs = null;
    }
  }

  /** What a batch gives the client, and the outcome when it ends the stream. `null` is the provider's end. */
  #translate(batch: string[] | null): { data: string; outcome?: StreamOutcome } {
    const { stream, provider } = this.#options;
    let data = this.#prelude;
    this.#prelude = "";
    for (const event of batch ?? []) {
      const step = stream.accept(event);
      if (step.kind === "chunk") {
        data += step.frames;
        if (step.hasToken && !this.#sawToken) {
          this.#sawToken = true;
          this.#options.onFirstToken();
        }
      } else if (step.kind === "done") return { data: data + (step.frames ?? ""), outcome: this.#endOfProvider() };
      else if (step.kind === "failed" || step.kind === "unreadable") {
        if (step.kind === "failed") data += step.frames ?? "";
        const metadata =
          step.kind === "failed" ? { raw: this.#options.withoutKeys(step.message), upstream_status: step.status } : {};
        const error = new GapuraError("provider_stream_broken", { values: { provider }, metadata });
        return { data, outcome: { kind: "failed", error } };
      }
    }
    return batch === null ? { data, outcome: this.#endOfProvider() } : { data };
  }

  /** An end is a good one only when every choice has said why it ended. */
  #endOfProvider(): StreamOutcome {
    return this.#options.stream.isComplete ? { kind: "complete" } : this.#broken(undefined);
  }

  #broken(cause: unknown): StreamOutcome {
    if (this.#options.clientSignal.aborted) return { kind: "cancelled" };
    const values = { provider: this.#options.provider };
    const code = this.#fellSilent ? "provider_timeout" : "provider_stream_broken";
    return { kind: "failed", error: new GapuraError(code, { values, cause }) };
  }

  async #end(
    controller: ReadableStreamDefaultController<Uint8Array> | undefined,
    outcome: StreamOutcome,
  ): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    const { keeper, onEnd, settle, stream, stopUpstream } = this.#options;
    if (this.#kept) keeper.remove(this.#kept);
    let last: string;
    try {
      const billed = await settle(outcome);
      last = outcome.kind === "failed" ? stream.fail(outcome.error) : stream.end(billed);
      if (outcome.kind === "complete") onEnd?.(last);
    } catch (cause) {
      last = stream.fail(new GapuraError("storage_unavailable", { cause }));
    }
    stopUpstream();
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
