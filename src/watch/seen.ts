/**
 * Which networks, programs or models a key has been used with: a bounded set that remembers since when each is known and
 * how much of the recent spending is its.
 */

/** More than this many are not told apart: the one that was used longest ago is forgotten. */
const MAX_NAMES = 64;
/** Spending counts for half after this time, so that a share speaks of the last hours. */
const HALF_LIFE_MS = 2 * 3_600_000;
/** So that calls without a price count for something. */
const WEIGHT_OF_CALL = 1e-6;
const DAY_MS = 86_400_000;

interface Seen {
  firstMs: number;
  lastMs: number;
  /** Of the spending, decayed to `lastMs`. */
  weight: number;
}

export interface Novelty {
  /** Of the recent spending, 0 to 1. */
  share: number;
  names: readonly string[];
  /** The names known for longer, in the order in which they came. */
  usual: readonly string[];
  /** How many names were new on an ordinary day of the past. */
  newPerDay: number;
}

export interface SeenState {
  /** `[name, firstMs, lastMs, weight]`. */
  entries: readonly (readonly [string, number, number, number])[];
}

export class SeenSet {
  readonly #seen = new Map<string, Seen>();

  static from(state: SeenState): SeenSet {
    const set = new SeenSet();
    for (const [name, firstMs, lastMs, weight] of state.entries) set.#seen.set(name, { firstMs, lastMs, weight });
    return set;
  }

  get size(): number {
    return this.#seen.size;
  }

  state(): SeenState {
    return { entries: [...this.#seen].map(([name, { firstMs, lastMs, weight }]) => [name, firstMs, lastMs, weight]) };
  }

  /** Counts one use. True where the name was not known. */
  add(name: string, costUsd: number, atMs: number): boolean {
    const known = this.#seen.get(name);
    if (known !== undefined) {
      known.weight = decayed(known, atMs) + costUsd + WEIGHT_OF_CALL;
      known.lastMs = Math.max(atMs, known.lastMs);
      return false;
    }
    if (this.#seen.size >= MAX_NAMES) this.#forgetOldest();
    this.#seen.set(name, { firstMs: atMs, lastMs: atMs, weight: costUsd + WEIGHT_OF_CALL });
    return true;
  }

  /** What is new since `sinceMs` in a set that has been filled since `bornMs`. */
  novelty(nowMs: number, { sinceMs, bornMs }: { sinceMs: number; bornMs: number }): Novelty {
    let fresh = 0;
    let whole = 0;
    let cameLater = 0;
    const names: string[] = [];
    const usual: string[] = [];
    for (const [name, seen] of this.#seen) {
      const weight = decayed(seen, nowMs);
      whole += weight;
      if (seen.firstMs >= sinceMs) {
        fresh += weight;
        names.push(name);
        continue;
      }
      usual.push(name);
      if (seen.firstMs > bornMs + DAY_MS) cameLater++;
    }
    const days = Math.max(1, (sinceMs - bornMs) / DAY_MS - 1);
    return { share: whole === 0 ? 0 : fresh / whole, names, usual, newPerDay: cameLater / days };
  }

  /** How many names were used since `sinceMs`. */
  usedSince(sinceMs: number): number {
    let count = 0;
    for (const { lastMs } of this.#seen.values()) if (lastMs >= sinceMs) count++;
    return count;
  }

  /** Takes every name for an old acquaintance: its owner has said that it is. */
  learn(bornMs: number): void {
    for (const seen of this.#seen.values()) seen.firstMs = bornMs;
  }

  #forgetOldest(): void {
    let oldest: [string, Seen] | undefined;
    for (const entry of this.#seen) if (oldest === undefined || entry[1].lastMs < oldest[1].lastMs) oldest = entry;
    if (oldest !== undefined) this.#seen.delete(oldest[0]);
  }
}

function decayed({ weight, lastMs }: Seen, nowMs: number): number {
  return nowMs <= lastMs ? weight : weight * 2 ** ((lastMs - nowMs) / HALF_LIFE_MS);
}
