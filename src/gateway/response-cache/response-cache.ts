/**
 * Answers that may be given again to the same request of the same key, for as long as that request allowed.
 *
 * Invariants: only whole, good answers get in; an answer is found under a name that holds the key's id and the digest
 * of the body, so that no key ever gets another's and no prompt is kept; nothing is written to disk; what is kept never
 * exceeds its bounds, and the one that was not asked for longest goes first.
 * Failure modes: an answer that is too long is not kept; each process has a cache of its own, so that a request which
 * reaches another process is answered anew.
 */
import type { Endpoint } from "../../catalog/catalog.ts";
import type { Clock } from "../../kernel/clock.ts";

export interface CacheBounds {
  /** All answers together, as UTF-8. */
  totalBytes: number;
  entryBytes: number;
  /** What an entry costs beside its text, so that a flood of short answers is bounded too. */
  overheadBytes: number;
}

export const CACHE_BOUNDS: CacheBounds = {
  totalBytes: 64 * 1024 * 1024,
  entryBytes: 2 * 1024 * 1024,
  overheadBytes: 1_024,
};

/** How often what has expired is looked for; until then it takes room and is given to nobody. */
const SWEEP_MS = 30_000;

export interface StoredAnswer {
  /** Of the request that a provider answered. */
  generationId: string;
  endpoint: Endpoint;
  /** The body, or the frames of a stream, as the client got them. */
  text: Uint8Array;
  finishReason: string | null;
  nativeFinishReason: string | null;
  /** Parameters of the request that the provider had no word for. */
  dropped: readonly string[];
}

interface Entry {
  /** Null when it was dropped: the Map may hold the entry for longer (kernel/roster.ts), and the text takes room. */
  answer: StoredAnswer | null;
  storedAtMs: number;
  expiresAtMs: number;
}

export interface FoundAnswer {
  answer: StoredAnswer;
  ageSeconds: number;
  /** Until it is no longer given. */
  leftSeconds: number;
}

export class ResponseCache {
  readonly bounds: CacheBounds;
  readonly #clock: Clock;
  /** The one that was used last stands last. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #sweptAtMs = 0;

  constructor(clock: Clock, bounds = CACHE_BOUNDS) {
    this.#clock = clock;
    this.bounds = bounds;
  }

  get bytes(): number {
    return this.#bytes;
  }

  find(name: string): FoundAnswer | null {
    const nowMs = this.#clock.nowMs();
    this.#sweep(nowMs);
    const entry = this.#entries.get(name);
    if (!entry?.answer || entry.expiresAtMs <= nowMs) return null;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return {
      answer: entry.answer,
      ageSeconds: Math.floor((nowMs - entry.storedAtMs) / 1000),
      leftSeconds: Math.ceil((entry.expiresAtMs - nowMs) / 1000),
    };
  }

  /** Keeps an answer in the place of an older one. One that is too long is not kept. */
  put(name: string, answer: StoredAnswer, ttlSeconds: number): void {
    const nowMs = this.#clock.nowMs();
    this.#sweep(nowMs);
    this.drop(name);
    if (answer.text.length > this.bounds.entryBytes) return;
    this.#entries.set(name, { answer, storedAtMs: nowMs, expiresAtMs: nowMs + ttlSeconds * 1000 });
    this.#bytes += this.#sizeOf(answer);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.bounds.totalBytes) break;
      this.drop(oldest);
    }
  }

  drop(name: string): void {
    const entry = this.#entries.get(name);
    if (!entry?.answer) return;
    this.#entries.delete(name);
    this.#bytes -= this.#sizeOf(entry.answer);
    entry.answer = null;
  }

  #sizeOf({ text }: StoredAnswer): number {
    return text.length + this.bounds.overheadBytes;
  }

  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptAtMs < SWEEP_MS) return;
    this.#sweptAtMs = nowMs;
    for (const [name, { expiresAtMs }] of this.#entries) if (expiresAtMs <= nowMs) this.drop(name);
  }
}
