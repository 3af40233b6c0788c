/**
 * How unusual the use of a key is at this moment. Pure: a profile and the time give evidence, its points a score, and
 * the score a level.
 *
 * Two independent kinds of evidence are needed for an alert: how much is spent, and by whom. A key that spends five times
 * as much from the machines, programs and models that it always had has a busy day; one that spends a little more from a
 * network and a program never seen before has probably been taken along. Only spending that is far out on both the hour
 * and the day is enough by itself.
 */
import type { Evidence } from "../kernel/alerts/facts.ts";
import type { Hours } from "./hours.ts";
import type { Accepted, Profile } from "./profile.ts";
import type { EvidenceKind, Level, Verdict } from "./sample.ts";
import type { Novelty } from "./seen.ts";

const DAY_MS = 86_400_000;
const TEN_MINUTES_MS = 600_000;
/** What came up within this time is new. */
const NEW_FOR_MS = 36 * 3_600_000;
/** A key that is younger has no habits yet. */
const MIN_HISTORY_DAYS = 3;
const MAX_HISTORY_DAYS = 27;
/** Below these sums nothing is worth a word, whatever the ratio. */
const FLOOR_DAY_USD = 0.5;
const FLOOR_HOUR_USD = 0.1;
const FLOOR_QUARTER_USD = 0.05;
const FLOOR_HOUR_CALLS = 6;
/** One dear call is no pace. */
const MIN_QUARTER_CALLS = 5;
/** From so many days with calls on it is known how much their largest hours differ. */
const MIN_BUSY_DAYS = 3;
const NOTICE_FROM = 5;
/** An alert from here on is enough to freeze a key for, where its owner has chosen that. */
export const SURE_FROM_SCORE = 8;
/**
 * How many points of spending make an alert, by the points of identity: the surer it is that somebody else calls, the less
 * they need to have spent.
 */
const ALERT_FROM_VOLUME = [8, 8, 6, 4, 2, 1] as const;
const SURE_FROM_VOLUME = 1;
/** Below it, new things that took the place of the old ones are a move, not a theft: a thief comes in addition. */
const MOVE_BELOW_VOLUME = 5;
const MOVE_POINTS = 2;
/** What its owner has called usual counts as much as what was spent before, and somewhat more is no news. */
const ACCEPTED_SLACK = 1.25;
const ACCEPTED_FOR_MS = 28 * DAY_MS;

const KIND: Record<Evidence["what"], EvidenceKind> = {
  "day-spend": "volume",
  "hour-spend": "volume",
  "hour-calls": "volume",
  "new-network": "identity",
  "new-program": "identity",
  "new-model": "identity",
  "many-networks": "identity",
  "odd-hours": "identity",
};

const QUIET: Verdict = { level: "quiet", score: 0, evidence: [] };

export function judge(profile: Profile, nowMs: number): Verdict {
  const historyDays = Math.min(MAX_HISTORY_DAYS, Math.floor((nowMs - profile.bornMs) / DAY_MS));
  if (historyDays < MIN_HISTORY_DAYS) return QUIET;
  const volume = volumeOf(profile, nowMs, historyDays);
  const identity = identityOf(profile, nowMs, historyDays);
  const evidence = [...volume, ...identity].filter(({ points }) => points > 0);
  return { ...levelOf(evidence), evidence };
}

function levelOf(evidence: readonly Evidence[]): { level: Level; score: number } {
  const points = (kind: EvidenceKind) =>
    evidence.reduce((sum, each) => sum + (KIND[each.what] === kind ? each.points : 0), 0);
  const volume = points("volume");
  const identity =
    volume < MOVE_BELOW_VOLUME && hasMoved(evidence) ? Math.min(MOVE_POINTS, points("identity")) : points("identity");
  const score = volume + identity;
  const needed = ALERT_FROM_VOLUME[identity] ?? SURE_FROM_VOLUME;
  if (volume >= needed) return { level: "alert", score };
  return { level: volume > 0 && score >= NOTICE_FROM ? "notice" : "quiet", score };
}

/** Nothing is left of the networks and programs that were usual. */
function hasMoved(evidence: readonly Evidence[]): boolean {
  return evidence.every((each) => !("share" in each) || each.what === "odd-hours" || each.share > 0.97);
}

function volumeOf({ spending, calls, accepted }: Profile, nowMs: number, historyDays: number): Evidence[] {
  const known = acceptedAt(accepted, nowMs);
  const days = Array.from({ length: historyDays }, (_, index) => spending.day(nowMs, index + 1));
  const largestDay = Math.max(...days, known.dayUsd);
  const today = spending.day(nowMs);
  const dayRatio = today / Math.max(largestDay, FLOOR_DAY_USD);
  const dayPoints = Math.min(stepped(dayRatio, [1.25, 1.7, 2.5, 4, 8]), 1 + Math.floor(robustZ(today, days, 0.2)));
  return [
    { what: "day-spend", points: Math.max(0, dayPoints), usualUsd: median(days), nowUsd: today },
    hourSpend({ spending, calls }, nowMs, { historyDays, acceptedUsd: known.hourUsd }),
    hourCalls(calls, nowMs, { historyDays, accepted: known.hourCalls }),
  ];
}

/**
 * Four looks at the last hour: beside the same hour of other days, the largest hour of all, the largest hour of each day,
 * and for its last quarter the largest quarter of all. A key that bursts is silent in most hours, so that only its largest
 * hours say what is usual; a thief who has just begun shows in a quarter of an hour.
 */
