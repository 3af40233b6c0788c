/**
 * How well stolen keys are noticed and honest ones left in peace, on traces whose truth is known: our own, from seeds, or
 * a file that somebody else wrote. The detector is the code that runs in production, and sees no label.
 */

import { Gather } from "../src/watch/gather.ts";
import { Watch } from "../src/watch/watch.ts";
import type { Bench, BenchOptions, BenchReport, Figure } from "./figure.ts";
import { median } from "./support/statistics.ts";
import { type LabelledSample, traceOf } from "./watch/generate.ts";
import { judgeKey, type KeyResult, summarize } from "./watch/judge.ts";
import { HELD_OUT, JUDGED_FROM_DAY, type Owner, TUNED } from "./watch/owners.ts";
import type { Loudness } from "./watch/thieves.ts";
import { readTrace } from "./watch/trace-file.ts";

const DAY_MS = 86_400_000;
/** WATCH_SEED takes another, on which nothing was tuned. */
const SEED = Number(process.env.WATCH_SEED ?? 20_260_105);
const KEYS = { full: { tuned: 2_970, heldOut: 1_200 }, quick: { tuned: 198, heldOut: 90 } };
const LOUDNESS: readonly [Loudness, ...Loudness[]] = ["loud", "medium", "slow"];
/** Of a stranger's trace, the part that the detector only learns from: at most four weeks, at least a half. */
const LEARN_SHARE = 0.5;
const SHORTEST_DAYS = 3;
const WATCHED_KEYS = 100;

export const watchBench: Bench = {
  name: "watch",
  summary: "stolen keys that are noticed, and honest ones that are not, on labelled traces",
  run,
};

async function run({ quick, trace, note }: BenchOptions): Promise<BenchReport> {
  if (trace !== null) return { figures: figuresOf("", await judgeFile(trace, note)), broken: [] };
  const keys = KEYS[quick ? "quick" : "full"];
  note(`${keys.tuned} keys of the classes that the rules were tuned on, seed ${SEED}.`);
  const tuned = judgeOwn(TUNED, { count: keys.tuned, isHeldOut: false, seed: SEED });
  note(`${keys.heldOut} keys of classes that were held out.`);
  const heldOut = judgeOwn(HELD_OUT, { count: keys.heldOut, isHeldOut: true, seed: SEED + 1_000_000 });
  return {
    figures: [...figuresOf("", tuned), ...figuresOf("held_out_", heldOut), costOfWatching(quick ? 200_000 : 1_000_000)],
    broken: [],
  };
}

/** Every third key is stolen, by each kind of thief in turn. */
function judgeOwn(
  owners: readonly [Owner, ...Owner[]],
  { count, isHeldOut, seed }: { count: number; isHeldOut: boolean; seed: number },
): KeyResult[] {
  return Array.from({ length: count }, (_, index) => {
    const turn = Math.floor(index / owners.length);
    const { samples } = traceOf({
      keyId: `key-${index}`,
      owner: owners[index % owners.length] ?? owners[0],
      theft: turn % 3 === 0 ? (LOUDNESS[Math.floor(turn / 3) % LOUDNESS.length] ?? null) : null,
      isHeldOut,
      seed: seed + index,
    });
    return judgeKey(samples, JUDGED_FROM_DAY * DAY_MS);
  });
}

async function judgeFile(file: string, note: (line: string) => void): Promise<KeyResult[]> {
  const byKey = await readTrace(file);
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const samples of byKey.values()) {
    firstMs = Math.min(firstMs, samples[0]?.atMs ?? firstMs);
    lastMs = Math.max(lastMs, samples.at(-1)?.atMs ?? lastMs);
  }
  const learnMs = Math.min(JUDGED_FROM_DAY * DAY_MS, (lastMs - firstMs) * LEARN_SHARE);
  if (lastMs - firstMs < SHORTEST_DAYS * DAY_MS) note(`A key without ${SHORTEST_DAYS} days of past is never judged.`);
  note(`${byKey.size} keys; the first ${(learnMs / DAY_MS).toFixed(1)} days of the trace are for learning.`);
  return [...byKey.values()].map((samples) =>
    judgeKey(samples, Math.max(0, firstMs + learnMs - (samples[0]?.atMs ?? 0))),
  );
}

function figuresOf(prefix: string, results: readonly KeyResult[]): Figure[] {
  const { cleanKeyDays, falsePer1000, noticesPer1000, recall, lostShare } = summarize(results);
  const n = Math.round(cleanKeyDays);
  return [
    honestDays(`${prefix}false_per_1000_key_days`, { value: falsePer1000, unit: "alerts", n }),
    honestDays(`${prefix}notices_per_1000_key_days`, { value: noticesPer1000, unit: "notices", n }),
    ...[...recall].sort().flatMap(([label, found]) => {
      const of = (count: number) => count / found.n;
      const delay = found.delayHours.length === 0 ? null : median(found.delayHours);
      return [
        // A loud thief counts as noticed within an hour, the others while they are at it.
        {
          figure: `${prefix}recall_${label}`,
          value: of(label === "loud" ? found.withinHour : found.everAlerted),
          unit: "share",
          n: found.n,
        },
        { figure: `${prefix}noticed_${label}`, value: of(found.everNoticed), unit: "share", n: found.n },
        { figure: `${prefix}delay_${label}_hours`, value: delay, unit: "h", n: found.delayHours.length },
      ];
    }),
    { figure: `${prefix}lost_share`, value: lostShare, unit: "share", n: results.filter(({ theft }) => theft).length },
  ];
}

/** A short trace, or one of thieves alone, has no honest day that is judged. */
function honestDays(figure: string, { value, unit, n }: Pick<Figure, "value" | "unit" | "n">): Figure {
  return n > 0 ? { figure, value, unit, n } : { figure, value: null, unit, n, missing: "no honest day is judged" };
}

/** What one call costs the process when a hundred keys are watched that have a past: summed up, and looked at. */
function costOfWatching(calls: number): Figure {
  const watch = new Watch();
  const gather = new Gather();
  const look = () => {
    for (const use of gather.take()) watch.observe(use);
  };
  const past = Array.from({ length: 20 }, (_, index) =>
    traceOf({ keyId: "", owner: "office", theft: null, isHeldOut: false, seed: SEED + index }),
  );
  let lastMs = 0;
  for (let key = 0; key < WATCHED_KEYS; key++) {
    for (const sample of past[key % past.length]?.samples ?? []) {
      gather.add({ ...sample, keyId: `key-${key}` });
      look();
      lastMs = Math.max(lastMs, sample.atMs);
    }
  }
  const samples: LabelledSample[] = Array.from({ length: WATCHED_KEYS }, (_, key) => {
    const pattern = past[key % past.length]?.samples[0];
    if (pattern === undefined) throw new Error("an owner without a call");
    return { ...pattern, keyId: `key-${key}` };
  });
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call++) {
    const sample = samples[call % samples.length];
    // A hundred calls a second, looked at every two seconds, so that each key is judged as often as one that is busy.
    if (sample) gather.add({ ...sample, atMs: lastMs + call * 10 });
    if (call % 200 === 199) look();
  }
  const { user, system } = process.cpuUsage(before);
  return { figure: "watch_us", value: (user + system) / calls, unit: "µs", n: calls };
}
