/**
 * Watches how keys are used, and says when one is used in a way that it never was: the third tip of the guide as a
 * feature. Every call is a sample; a key is judged when something about it is new, and else every few minutes while it is
 * used.
 *
 * Invariants: constant memory for each key and at most `maxKeys` of them; nothing here waits, throws or does I/O; a
 * verdict of a level is told once in 24 hours, and again only when it becomes louder.
 * Failure modes: a key that was forgotten (too many others since) begins to learn anew, and is quiet meanwhile.
 */
import { Profile, type ProfileState } from "./profile.ts";
import type { Sample, Verdict } from "./sample.ts";
import { judge } from "./score.ts";

const JUDGE_EVERY_MS = 2 * 60_000;
/** For something new: at once, but not for each of a hundred new things. */
const JUDGE_NEWS_EVERY_MS = 20_000;
const TELL_AGAIN_AFTER_MS = 24 * 3_600_000;
const MAX_KEYS = 50_000;

export interface Noticed extends Verdict {
  level: "notice" | "alert";
  keyId: string;
  atMs: number;
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

  /** Counts a call. What is worth telling its owner, or null. */
  observe(sample: Sample): Noticed | null {
    const profile = this.#profileOf(sample);
    const hasNews = profile.add(sample);
    const sinceMs = sample.atMs - profile.judgedAtMs;
    if (sinceMs < (hasNews ? JUDGE_NEWS_EVERY_MS : JUDGE_EVERY_MS)) return null;
    profile.judgedAtMs = sample.atMs;
    return tell(profile, sample.keyId, { verdict: judge(profile, sample.atMs), atMs: sample.atMs });
  }

  /** How the key is used now, told or not; undefined for one that is not known. */
  verdict(keyId: string, nowMs: number): Verdict | undefined {
    const profile = this.#profiles.get(keyId);
    return profile && judge(profile, nowMs);
  }

  /** "It was me": everything that the key was used with is usual from now on. */
  learn(keyId: string): void {
    this.#profiles.get(keyId)?.learn();
  }

  forget(keyId: string): void {
    this.#profiles.delete(keyId);
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

  #profileOf({ keyId, atMs }: Sample): Profile {
    const known = this.#profiles.get(keyId);
    if (known !== undefined) return known;
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

function tell(profile: Profile, keyId: string, { verdict, atMs }: { verdict: Verdict; atMs: number }): Noticed | null {
  const { level } = verdict;
  if (level === "quiet") return null;
  const isRecent = profile.toldAtMs !== null && atMs - profile.toldAtMs < TELL_AGAIN_AFTER_MS;
  if (isRecent && (profile.toldLevel === "alert" || level === "notice")) return null;
  profile.toldAtMs = atMs;
  profile.toldLevel = level;
  return { ...verdict, level, keyId, atMs };
}
