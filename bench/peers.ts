/**
 * Gapura beside its peers on one machine in one run: the same requests, the same provider, one core for the gateway and
 * another for everything around it, in turns. What could not be had is said with the reason; what each candidate has
 * switched on stands in its file under peers/.
 */
import { cpus } from "node:os";
import type { Bench, BenchOptions, BenchReport, Figure } from "./figure.ts";
import { bifrost } from "./peers/bifrost.ts";
import { keepHistory } from "./peers/history.ts";
import { litellm } from "./peers/litellm.ts";
import {
  addedFirstToken,
  addedLatency,
  directly,
  heldStreams,
  loadOf,
  longLoad,
  memory,
  saturate,
} from "./peers/measure.ts";
import { bareProxy, gapura, gapuraDistinctKeys, gapuraGoverned, nginx } from "./peers/own.ts";
import type { Candidate, Peer } from "./peers/peer.ts";
import { portkey } from "./peers/portkey.ts";
import { WORKS, type Work } from "./peers/work.ts";
import { runLoad } from "./support/load.ts";
import { requireProc } from "./support/process-stats.ts";
import { startUpstream } from "./support/surroundings.ts";

const PEERS: readonly Peer[] = [
  gapura,
  gapuraGoverned,
  gapuraDistinctKeys,
  bareProxy,
  nginx,
  portkey,
  litellm,
  bifrost,
];
const GATEWAY_CORE = 0;
const LOAD_CORE = 1;
const ANSWER_BYTES = 1024;
const CHUNKS = 50;
/** A round of one candidate takes about this long; slow ones get fewer requests. */
const ROUND_MS = 2_000;
const QUICK_ROUND_MS = 300;
const WARM_UP_MS = 2_000;

export const peersBench: Bench = {
  name: "peers",
  summary: "Gapura beside Portkey, LiteLLM, Bifrost, nginx and a bare Bun proxy, on one core each in turns",
  run,
};

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  requireProc();
  if (cpus().length < 2) throw new Error("This benchmark needs two cores: one for the gateway, one for the load.");
  pinThisProcess();
  const pace = { chunks: CHUNKS, intervalMs: 0 };
  const upstream = await startUpstream({ answerBytes: ANSWER_BYTES, pace });
  const works = quick ? WORKS.slice(0, 1) : WORKS;
  const settleMs = quick ? 0 : 5_000;
  const figures: Figure[] = [];
  const candidates: Ready[] = [];
  for (const peer of PEERS) {
    try {
      const candidate = await peer.start({ upstream: upstream.url, core: GATEWAY_CORE, note, mayInstall: !quick });
      candidates.push(await warmUp(candidate, works, figures));
    } catch (error) {
      figures.push(missing(`${peer.name}_cpu_us`, error));
    }
  }
  for (const each of candidates) {
    figures.push({ figure: `${each.name}_start_ms`, value: each.startMs, unit: "ms", n: 1 });
    figures.push(await memory(each, { when: "idle", settleMs }));
  }
  for (const work of works) {
    const able = candidates.filter((each) => each.able.has(work));
    const rounds = quick ? 4 : work.suffix === "" ? 8 : 6;
    note(`${work.title}: ${rounds} rounds of ${able.length} candidates.`);
    figures.push(...(await saturate(work, able, { rounds, roundMs: quick ? QUICK_ROUND_MS : ROUND_MS })));
  }
  if (!quick) {
    const direct = directly(upstream.url);
    figures.push(...(await addedLatency(candidates, direct)));
    const streaming = candidates.filter((each) => works.every((work) => each.able.has(work)));
    figures.push(...(await addedFirstToken(streaming, direct)));
    note("Streams that are open at once.");
    figures.push(...(await heldStreams(streaming)));
  }
  for (const each of candidates) figures.push(await memory(each, { when: "loaded", settleMs }));
  const [first] = works;
  if (!quick && first !== undefined) {
    note("A long load, one candidate after the other.");
    figures.push(...(await longLoad(first, candidates, settleMs)));
    const names = PEERS.map(({ name }) => name);
    keepHistory(names, figures);
  }
  return { figures, broken: [] };
}

interface Ready extends Candidate {
  /** What it answered rightly while it warmed up. */
  able: ReadonlySet<Work>;
}

/** The load and the provider share a core that no gateway is on. Children inherit it, but for those that name theirs. */
function pinThisProcess(): void {
  const { exitCode } = Bun.spawnSync(["taskset", "-a", "-p", "-c", String(LOAD_CORE), String(process.pid)]);
  if (exitCode !== 0) throw new Error("taskset could not pin this process; it is in the package util-linux.");
}

/** Each program answers for a while, so that its code is compiled. What it cannot answer is added to `figures` as missing. */
async function warmUp(candidate: Candidate, works: readonly Work[], figures: Figure[]): Promise<Ready> {
  const { name } = candidate;
  const able = new Set<Work>();
  for (const work of works) {
    const untilMs = performance.now() + WARM_UP_MS;
    try {
      while (performance.now() < untilMs) {
        await runLoad({ ...loadOf(work, candidate), connections: 8, requests: 40 });
      }
      able.add(work);
    } catch (error) {
      figures.push(missing(`${name}_cpu_us${work.suffix}`, error));
    }
  }
  return { ...candidate, able };
}

function missing(figure: string, error: unknown): Figure {
  const reason = error instanceof Error ? error.message : "it failed";
  return { figure, value: null, unit: "µs", n: 0, missing: reason.replace(/\s+/g, " ").slice(0, 200) };
}
