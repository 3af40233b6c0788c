/**
 * Watches how keys are used, and says when one is used in a way that it never was: the third tip of the guide as a
 * feature. What `gather.ts` has summed up of a few seconds is a use; a key is judged when something about it is new, and
 * else every few minutes while it is used.
 *
 * Invariants: constant memory for each key and at most `maxKeys` of them; nothing here waits, throws or does I/O; a
 * verdict of a level is told once in 24 hours, and again only when it becomes louder or sure.
 * Failure modes: a key that was forgotten (too many others since) begins to learn anew, and is quiet meanwhile.
 */
import { Profile, type ProfileState, type Told } from "./profile.ts";
import type { Burst } from "./refusals.ts";
import type { Use, Verdict } from "./sample.ts";
import { judge, SURE_FROM_SCORE } from "./score.ts";

const JUDGE_EVERY_MS = 2 * 60_000;
/** For something new: at once, but not for each of a hundred new things; and as long as something looks odd. */
const JUDGE_NEWS_EVERY_MS = 20_000;
const ODD_FROM_SCORE = 3;
const TELL_AGAIN_AFTER_MS = 24 * 3_600_000;
const MAX_KEYS = 50_000;
const DAY_MS = 24 * 3_600_000;
/** A key that was silent for longer sleeps. */
const DORMANT_AFTER_MS = 30 * DAY_MS;

export interface Noticed extends Verdict {
  level: "notice" | "alert";
  keyId: string;
  atMs: number;
  /** An alert of this time was told before it was sure. */
  isRepeated: boolean;
}

/** What a use gave rise to. */
export interface Observed {
  /** How unusual it is, where that is worth telling. */
  noticed: Noticed | null;
  burst: Burst | null;
  /** For a key that had slept: for how many days. */
  wokeAfterDays: number | null;
}

export class Watch {
  readonly #profiles = new Map<string, Profile>();
  readonly #maxKeys: number;

  constructor({ maxKeys = MAX_KEYS }: { maxKeys?: number } = {}) {
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#profiles.size;
  }

  /**
   * Counts a use. `noticed` is what is worth telling its owner. `usedBeforeMs` is when a key that is not known here was used
   * last, or made.
   */
  observe(use: Use, usedBeforeMs = use.atMs): Observed {
    const known = this.#profiles.get(use.keyId);
    const profile = known ?? this.#begin(use);
    const burst = use.refused === 0 ? null : profile.refusals.add(use.refused, use.network, use.atMs);
    if (use.calls === 0) return { noticed: null, burst, wokeAfterDays: null };
    const silentMs = use.atMs - (known === undefined ? usedBeforeMs : known.lastMs);
    const wokeAfterDays = silentMs > DORMANT_AFTER_MS ? Math.floor(silentMs / DAY_MS) : null;
    return { noticed: this.#judged(profile, use), burst, wokeAfterDays };
  }

  #judged(profile: Profile, use: Use): Noticed | null {
    const hasNews = profile.add(use);
    const sinceMs = use.atMs - profile.judgedAtMs;
    if (sinceMs < (hasNews || profile.isOdd ? JUDGE_NEWS_EVERY_MS : JUDGE_EVERY_MS)) return null;
    profile.judgedAtMs = use.atMs;
    const verdict = judge(profile, use.atMs);
    profile.isOdd = verdict.score >= ODD_FROM_SCORE;
    return tell(profile, use.keyId, { verdict, atMs: use.atMs });
  }

  /** How the key is used now, told or not; undefined for one that is not known. */
  verdict(keyId: string, nowMs: number): Verdict | undefined {
    const profile = this.#profiles.get(keyId);
    return profile && judge(profile, nowMs);
  }

  /** "It was me": everything that the key was used with, and how much, is usual from now on. */
  learn(keyId: string, nowMs: number): void {
    this.#profiles.get(keyId)?.learn(nowMs);
  }

  has(keyId: string): boolean {
    return this.#profiles.has(keyId);
  }

  forget(keyId: string): void {
    this.#profiles.delete(keyId);
  }

  forgetAll(): void {
    this.#profiles.clear();
  }

  /** Those that have been silent for longest, beyond so many. */
  beyond(mostKeys: number): string[] {
    const excess = this.#profiles.size - mostKeys;
    if (excess <= 0) return [];
    return [...this.#profiles]
      .sort(([, one], [, other]) => one.lastMs - other.lastMs)
      .slice(0, excess)
      .map(([keyId]) => keyId);
  }

  /** For keeping across a restart; undefined for a key that is not known. */
  state(keyId: string): ProfileState | undefined {
    return this.#profiles.get(keyId)?.state();
  }

  /** Takes over what was kept. A profile that has grown meanwhile wins. */
  restore(keyId: string, state: ProfileState): void {
    if (this.#profiles.has(keyId)) return;
    this.#profiles.set(keyId, new Profile(state.lastMs, state));
  }

  #begin({ keyId, atMs }: Use): Profile {
    if (this.#profiles.size >= this.#maxKeys) this.#forgetOne();
    const profile = new Profile(atMs);
    this.#profiles.set(keyId, profile);
    return profile;
  }

  /** The one that has been silent for longest among the first few, which is near enough and costs nothing. */
  #forgetOne(): void {
    let oldest: [string, number] | undefined;
    let looked = 0;
    for (const [keyId, { lastMs }] of this.#profiles) {
      if (oldest === undefined || lastMs < oldest[1]) oldest = [keyId, lastMs];
      if (++looked === 32) break;
    }
    if (oldest !== undefined) this.#profiles.delete(oldest[0]);
  }
}

const LOUDNESS: readonly Told[] = ["notice", "alert", "sure"];

function tell(profile: Profile, keyId: string, { verdict, atMs }: { verdict: Verdict; atMs: number }): Noticed | null {
  const { level, score } = verdict;
  if (level === "quiet") return null;
  const now: Told = level === "alert" && score >= SURE_FROM_SCORE ? "sure" : level;
  const isRecent = profile.toldAtMs !== null && atMs - profile.toldAtMs < TELL_AGAIN_AFTER_MS;
  const before = isRecent ? profile.toldLevel : null;
  if (before !== null && LOUDNESS.indexOf(now) <= LOUDNESS.indexOf(before)) return null;
  const isRepeated = before === "alert";
  // A day is counted from when its owner was told.
  if (!isRepeated) profile.toldAtMs = atMs;
  profile.toldLevel = now;
  return { ...verdict, level, keyId, atMs, isRepeated };
}