function hourSpend(
  { spending, calls }: Pick<Profile, "spending" | "calls">,
  nowMs: number,
  { historyDays, acceptedUsd }: { historyDays: number; acceptedUsd: number },
): Evidence {
  const lastHour = spending.lastHour(nowMs);
  const same = spending.sameHours(nowMs, historyDays);
  const said = { what: "hour-spend", usualUsd: median(same), nowUsd: lastHour } as const;
  if (lastHour < Math.max(FLOOR_HOUR_USD, ACCEPTED_SLACK * acceptedUsd)) return { ...said, points: 0 };
  const peaks = spending.largestHours(nowMs, historyDays);
  const busyPeaks = peaks.filter((peak) => peak > 0);
  const isBeyondAccepted = lastHour >= 2 * acceptedUsd && busyPeaks.length >= MIN_BUSY_DAYS;
  const quarterUsd = Math.max(spending.largestQuarter(nowMs, historyDays), acceptedUsd, FLOOR_QUARTER_USD);
  const points =
    stepped(robustZ(lastHour, same, 0.35), [2.5, 5]) +
    stepped(lastHour / Math.max(...peaks, acceptedUsd, FLOOR_HOUR_USD), [2, 3, 5, 5, 8, 8]) +
    (isBeyondAccepted ? stepped(robustZ(lastHour, busyPeaks, 0.25), [3, 4.5]) : 0) +
    (calls.lastQuarter(nowMs) < MIN_QUARTER_CALLS ? 0 : stepped(spending.lastQuarter(nowMs) / quarterUsd, [2, 3]));
  return { ...said, points };
}

const NOTHING_ACCEPTED = { dayUsd: 0, hourUsd: 0, hourCalls: 0 };

/** After four weeks it is in the history, if it went on. */
function acceptedAt(accepted: Accepted | null, nowMs: number): Omit<Accepted, "atMs"> {
  return accepted === null || nowMs - accepted.atMs > ACCEPTED_FOR_MS ? NOTHING_ACCEPTED : accepted;
}

/** A key that costs little for each call, or that is called seldom, betrays a thief by the number of calls first. */
function hourCalls(
  calls: Hours,
  nowMs: number,
  { historyDays, accepted }: { historyDays: number; accepted: number },
): Evidence {
  const now = calls.lastHour(nowMs);
  const usual = Math.max(...calls.largestHours(nowMs, historyDays), accepted);
  return { what: "hour-calls", points: stepped(now / Math.max(usual, FLOOR_HOUR_CALLS), [3, 5, 5, 8, 8]), usual, now };
}

function identityOf(profile: Profile, nowMs: number, historyDays: number): Evidence[] {
  const sinceMs = Math.max(nowMs - NEW_FOR_MS, profile.bornMs + DAY_MS);
  const span = { sinceMs, bornMs: profile.bornMs };
  const networks = profile.networks.novelty(nowMs, span);
  const programs = profile.programs.novelty(nowMs, span);
  const models = profile.models.novelty(nowMs, span);
  const told = ({ share, names, usual }: Novelty) => ({ share, names: names.slice(0, 5), usual: usual.slice(0, 5) });
  const atOnce = profile.networks.usedSince(nowMs - TEN_MINUTES_MS);
  return [
    { what: "new-network", points: newness(networks, { most: 2, mainly: 2 / 3 }), ...told(networks) },
    { what: "new-program", points: newness(programs, { most: 3, mainly: 0.5 }), ...told(programs) },
    { what: "new-model", points: newness(models, { most: 1, mainly: 0.5 }), ...told(models) },
    {
      what: "many-networks",
      points: networks.names.length > 0 && atOnce >= 3 ? 1 : 0,
      usual: networks.usual.length,
      now: atOnce,
    },
    oddHours(profile, nowMs, historyDays),
  ];
}

/**
 * Full points where the recent spending is mainly by something new, and new things are rare for this key. New networks need
 * a larger share: machines that are added share the work with the old ones, a thief does not.
 */
function newness({ share, names, newPerDay }: Novelty, { most, mainly }: { most: number; mainly: number }): number {
  if (names.length === 0) return 0;
  const weight = share >= mainly ? most : share >= 0.15 ? most - 1 : 0;
  return newPerDay > 0.5 ? 0 : newPerDay > 0.2 ? Math.min(1, weight) : weight;
}

/** Spending that counts for something at a time of day at which this key has (nearly) always been silent. */
function oddHours({ spending, accepted }: Profile, nowMs: number, historyDays: number): Evidence {
  const known = ACCEPTED_SLACK * acceptedAt(accepted, nowMs).hourUsd;
  const same = spending.sameHours(nowMs, historyDays);
  const busy = same.filter((spent) => spent > 0).length / same.length;
  const now = spending.lastHour(nowMs);
  const isOdd = historyDays >= 7 && busy < 0.04 && now >= Math.max(FLOOR_HOUR_USD, known);
  const largest = Math.max(...spending.largestHours(nowMs, historyDays));
  const points = now >= 1.5 * largest ? 4 : now >= 0.3 * largest ? 3 : 1;
  return { what: "odd-hours", points: isOdd ? points : 0, share: busy };
}

/** How many of the ascending `steps` a value has reached. */
function stepped(value: number, steps: readonly number[]): number {
  return steps.filter((step) => value >= step).length;
}

/**
 * How far a sum is from the usual ones, in robust standard deviations of their logarithms. `floor` keeps a key that
 * always spends the same from being alarmed by a cent.
 */
function robustZ(value: number, usual: readonly number[], floor: number): number {
  const logs = usual.map(logOf);
  const middle = median(logs);
  const spread = Math.max(floor, 1.4826 * median(logs.map((each) => Math.abs(each - middle))));
  return (logOf(value) - middle) / spread;
}

/** Sums of a cent and less are alike. */
function logOf(usd: number): number {
  return Math.log(usd + 0.01);
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
