/** What the detector made of traces whose truth is known. It sees the samples alone; the labels are for counting. */
import { Gather } from "../../src/watch/gather.ts";
import { type Noticed, Watch } from "../../src/watch/watch.ts";
import type { LabelledSample } from "./generate.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** How often calls are summed up and looked at in production. */
const LOOK_EVERY_MS = 2_000;

/** One stolen key. */
export interface TheftResult {
  label: string;
  /** From its first call to the first alert at or after it; null for never. */
  delayMs: number | null;
  /** The same for notices on the dashboard or alerts. */
  noticeDelayMs: number | null;
  stolenUsd: number;
  /** Before the alert. */
  lostUsd: number;
}

export interface KeyResult {
  keyId: string;
  /** Days that count: after the learning, and before a theft. */
  cleanDays: number;
  falseAlerts: number;
  falseNotices: number;
  theft: TheftResult | null;
}

/** Runs one key's samples, in order, through the code that runs in production, in its steps of two seconds. */
export function judgeKey(samples: readonly LabelledSample[], learnMs: number): KeyResult {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) throw new Error("a key without a call");
  const judgedFromMs = first.atMs + learnMs;
  const stolen = samples.find(({ label }) => label !== null);
  const result: KeyResult = {
    keyId: first.keyId,
    cleanDays: Math.max(0, ((stolen ?? last).atMs - judgedFromMs) / DAY_MS),
    falseAlerts: 0,
    falseNotices: 0,
    theft: stolen ? { label: stolen.label ?? "", delayMs: null, noticeDelayMs: null, stolenUsd: 0, lostUsd: 0 } : null,
  };
  const look = lookerOf((noticed, lookedAtMs) => {
    // Its owner was told before.
    if (lookedAtMs < judgedFromMs || noticed.isRepeated) return;
    const { theft } = result;
    if (theft === null || stolen === undefined || lookedAtMs < stolen.atMs) {
      if (noticed.level === "alert") result.falseAlerts++;
      else result.falseNotices++;
      return;
    }
    theft.noticeDelayMs ??= lookedAtMs - stolen.atMs;
    if (noticed.level === "alert") theft.delayMs ??= lookedAtMs - stolen.atMs;
  });
  for (const sample of samples) {
    look.before(sample.atMs);
    look.add(sample);
    const { theft } = result;
    if (theft === null || sample.label === null) continue;
    theft.stolenUsd += sample.costUsd;
    if (theft.delayMs === null) theft.lostUsd += sample.costUsd;
  }
  look.before(Number.POSITIVE_INFINITY);
  return result;
}

/** Sums up and looks as the server does; `onNoticed` hears when. */
function lookerOf(onNoticed: (noticed: Noticed, lookedAtMs: number) => void) {
  const watch = new Watch();
  const gather = new Gather();
  let dueMs: number | null = null;
  return {
    /** Looks at everything that is to be looked at before this time. */
    before: (atMs: number) => {
      if (dueMs === null || atMs < dueMs) return;
      for (const use of gather.take()) {
        const { noticed } = watch.observe(use);
        if (noticed !== null) onNoticed(noticed, dueMs);
      }
      dueMs = null;
    },
    add: (sample: LabelledSample) => {
      dueMs ??= (Math.floor(sample.atMs / LOOK_EVERY_MS) + 1) * LOOK_EVERY_MS;
      gather.add(sample);
    },
  };
}

export interface Summary {
  cleanKeyDays: number;
  falsePer1000: number;
  noticesPer1000: number;
  /** By label: how many, and the share that was alerted in time. */
  recall: Map<
    string,
    { n: number; withinHour: number; everAlerted: number; everNoticed: number; delayHours: number[] }
  >;
  lostShare: number;
}

export function summarize(results: readonly KeyResult[]): Summary {
  const sum = (value: (result: KeyResult) => number) => results.reduce((total, each) => total + value(each), 0);
  const cleanKeyDays = sum(({ cleanDays }) => cleanDays);
  const recall: Summary["recall"] = new Map();
  for (const { theft } of results) {
    if (theft === null) continue;
    const found = recall.get(theft.label) ?? { n: 0, withinHour: 0, everAlerted: 0, everNoticed: 0, delayHours: [] };
    found.n++;
    if (theft.delayMs !== null) {
      found.everAlerted++;
      found.delayHours.push(theft.delayMs / HOUR_MS);
      if (theft.delayMs <= HOUR_MS) found.withinHour++;
    }
    if (theft.noticeDelayMs !== null) found.everNoticed++;
    recall.set(theft.label, found);
  }
  return {
    cleanKeyDays,
    falsePer1000: (1_000 * sum(({ falseAlerts }) => falseAlerts)) / cleanKeyDays,
    noticesPer1000: (1_000 * sum(({ falseNotices }) => falseNotices)) / cleanKeyDays,
    recall,
    lostShare:
      sum(({ theft }) => theft?.lostUsd ?? 0) /
      Math.max(
        1e-9,
        sum(({ theft }) => theft?.stolenUsd ?? 0),
      ),
  };
}
