/** Counters over a sliding window, in constant memory: the window is cut into slices that are forgotten one by one. */

export interface WindowShape {
  sliceMs: number;
  slices: number;
}

/**
 * Counts of several kinds (numbered from zero). What is summed reaches back by the window's length, less up to one
 * slice. Times are monotonic milliseconds; one that lies before the newest slice counts into that.
 */
export class RollingCounts {
  readonly #sliceMs: number;
  readonly #slices: number;
  readonly #kinds: number;
  readonly #counts: Uint32Array;
  #newest = -1;

  constructor({ sliceMs, slices }: WindowShape, kinds: number) {
    this.#sliceMs = sliceMs;
    this.#slices = slices;
    this.#kinds = kinds;
    this.#counts = new Uint32Array(slices * kinds);
  }

  add(kind: number, nowMs: number): void {
    this.#advance(nowMs);
    const place = (this.#newest % this.#slices) * this.#kinds + kind;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }

  sum(kind: number, nowMs: number): number {
    this.#advance(nowMs);
    let sum = 0;
    for (let place = kind; place < this.#counts.length; place += this.#kinds) sum += this.#counts[place] ?? 0;
    return sum;
  }

  clear(): void {
    this.#counts.fill(0);
  }

  #advance(nowMs: number): void {
    const slice = Math.floor(nowMs / this.#sliceMs);
    if (slice <= this.#newest) return;
    for (let passed = Math.max(this.#newest + 1, slice - this.#slices + 1); passed <= slice; passed++) {
      const start = (passed % this.#slices) * this.#kinds;
      this.#counts.fill(0, start, start + this.#kinds);
    }
    this.#newest = slice;
  }
}
