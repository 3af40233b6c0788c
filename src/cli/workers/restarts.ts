/** How soon a process that ended by itself is started again. */

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 30_000;
/** Whoever has lived for so long has not ended because of how it was started. */
const STEADY_AFTER_MS = 60_000;

export class Restarts {
  #failures = 0;

  /** The wait until the next start, after a life of so many milliseconds: at once after a long one, longer each time else. */
  delayMs(livedMs: number): number {
    if (livedMs >= STEADY_AFTER_MS) this.#failures = 0;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    this.#failures++;
    return delayMs;
  }
}
