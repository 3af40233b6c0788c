/** How often calls that name a key were refused in the last minutes, and from where. */
const MINUTE_MS = 60_000;
export const BURST_MINUTES = 5;
/** A program with a key that was disabled tries again a few times; somebody who tries keys does not stop. */
const BURST_FROM = 20;
const TELL_AGAIN_AFTER_MS = 24 * 3_600_000;
const MOST_NETWORKS = 5;

export interface RefusalsState {
  /** `[minute since 1970, how many]`, the last few. */
  minutes: readonly (readonly [number, number])[];
  networks: readonly string[];
  toldAtMs: number | null;
}

export interface Burst {
  count: number;
  networks: readonly string[];
}

export class Refusals {
  #minutes: [number, number][];
  #networks: string[];
  #toldAtMs: number | null;

  constructor(state?: RefusalsState) {
    this.#minutes = (state?.minutes ?? []).map(([minute, count]) => [minute, count]);
    this.#networks = [...(state?.networks ?? [])];
    this.#toldAtMs = state?.toldAtMs ?? null;
  }

  state(): RefusalsState {
    return { minutes: this.#minutes, networks: this.#networks, toldAtMs: this.#toldAtMs };
  }

  /** Counts refused calls. What is worth telling, once a day; else null. */
  add(refused: number, network: string | null, atMs: number): Burst | null {
    const minute = Math.floor(atMs / MINUTE_MS);
    this.#minutes = this.#minutes.filter(([known]) => known > minute - BURST_MINUTES);
    if (this.#minutes.length === 0) this.#networks = [];
    const last = this.#minutes.find(([known]) => known === minute);
    if (last) last[1] += refused;
    else this.#minutes.push([minute, refused]);
    if (network !== null && !this.#networks.includes(network) && this.#networks.length < MOST_NETWORKS) {
      this.#networks.push(network);
    }
    const count = this.#minutes.reduce((sum, [, each]) => sum + each, 0);
    const isTold = this.#toldAtMs !== null && atMs - this.#toldAtMs < TELL_AGAIN_AFTER_MS;
    if (count < BURST_FROM || isTold) return null;
    this.#toldAtMs = atMs;
    return { count, networks: [...this.#networks] };
  }
}
