/**
 * Keys in memory, by SHA-256. A hit costs no promise; a miss asks storage once however many requests wait for it.
 *
 * Invariants: a record never replaces one of a higher version, so that a slow look-up cannot bring a revoked key back;
 * `evict` takes effect before it returns, for every secret of the key; entries older than their time to live are asked for again. Unknown hashes are
 * remembered for a moment, in a bounded map of their own, so that a flood of well-formed junk costs few look-ups and
 * throws no good key out.
 */
import type { Clock } from "../../../kernel/clock.ts";
import type { KeyRecord, KeySource } from "../../ports.ts";

const KNOWN_TTL_MS = 60_000;
const UNKNOWN_TTL_MS = 1_000;
const MAX_KNOWN = 1_000_000;
const MAX_UNKNOWN = 10_000;

interface Entry {
  record: KeyRecord;
  freshUntilMs: number;
}

export class KeyCache {
  readonly #source: KeySource;
  readonly #clock: Clock;
  readonly #known = new Map<string, Entry>();
  readonly #unknownUntil = new Map<string, number>();
  readonly #inFlight = new Map<string, Promise<KeyRecord | null>>();
  /** The lowest version of a key that may still be believed, by key id. */
  readonly #floor = new Map<string, number>();

  constructor(source: KeySource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Whether the key with this hash has been looked up, and was there. */
  knows(hash: string): boolean {
    return this.#known.has(hash);
  }

  /** The record, null for a key that does not exist; a promise only when storage must be asked. */
  find(hash: string): KeyRecord | null | Promise<KeyRecord | null> {
    const nowMs = this.#clock.nowMs();
    const entry = this.#known.get(hash);
    if (entry && entry.freshUntilMs > nowMs && this.#isBelieved(entry.record)) return entry.record;
    if ((this.#unknownUntil.get(hash) ?? 0) > nowMs) return null;
    return this.#inFlight.get(hash) ?? this.#load(hash);
  }

  /** Forgets a key whose row changed to `version`; anything older is not believed any more. */
  evict(change: { id: string; hash: string; version: number }): void {
    this.#floor.set(change.id, Math.max(change.version, this.#floor.get(change.id) ?? 0));
    const entry = this.#known.get(change.hash);
    if (entry && entry.record.version < change.version) this.#known.delete(change.hash);
    this.#unknownUntil.delete(change.hash);
    this.#inFlight.delete(change.hash);
  }

  /** A key that was rotated has entries under several hashes, of which a change names one. */
  #isBelieved({ id, version }: KeyRecord): boolean {
    return version >= (this.#floor.get(id) ?? 0);
  }

  #load(hash: string): Promise<KeyRecord | null> {
    const loading = this.#loadFresh(hash).finally(() => {
      if (this.#inFlight.get(hash) === loading) this.#inFlight.delete(hash);
    });
    this.#inFlight.set(hash, loading);
    return loading;
  }

  async #loadFresh(hash: string): Promise<KeyRecord | null> {
    let record = await this.#source.findByHash(hash);
    // The row changed while the look-up was under way: what came back may be the old one.
    if (record && !this.#isBelieved(record)) record = await this.#source.findByHash(hash);
    const nowMs = this.#clock.nowMs();
    if (record === null) {
      this.#known.delete(hash);
      makeRoom(this.#unknownUntil, MAX_UNKNOWN);
      this.#unknownUntil.set(hash, nowMs + UNKNOWN_TTL_MS);
    } else if (this.#isBelieved(record)) {
      makeRoom(this.#known, MAX_KNOWN);
      this.#known.set(hash, { record, freshUntilMs: nowMs + KNOWN_TTL_MS });
    }
    return record;
  }
}

/** Drops the oldest entry when the map is full. */
function makeRoom(map: Map<string, unknown>, limit: number): void {
  if (map.size < limit) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
