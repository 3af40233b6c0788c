/**
 * Gapura beside its peers on one machine in one run: the same requests, the same provider, one core for the gateway and
 * another for everything around it, in turns. What could not be had is said with the reason; what each candidate has
 * switched on stands in its file under peers/.
 */
import { cpus } from "node:os";
import type { Bench, BenchOptions, BenchReport } from "./figure.ts";
import { bifrost } from "./peers/bifrost.ts";
import { ferro, ferroGoverned } from "./peers/ferro.ts";
import { goModel } from "./peers/gomodel.ts";
import { keepHistory } from "./peers/history.ts";
import { addedFirstToken, addedLatency, directly } from "./peers/latency.ts";
import { lineUp } from "./peers/line-up.ts";
import { litellm } from "./peers/litellm.ts";
import { heldStreams, longLoad, memory, saturate } from "./peers/measure.ts";
import { bareProxy, gapura, gapuraDistinctKeys, gapuraGoverned, nginx } from "./peers/own.ts";
import { missing, type Peer } from "./peers/peer.ts";
import { portkey } from "./peers/portkey.ts";
import { WORKS } from "./peers/work.ts";
import { requireProc } from "./support/process-stats.ts";
import { startUpstream } from "./support/surroundings.ts";

const PEERS: readonly Peer[] = [
  gapura,
  gapuraGoverned,
  gapuraDistinctKeys,
  bareProxy,
  nginx,
  ferro,
  ferroGoverned,
  goModel,
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
/** How often each is started, and how long it may warm up for each kind of work. */
const START = { starts: 5, warmUpMs: 12_000 };
const QUICK_START = { starts: 1, warmUpMs: 800 };
/** How often each is asked at a modest pace. */
const PACED_ROUNDS = 5;

export const peersBench: Bench = {
  name: "peers",
  summary: "Gapura beside gateways of others, nginx and a bare Bun proxy, on one core in turns",
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
  const around = { upstream: upstream.url, core: GATEWAY_CORE, note, mayInstall: !quick };
  const { candidates, figures } = await lineUp(PEERS, around, { works, ...(quick ? QUICK_START : START) });
  for (const each of candidates) figures.push(await memory(each, { when: "idle", settleMs }));
  for (const work of works) {
    const able = candidates.filter((each) => each.able.has(work));
    const rounds = quick ? 4 : work.suffix === "" ? 8 : 6;
    note(`${work.title}: ${rounds} rounds of ${able.length} candidates.`);
    const failed = ({ name }: { name: string }, error: unknown) =>
      figures.push(missing(`${name}_cpu_us${work.suffix}`, error));
    figures.push(...(await saturate(work, able, { rounds, roundMs: quick ? QUICK_ROUND_MS : ROUND_MS, failed })));
  }
  if (!quick) {
    const direct = directly(upstream.url);
    note(`At a modest pace: ${PACED_ROUNDS} rounds.`);
    figures.push(...(await addedLatency({ candidates, direct, rounds: PACED_ROUNDS })));
    const streaming = candidates.filter((each) => works.every((work) => each.able.has(work)));
    figures.push(...(await addedFirstToken({ candidates: streaming, direct, rounds: PACED_ROUNDS })));
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

/** The load and the provider share a core that no gateway is on. Children inherit it, but for those that name theirs. */
function pinThisProcess(): void {
  const { exitCode } = Bun.spawnSync(["taskset", "-a", "-p", "-c", String(LOAD_CORE), String(process.pid)]);
  if (exitCode !== 0) throw new Error("taskset could not pin this process; it is in the package util-linux.");
}
