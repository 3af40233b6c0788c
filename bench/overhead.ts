/**
 * What a chat request costs the gateway's process in CPU time, with everything on, beside a bare Bun proxy and nginx.
 * All three run at once, take turns within each round on the same upstream, and get the same bytes from the same client.
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
import { type Load, runLoad } from "./support/load.ts";
import { findNginx, startNginx } from "./support/nginx.ts";
import { cpuMicroseconds, requireProc } from "./support/process-stats.ts";
import { makeFolder } from "./support/processes.ts";
import { median, percentile } from "./support/statistics.ts";
import { startBareProxy, startUpstream } from "./support/surroundings.ts";

const BODY_BYTES = 1024;
const ANSWER_BYTES = 1024;
/** Work that an answer leaves behind (a checkpoint, a collection) is charged to it too. */
const AFTERMATH_MS = 60;

interface Target {
  name: "gapura" | "governed" | "bun" | "nginx";
  url: string;
  headers: Record<string, string>;
  pids: number[];
}

/** How many connections at once, and how much of it. */
interface Stage {
  connections: number;
  rounds: number;
  requests: number;
}

interface Sample {
  cpuUs: number;
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
}

type Round = Map<Target["name"], Sample>;

const STAGES: Record<"full" | "quick", Stage[]> = {
  full: [
    { connections: 32, rounds: 15, requests: 8_000 },
    { connections: 8, rounds: 9, requests: 2_000 },
    { connections: 1, rounds: 9, requests: 1_000 },
  ],
  quick: [
    { connections: 32, rounds: 7, requests: 1_500 },
    { connections: 8, rounds: 3, requests: 600 },
    { connections: 1, rounds: 3, requests: 200 },
  ],
};
/** Before anything counts, each program answers this many, so that its code is compiled: a gateway runs for weeks. */
const WARM_UP_REQUESTS = { full: 40_000, quick: 12_000 };

export const overheadBench: Bench = {
  name: "overhead",
  summary: "CPU time for a chat request, beside a bare Bun proxy and nginx",
  run,
};

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  requireProc();
  const nginx = await findNginx(note);
  const upstream = await startUpstream({ answerBytes: ANSWER_BYTES });
  const dataDir = makeFolder();
  const headers = clientHeaders(await createKey(dataDir));
  const governedHeaders = clientHeaders(await createKey(dataDir, RICH));
  const gapura = startGapura(dataDir, connectedTo(upstream.url));
  const url = await gapura.listening();
  const bare = await startBareProxy(upstream.url);
  const targets: Target[] = [
    { name: "gapura", url, headers, pids: [gapura.pid] },
    { name: "governed", url, headers: governedHeaders, pids: [gapura.pid] },
    { name: "bun", url: bare.url, headers, pids: [bare.server.pid] },
  ];
  if ("path" in nginx) {
    const { url, workers } = await startNginx(nginx.path, upstream.url);
    targets.push({ name: "nginx", url, headers, pids: workers });
  }

  const load = { body: chatBody(BODY_BYTES), expected: FAKE_ANSWER };
  const warmUp = WARM_UP_REQUESTS[quick ? "quick" : "full"];
  for (const { url, headers } of targets) {
    await runLoad({ ...load, headers, url: url + CHAT_PATH, connections: 32, requests: warmUp });
  }
  const figures: Figure[] = [];
  // With a limit and without.
  let answered = 2 * warmUp;
  for (const stage of STAGES[quick ? "quick" : "full"]) {
    note(`${stage.connections} connections: ${stage.rounds} rounds of ${stage.requests} requests for each program.`);
    figures.push(...figuresOf(stage, await measure(stage, targets, load)));
    answered += 2 * stage.rounds * stage.requests;
  }
  if ("missing" in nginx)
    figures.push({ figure: "nginx_cpu_us", value: null, unit: "µs", n: 0, missing: nginx.missing });
  const kept = readDatabase(dataDir, (database) =>
    countOf(database, "select count(*) as value from usage where cost_nano > 0"),
  );
  const broken =
    kept === answered ? [] : [`${answered} requests were answered, but ${kept} priced usage rows are kept.`];
  if (!quick) keepRun("overhead", figures);
  return { figures, broken };
}

/** One sample of every target in each round; who goes first changes from round to round. */
async function measure(
  { connections, rounds, requests }: Stage,
  targets: readonly Target[],
  load: Pick<Load, "body" | "expected">,
): Promise<Round[]> {
  const all: Round[] = [];
  for (let index = 0; index < rounds; index++) {
    const round: Round = new Map();
    for (let turn = 0; turn < targets.length; turn++) {
      const target = targets[(index + turn) % targets.length];
      if (target === undefined) continue;
      const { name, url, headers } = target;
      round.set(name, await sample(target, { ...load, headers, url: url + CHAT_PATH, connections, requests }));
    }
    all.push(round);
  }
  return all;
}

async function sample(target: Target, load: Load): Promise<Sample> {
  const before = cpuMicroseconds(target.pids);
  const { seconds, latenciesMs } = await runLoad(load);
  await Bun.sleep(AFTERMATH_MS);
  return {
    cpuUs: (cpuMicroseconds(target.pids) - before) / load.requests,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    perSecond: load.requests / seconds,
  };
}

/** The first stage gives the figures their plain names; the others say how many connections there were. */
function figuresOf({ connections, rounds }: Stage, all: readonly Round[]): Figure[] {
  const suffix = connections === 32 ? "" : `_at_${connections}`;
  const n = rounds;
  const of = (name: Target["name"], field: keyof Sample) => all.flatMap((round) => round.get(name)?.[field] ?? []);
  const names = (["gapura", "governed", "bun", "nginx"] as const).filter((name) => of(name, "cpuUs").length > 0);
  const each = (field: keyof Sample, label: string, unit: string) =>
    names.map((name) => ({ figure: `${name}_${label}${suffix}`, value: median(of(name, field)), unit, n }));
  // Both within the same round, so that a noisy moment of the machine weighs on both.
  const over = (name: Target["name"], other: Target["name"]) => {
    const others = of(other, "cpuUs");
    return median(of(name, "cpuUs").map((value, index) => value / (others[index] ?? Number.NaN)));
  };
  return [
    ...each("cpuUs", "cpu_us", "µs"),
    { figure: `gapura_over_bun${suffix}`, value: over("gapura", "bun"), unit: "×", n },
    { figure: `governed_over_bun${suffix}`, value: over("governed", "bun"), unit: "×", n },
    { figure: `governed_over_plain${suffix}`, value: over("governed", "gapura"), unit: "×", n },
    ...(names.includes("nginx") ? (["gapura", "governed"] as const) : []).map((name) => {
      return { figure: `${name}_over_nginx${suffix}`, value: over(name, "nginx"), unit: "×", n };
    }),
    ...each("p50Ms", "p50_ms", "ms"),
    ...each("p99Ms", "p99_ms", "ms"),
    ...each("perSecond", "per_second", "requests/s"),
  ];
}
