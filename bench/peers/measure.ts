/** How the candidates of `peers` are asked, and what is read off them meanwhile. */
import type { Figure } from "../figure.ts";
import { LASTING, LASTING_PACE } from "../support/fake-upstream.ts";
import { type Load, runLoad } from "../support/load.ts";
import { cpuMicroseconds, settledResidentKib } from "../support/process-stats.ts";
import { runAtRate } from "../support/rate-load.ts";
import { median, percentile } from "../support/statistics.ts";
import { readStream } from "../support/stream-client.ts";
import type { Candidate } from "./peer.ts";
import { chatBody, type Work } from "./work.ts";

const CONNECTIONS = 32;
/** What the slowest candidate answers without a queue. */
const RATE = { perSecond: 40, requests: 400 };
const STREAM_RATE = { perSecond: 15, requests: 150 };
/** Streams that are open at the same time, and how close together they are begun: what the slowest candidate keeps up with. */
const HELD = { streams: 500, everyMs: 12 };
/** A long load, which the slow ones do not finish; the figure's `n` says how far each came. */
const LONG = { requests: 200_000, mostMs: 60_000, step: 2_000 };

interface Sample {
  cpuUs: number;
  perSecond: number;
}

/** As much as each can take, in turns; who goes first changes from round to round. */
export async function saturate(
  work: Work,
  candidates: readonly Candidate[],
  { rounds, roundMs }: { rounds: number; roundMs: number },
): Promise<Figure[]> {
  const counts = new Map<string, number>();
  const samples = new Map<string, Sample[]>(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < candidates.length; turn++) {
      const each = candidates[(round + turn) % candidates.length];
      if (each === undefined) continue;
      const sample = await burst(work, each, counts.get(each.name) ?? CONNECTIONS * 4);
      // The first round only finds out how many requests fill the time.
      counts.set(each.name, Math.max(CONNECTIONS * 4, Math.round((sample.perSecond * roundMs) / 1_000)));
      if (round > 0 || rounds === 1) samples.get(each.name)?.push(sample);
    }
  }
  const floor = samples.get("bun") ?? [];
  return candidates.flatMap(({ name }) => {
    const own = samples.get(name) ?? [];
    const n = own.length;
    const ratio = median(own.map(({ cpuUs }, index) => cpuUs / (floor[index]?.cpuUs ?? Number.NaN)));
    return [
      { figure: `${name}_cpu_us${work.suffix}`, value: median(own.map(({ cpuUs }) => cpuUs)), unit: "µs", n },
      {
        figure: `${name}_per_second${work.suffix}`,
        value: median(own.map(({ perSecond }) => perSecond)),
        unit: "requests/s",
        n,
      },
      ...(name === "bun" ? [] : [{ figure: `${name}_over_bun${work.suffix}`, value: ratio, unit: "×", n }]),
    ];
  });
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

/** The provider itself, asked without a gateway. */
export function directly(upstream: string): Pick<Candidate, "url" | "headers" | "model"> {
  const headers = { "content-type": "application/json", authorization: "Bearer sk-bench" };
  return { url: `${upstream}/v1/chat/completions`, headers, model: "gpt-3.5-turbo" };
}

export async function addedLatency(
  candidates: readonly Candidate[],
  direct: Pick<Candidate, "url" | "headers" | "model">,
) {
  const floor = await runAtRate({ ...direct, ...RATE, body: chatBody(direct.model, 1_024) });
  const figures: Figure[] = [];
  for (const { name, url, headers, model } of candidates) {
    const { wholeMs, failed } = await runAtRate({ url, headers, ...RATE, body: chatBody(model, 1_024) });
    const n = wholeMs.length;
    for (const [label, share] of [
      ["p50", 0.5],
      ["p99", 0.99],
    ] as const) {
      const value = percentile(wholeMs, share) - percentile(floor.wholeMs, share);
      figures.push({ figure: `${name}_added_${label}_ms`, value, unit: "ms", n });
    }
    if (failed > 0) figures.push({ figure: `${name}_failed`, value: failed, unit: "requests", n: RATE.requests });
  }
  return figures;
}

export async function addedFirstToken(
  candidates: readonly Candidate[],
  direct: Pick<Candidate, "url" | "headers" | "model">,
) {
  const ask = ({ url, headers, model }: Pick<Candidate, "url" | "headers" | "model">) =>
    runAtRate({ url, headers, ...STREAM_RATE, body: chatBody(model, 1_024, { stream: true }) });
  const floor = await ask(direct);
  const figures: Figure[] = [];
  for (const each of candidates) {
    const { firstByteMs } = await ask(each);
    const value = percentile(firstByteMs, 0.5) - percentile(floor.firstByteMs, 0.5);
    figures.push({ figure: `${each.name}_added_first_token_ms`, value, unit: "ms", n: firstByteMs.length });
  }
  return figures;
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
    for (; done < LONG.requests && performance.now() < untilMs; done += LONG.step) {
      await runLoad({ ...loadOf(work, each), connections: CONNECTIONS, requests: LONG.step });
    }
    figures.push({ ...(await memory(each, { when: "long", settleMs })), n: done });
  }
  return figures;
}

export async function memory(
  { name, pids }: Candidate,
  { when, settleMs }: { when: "idle" | "loaded" | "long"; settleMs: number },
): Promise<Figure> {
  const each = await Promise.all(pids().map((pid) => settledResidentKib(pid, settleMs)));
  const value = each.reduce((sum, kib) => sum + kib, 0) / 1024;
  return { figure: `${name}_${when}_rss_mib`, value, unit: "MiB", n: 1 };
}
