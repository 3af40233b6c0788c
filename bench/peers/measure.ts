/** How the candidates of `peers` are asked, and what is read off them meanwhile. */
import type { Figure } from "../figure.ts";
import { LASTING, LASTING_PACE } from "../support/fake-upstream.ts";
import { type Load, runLoad } from "../support/load.ts";
import { cpuMicroseconds, settledResidentKib } from "../support/process-stats.ts";
import { median } from "../support/statistics.ts";
import { readStream } from "../support/stream-client.ts";
import { type Candidate, missing } from "./peer.ts";
import { chatBody, type Work } from "./work.ts";

const CONNECTIONS = 32;
/** Streams that are open at the same time, and how close together they are begun: what the slowest candidate keeps up with. */
const HELD = { streams: 500, everyMs: 12 };
/** A long load, which the slow ones do not finish; the figure's `n` says how far each came. */
const LONG = { requests: 200_000, mostMs: 60_000, step: 2_000 };

interface Sample {
  cpuUs: number;
  perSecond: number;
}

/**
 * As much as each can take, in turns; who goes first changes from round to round. One that fails on the way is told in
 * `failed` and asked no more.
 */
export async function saturate(
  work: Work,
  candidates: readonly Candidate[],
  {
    rounds,
    roundMs,
    failed,
  }: { rounds: number; roundMs: number; failed: (candidate: Candidate, error: unknown) => void },
): Promise<Figure[]> {
  const counts = new Map<string, number>();
  const samples = new Map<string, Sample[]>(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < candidates.length; turn++) {
      const each = candidates[(round + turn) % candidates.length];
      if (each === undefined || !samples.has(each.name)) continue;
      try {
        const sample = await burst(work, each, counts.get(each.name) ?? CONNECTIONS * 4);
        // The first round only finds out how many requests fill the time.
        counts.set(each.name, Math.max(CONNECTIONS * 4, Math.round((sample.perSecond * roundMs) / 1_000)));
        if (round > 0) samples.get(each.name)?.push(sample);
      } catch (error) {
        samples.delete(each.name);
        failed(each, error);
      }
    }
  }
  return [...samples].flatMap(([name, own]) => figuresOf(name, own, { work, samples }));
}

function figuresOf(
  name: string,
  own: readonly Sample[],
  { work, samples }: { work: Work; samples: ReadonlyMap<string, Sample[]> },
): Figure[] {
  const n = own.length;
  // Both within the same round, so that a noisy moment of the machine weighs on both.
  const over = (floor: string) => {
    const others = samples.get(floor);
    if (others === undefined || name === floor) return [];
    const value = median(own.map(({ cpuUs }, index) => cpuUs / (others[index]?.cpuUs ?? Number.NaN)));
    return [{ figure: `${name}_over_${floor}${work.suffix}`, value, unit: "×", n }];
  };
  const middle = (field: keyof Sample) => median(own.map((sample) => sample[field]));
  return [
    { figure: `${name}_cpu_us${work.suffix}`, value: middle("cpuUs"), unit: "µs", n },
    { figure: `${name}_per_second${work.suffix}`, value: middle("perSecond"), unit: "requests/s", n },
    ...over("bun"),
    ...over("nginx"),
  ];
}

async function burst(work: Work, candidate: Candidate, requests: number): Promise<Sample> {
  const { pids } = candidate;
  const before = cpuMicroseconds(pids());
  const { seconds } = await runLoad({ ...loadOf(work, candidate), connections: CONNECTIONS, requests });
  await Bun.sleep(60);
  return { cpuUs: (cpuMicroseconds(pids()) - before) / requests, perSecond: requests / seconds };
}

export function loadOf(
  { body, expected }: Work,
  { url, headers, keys, model }: Candidate,
): Omit<Load, "connections" | "requests"> {
  return { url, headers, ...(keys && { keys }), body: body(model), expected };
}

/** Of many streams that last twenty seconds, all open at once: how many come through whole. */
export async function heldStreams(candidates: readonly Candidate[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, url, headers, model } of candidates) {
    const body = chatBody(model, 1_024, { stream: true, says: LASTING });
    const reading: Promise<boolean>[] = [];
    for (let index = 0; index < HELD.streams; index++) {
      const isWhole = readStream({ url, headers, body }).then(
        ({ isDone, texts }) => isDone && texts.length === LASTING_PACE.chunks,
        () => false,
      );
      reading.push(isWhole);
      await Bun.sleep(HELD.everyMs);
    }
    const value = (await Promise.all(reading)).filter(Boolean).length;
    figures.push({ figure: `${name}_streams_held`, value, unit: "streams", n: HELD.streams });
  }
  return figures;
}

/** Memory behind a long load. */
export async function longLoad(work: Work, candidates: readonly Candidate[], settleMs: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const each of candidates) {
    const untilMs = performance.now() + LONG.mostMs;
    let done = 0;
    try {
      for (; done < LONG.requests && performance.now() < untilMs; done += LONG.step) {
        await runLoad({ ...loadOf(work, each), connections: CONNECTIONS, requests: LONG.step });
      }
    } catch (error) {
      figures.push(missing(`${each.name}_long_rss_mib`, error));
      continue;
    }
    figures.push({ ...(await memory(each, { when: "long", settleMs })), n: done });
  }
  return figures;
}

export async function memory(
  { name, pids }: Candidate,
  { when, settleMs }: { when: "idle" | "loaded" | "long"; settleMs: number },
): Promise<Figure> {
  const figure = `${name}_${when}_rss_mib`;
  try {
    const each = await Promise.all(pids().map((pid) => settledResidentKib(pid, settleMs)));
    return { figure, value: each.reduce((sum, kib) => sum + kib, 0) / 1024, unit: "MiB", n: 1 };
  } catch (error) {
    return { ...missing(figure, error), unit: "MiB" };
  }
}
