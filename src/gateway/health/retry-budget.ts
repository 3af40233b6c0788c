/**
 * Bounds what is sent to providers beyond one attempt for a request, so that trying again never makes an outage worse.
 *
 * Invariant: within any window of ten seconds there are at most a fifth as many extra attempts as there are requests,
 * and at least three. What counts as extra: another attempt at the provider that has just failed, and a hedge.
 */
import { RollingCounts } from "./rolling-counts.ts";

const SHAPE = { sliceMs: 1_000, slices: 10 };
const SHARE = 0.2;
const LEAST = 3;

const REQUESTS = 0;
const EXTRA = 1;

export class RetryBudget {
  readonly #counts = new RollingCounts(SHAPE, 2);

  /** A request has come to the provider for the first time. */
  request(nowMs: number): void {
    this.#counts.add(REQUESTS, nowMs);
  }

  /** True when one more attempt may be made; it is then counted. */
  take(nowMs: number): boolean {
    const allowed = Math.max(LEAST, Math.floor(SHARE * this.#counts.sum(REQUESTS, nowMs)));
    if (this.#counts.sum(EXTRA, nowMs) >= allowed) return false;
    this.#counts.add(EXTRA, nowMs);
    return true;
  }
}
