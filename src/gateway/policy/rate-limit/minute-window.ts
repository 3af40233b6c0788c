/**
 * What happened within the last minute, in whole seconds: a count of requests and one of tokens. Takes the same memory
 * however much happens. Pure: the time is an argument.
 *
 * Invariant: at no moment is less counted than happened in the sixty seconds before it; up to one second more may be.
 */
const WINDOW_SECONDS = 60;
/** The seconds of the window, and the one that is not over yet. */
const PLACES = WINDOW_SECONDS + 1;

export class MinuteWindow {
  readonly #requests = new Int32Array(PLACES);
  readonly #tokens = new Float64Array(PLACES);
  /** The newest second that was counted in. */
  #second = Number.NEGATIVE_INFINITY;
  requests = 0;
  tokens = 0;

  /** Forgets what is a minute old. `nowMs` never goes back. */
  turn(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    const passed = Math.min(second - this.#second, PLACES);
    for (let step = 1; step <= passed; step++) this.#clear(placeOf(second - passed + step));
    if (passed > 0) this.#second = second;
  }

  /** Counts in the present second, to which the window has been turned; returns it, for a later correction. */
  add(requests: number, tokens: number): number {
    const place = placeOf(this.#second);
    this.#requests[place] = (this.#requests[place] ?? 0) + requests;
    this.#tokens[place] = (this.#tokens[place] ?? 0) + tokens;
    this.requests += requests;
    this.tokens += tokens;
    return this.#second;
  }

  /** Counts tokens of a former second more or less than was thought; of one that is forgotten, nothing. */
  correct(second: number, tokens: number): void {
    if (second <= this.#second - PLACES) return;
    const place = placeOf(second);
    this.#tokens[place] = (this.#tokens[place] ?? 0) + tokens;
    this.tokens += tokens;
  }

  /** Milliseconds until no more than so many requests, and tokens, are counted. */
  waitMs(nowMs: number, most: { requests: number; tokens: number }): number {
    let requests = this.requests;
    let tokens = this.tokens;
    let second = this.#second - WINDOW_SECONDS;
    while (requests > most.requests || tokens > most.tokens) {
      const place = placeOf(second);
      requests -= this.#requests[place] ?? 0;
      tokens -= this.#tokens[place] ?? 0;
      second++;
      if (second > this.#second) break;
    }
    return Math.max(0, (second + WINDOW_SECONDS) * 1000 - nowMs);
  }

  #clear(place: number): void {
    this.requests -= this.#requests[place] ?? 0;
    this.tokens -= this.#tokens[place] ?? 0;
    this.#requests[place] = 0;
    this.#tokens[place] = 0;
  }
}

function placeOf(second: number): number {
  return ((second % PLACES) + PLACES) % PLACES;
}
