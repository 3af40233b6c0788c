/**
 * What a second process on the same port brings: throughput and CPU time of chat requests with one worker and with two,
 * with everything on. Both run at once and take turns within each round.
 */
import type { Bench, BenchOptions, BenchReport, Figure } from "./figure.ts";
import { FAKE_ANSWER } from "./support/fake-upstream.ts";
import {
  CHAT_PATH,
  chatBody,
  clientHeaders,
  connectedTo,
  countOf,
  createKey,
  RICH,
  readDatabase,
  startGapura,
} from "./support/gapura-server.ts";
import { keepRun } from "./support/history.ts";
import { runLoad } from "./support/load.ts";
import { cpuMicroseconds, descendantsOf, requireProc } from "./support/process-stats.ts";
import { makeFolder } from "./support/processes.ts";
import { median, percentile } from "./support/statistics.ts";
import { startUpstream } from "./support/surroundings.ts";

const BODY_BYTES = 1024;
const ANSWER_BYTES = 1024;
const CONNECTIONS = 32;
/** For each worker, so that its code is compiled. */
const WARM_UP_REQUESTS = { full: 40_000, quick: 4_000 };
const COUNTS = [1, 2] as const;

export const workersBench: Bench = {
  name: "workers",
  summary: "throughput and CPU time with one process and with two on one port",
  run,
};

interface Target {
  workers: number;
  url: string;
  dataDir: string;
  headers: Record<string, string>;
  pids: number[];
}

interface Sample {
  perSecond: number;
  cpuUs: number;
  p99Ms: number;
}

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  requireProc();
  const { rounds, requests } = quick ? { rounds: 3, requests: 2_000 } : { rounds: 11, requests: 8_000 };
  const upstream = await startUpstream({ answerBytes: ANSWER_BYTES });
  const targets: Target[] = [];
  for (const workers of COUNTS) targets.push(await startTarget(workers, upstream.url));
  const load = { body: chatBody(BODY_BYTES), expected: FAKE_ANSWER, connections: CONNECTIONS };
  const warmUp = WARM_UP_REQUESTS[quick ? "quick" : "full"];
  for (const { url, headers, workers } of targets) await runLoad({ ...load, url, headers, requests: warmUp * workers });
  note(`${rounds} rounds of ${requests} requests at ${CONNECTIONS} connections; the load has no core of its own.`);
  const samples = new Map<number, Sample[]>(COUNTS.map((workers) => [workers, []]));
  for (let index = 0; index < rounds; index++) {
    for (const { workers, url, headers, pids } of index % 2 === 0 ? targets : targets.toReversed()) {
      const before = cpuMicroseconds(pids);
      const { seconds, latenciesMs } = await runLoad({ ...load, url, headers, requests });
      samples.get(workers)?.push({
        perSecond: requests / seconds,
        cpuUs: (cpuMicroseconds(pids) - before) / requests,
        p99Ms: percentile(latenciesMs, 0.99),
      });
    }
  }
  const figures = figuresOf(samples, rounds);
  if (!quick) keepRun("workers", figures);
  return {
    figures,
    broken: targets.flatMap((target) => missingRows(target, warmUp * target.workers + rounds * requests)),
  };
}

async function startTarget(workers: number, upstream: string): Promise<Target> {
  const dataDir = makeFolder();
  const headers = clientHeaders(await createKey(dataDir, RICH));
  const gapura = startGapura(dataDir, { ...connectedTo(upstream), WORKERS: String(workers) });
  const url = (await gapura.listening()) + CHAT_PATH;
  return { workers, url, dataDir, headers, pids: [gapura.pid, ...descendantsOf(gapura.pid)] };
}

function figuresOf(samples: ReadonlyMap<number, Sample[]>, n: number): Figure[] {
  const of = (workers: number, field: keyof Sample) => (samples.get(workers) ?? []).map((sample) => sample[field]);
  const each = (field: keyof Sample, label: string, unit: string) =>
    COUNTS.map((workers) => ({ figure: `workers_${workers}_${label}`, value: median(of(workers, field)), unit, n }));
  // Both within the same round, so that a noisy moment of the machine weighs on both.
  const over = (field: keyof Sample) => {
    const one = of(1, field);
    return median(of(2, field).map((value, index) => value / (one[index] ?? Number.NaN)));
  };
  return [
    ...each("perSecond", "per_second", "requests/s"),
    ...each("cpuUs", "cpu_us", "µs"),
    ...each("p99Ms", "p99_ms", "ms"),
    { figure: "workers_2_over_1_per_second", value: over("perSecond"), unit: "×", n },
    { figure: "workers_2_over_1_cpu", value: over("cpuUs"), unit: "×", n },
  ];
}

function missingRows({ workers, dataDir }: Target, answered: number): string[] {
  const kept = readDatabase(dataDir, (database) =>
    countOf(database, "select count(*) as value from usage where cost_nano > 0"),
  );
  if (kept === answered) return [];
  return [`With ${workers} workers ${answered} requests were answered, but ${kept} priced usage rows are kept.`];
}
