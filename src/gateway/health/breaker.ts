/**
 * Keeps requests away from what is failing, and lets one at a time see whether it works again.
 *
 * Closed, it counts; at half or more failures of ten or more within ten seconds it opens. Open, it lets nobody through
 * for a time that is drawn at random up to a bound (full jitter) which doubles with each opening. Then it is half open:
 * one request at a time is let through as a probe. A good probe closes it, a bad one opens it again, and one that ends
 * without saying anything (the client left) leaves its place to the next.
 *
 * Invariants: only failures of the provider are reported here, never a client's own (verdict.ts judges); failures of one
 * account alone open nothing while another account is being answered; at most one probe is under way.
 */
import { RollingCounts } from "./rolling-counts.ts";

const SLICE_MS = 1_000;
const SLICES = 10;
const WINDOW_MS = SLICE_MS * SLICES;
const LEAST_REQUESTS = 10;
const FAILED_SHARE = 0.5;
const FIRST_OPEN_MS = 2_000;
const LONGEST_OPEN_MS = 60_000;
/** So that full jitter never means no rest at all. */
const SHORTEST_OPEN_MS = 500;
/** After so long without an opening the next one is short again. */
const FORGIVEN_AFTER_MS = 60_000;
/** No attempt takes so long to begin; a probe of which nothing is heard by then must not keep everybody out. */
const PROBE_LOST_MS = 30 * 60_000;

const BEGUN = 0;
const FAILED = 1;
const BROKEN = 2;

/** `probe` is handed to whoever may go through as the only one, and must be reported on by the same number. */
export type Admission = { kind: "closed" } | { kind: "probe"; probe: number } | { kind: "blocked"; untilMs: number };

/** Who a request is for, when it was, and which probe it was if it was one. */
export interface Report {
  account: string;
  nowMs: number;
  probe: number | null;
}

export class Breaker {
  readonly #window = new RollingCounts({ sliceMs: SLICE_MS, slices: SLICES }, 3);
  readonly #answeredTo = new LastTwo();
  readonly #failedTo = new LastTwo();
  #openUntilMs: number | null = null;
  #probe: number | null = null;
  #probeSinceMs = 0;
  #probes = 0;
  /** Openings in a row. */
  #openings = 0;
  #lastChangeMs = 0;

  /** What would happen to a request now; changes nothing. */
  blockedUntil(nowMs: number): number | null {
    if (this.#openUntilMs === null) return null;
    if (nowMs < this.#openUntilMs) return this.#openUntilMs;
    return this.#probe === null || nowMs - this.#probeSinceMs > PROBE_LOST_MS ? null : nowMs + SHORTEST_OPEN_MS;
  }

  enter(nowMs: number): Admission {
    const untilMs = this.blockedUntil(nowMs);
    if (untilMs !== null) return { kind: "blocked", untilMs };
    if (this.#openUntilMs === null) return { kind: "closed" };
    this.#probe = ++this.#probes;
    this.#probeSinceMs = nowMs;
    return { kind: "probe", probe: this.#probe };
  }

  /** The provider has begun to answer. */
  answered({ account, nowMs, probe }: Report): void {
    this.#window.add(BEGUN, nowMs);
    this.#answeredTo.note(account, nowMs);
    if (!this.#endProbe(probe)) return;
    this.#openUntilMs = null;
    this.#lastChangeMs = nowMs;
    this.#window.clear();
  }

  /** The provider failed instead of answering. `random` is from 0 to 1. */
  failed(report: Report, random: number): void {
    this.#failed(FAILED, report, random);
  }

  /** An answer that had begun, and was reported as that, broke off. `random` is from 0 to 1. */
  broke(report: Omit<Report, "probe">, random: number): void {
    this.#failed(BROKEN, { ...report, probe: null }, random);
  }

  /** The request ended without saying anything about the provider. */
  ended(probe: number | null): void {
    this.#endProbe(probe);
  }

  #failed(how: number, { account, nowMs, probe }: Report, random: number): void {
    this.#window.add(how, nowMs);
    this.#failedTo.note(account, nowMs);
    if (this.#endProbe(probe) || (this.#openUntilMs === null && this.#hasFailedTooOften(account, nowMs))) {
      this.#open(nowMs, random);
    }
  }

  #endProbe(probe: number | null): boolean {
    if (probe === null || probe !== this.#probe) return false;
    this.#probe = null;
    return true;
  }

  #hasFailedTooOften(account: string, nowMs: number): boolean {
    const failed = this.#window.sum(FAILED, nowMs);
    const broken = this.#window.sum(BROKEN, nowMs);
    // What broke off may have begun before the window.
    const all = failed + Math.max(broken, this.#window.sum(BEGUN, nowMs));
    if (all < LEAST_REQUESTS || failed + broken < all * FAILED_SHARE) return false;
    const sinceMs = nowMs - WINDOW_MS;
    return this.#failedTo.hasOther(account, sinceMs) || !this.#answeredTo.hasOther(account, sinceMs);
  }

  #open(nowMs: number, random: number): void {
    if (this.#openUntilMs === null && nowMs - this.#lastChangeMs > FORGIVEN_AFTER_MS) this.#openings = 0;
    const bound = Math.min(LONGEST_OPEN_MS, FIRST_OPEN_MS * 2 ** this.#openings);
    this.#openings = Math.min(this.#openings + 1, 10);
    this.#openUntilMs = nowMs + Math.max(SHORTEST_OPEN_MS, random * bound);
    this.#lastChangeMs = nowMs;
  }
}

/** The two accounts that were last seen, and when: enough to know of any account whether there is another. */
class LastTwo {
  #last: { account: string; atMs: number } | undefined;
  #before: { account: string; atMs: number } | undefined;

  note(account: string, atMs: number): void {
    if (this.#last?.account === account) {
      this.#last.atMs = atMs;
      return;
    }
    this.#before = this.#last;
    this.#last = { account, atMs };
  }

  hasOther(account: string, sinceMs: number): boolean {
    const other = this.#last?.account === account ? this.#before : this.#last;
    return other !== undefined && other.atMs >= sinceMs;
  }
}
