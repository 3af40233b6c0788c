/** What a provider's events give the client, in turns that are no longer than a client should be kept waiting for. */
import { GapuraError } from "../../kernel/errors.ts";
import type { StreamTranslator } from "../canonical/dialects.ts";

/**
 * The most that one turn takes up, a single event aside that is longer: 48 KiB at worst, in the scripts whose letters
 * take three bytes. It is all that is written for a client which does not read.
 */
export const MAX_TURN_CHARACTERS = 16 * 1024;

export interface Turn {
  frames: string;
  hasToken: boolean;
  /** How the provider ended the stream; undefined while it has not. */
  end?: { kind: "ended" } | { kind: "failed"; error: GapuraError };
}

export interface TurnsOptions {
  stream: StreamTranslator;
  /** Frames that come before everything else. */
  prelude: string;
  provider: string;
  /** Takes out of a provider's words what may not be shown. */
  withoutKeys(message: string): string;
}

export class Turns {
  readonly #options: TurnsOptions;
  #prelude: string;
  #events: readonly string[] = [];
  #next = 0;
  #isLast = false;

  constructor(options: TurnsOptions, firstBatch: readonly string[]) {
    this.#options = options;
    this.#prelude = options.prelude;
    this.#events = firstBatch;
  }

  /** The provider has to be read before there is another turn. */
  get needsMore(): boolean {
    return this.#next >= this.#events.length && this.#prelude === "" && !this.#isLast;
  }

  /** Takes what the provider said; null for its end. Called only where more is needed. */
  add(batch: readonly string[] | null): void {
    this.#events = batch ?? [];
    this.#next = 0;
    this.#isLast = batch === null;
  }

  take(): Turn {
    const { stream, provider, withoutKeys } = this.#options;
    const turn: Turn = { frames: this.#prelude, hasToken: false };
    this.#prelude = "";
    while (this.#next < this.#events.length && turn.frames.length < MAX_TURN_CHARACTERS) {
      const step = stream.accept(this.#events[this.#next++] ?? "");
      if (step.kind === "nothing") continue;
      if (step.kind === "unreadable") return { ...turn, end: { kind: "failed", error: broken(provider, {}) } };
      turn.frames += step.frames ?? "";
      if (step.kind === "done") return { ...turn, end: { kind: "ended" } };
      if (step.kind === "failed") {
        const metadata = { raw: withoutKeys(step.message), upstream_status: step.status };
        return { ...turn, end: { kind: "failed", error: broken(provider, metadata) } };
      }
      turn.hasToken ||= step.hasToken;
    }
    return this.#isLast && this.#next >= this.#events.length ? { ...turn, end: { kind: "ended" } } : turn;
  }
}

function broken(provider: string, metadata: Record<string, unknown>): GapuraError {
  return new GapuraError("provider_stream_broken", { values: { provider }, metadata });
}
