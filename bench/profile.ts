/**
 * Where the CPU time of a governed request goes, each part by its name. Linux' `perf` looks 2,000 times a second at what the
 * threads of the server compute (not at what they wait for, so that neighbours on the machine hardly count), and
 * JavaScriptCore tells it which function stands where. Being looked at costs time too, so what it sees are taken for shares
 * of the time that the same load took before, unseen.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench, BenchOptions, BenchReport, Figure } from "./figure.ts";
import { FlameGraph } from "./profile/flame.ts";
import { ANONYMOUS, JitDump } from "./profile/jit-dump.ts";
import { mainPart, writerPart } from "./profile/parts.ts";
import { type Frame, type Sample, samplesIn } from "./profile/samples.ts";
import { FAKE_ANSWER } from "./support/fake-upstream.ts";
import {
  CHAT_PATH,
  chatBody,
  clientHeaders,
  connectedTo,
  createKey,
  RICH,
  startGapura,
} from "./support/gapura-server.ts";
import { keepFile } from "./support/history.ts";
import { type Load, runLoad } from "./support/load.ts";
import { barPlot } from "./support/plot.ts";
import { cpuMicroseconds, requireProc } from "./support/process-stats.ts";
import { makeFolder } from "./support/processes.ts";
import { startUpstream } from "./support/surroundings.ts";

const PER_SECOND = 2_000;
const CONNECTIONS = 32;
const REQUESTS = { full: { warmUp: 40_000, measured: 20_000 }, quick: { warmUp: 8_000, measured: 4_000 } };
/** Until perf looks. */
const BEGIN_MS = 500;
/** Parts that take less are told together. */
const LEAST_US = 0.3;

/** Threads of the runtime, by the names that it gives them. */
const RUNTIME_THREADS: Readonly<Record<string, string>> = {
  "HTTP Client": "http_client_thread",
  HeapHelper: "garbage_threads",
  JITWorker: "compiler_threads",
  JSCWarmUp: "compiler_threads",
  "mi-scavenger": "memory_thread",
};

export const profileBench: Bench = {
  name: "profile",
  summary: "the CPU time of a governed chat request, each part with its name",
  run,
};

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  requireProc();
  const perf = Bun.which("perf");
  if (perf === null) {
    const missing = "perf is not installed; it is in the package linux-perf";
    return { figures: [{ figure: "governed_us", value: null, unit: "µs", n: 0, missing }], broken: [] };
  }
  const { warmUp, measured } = REQUESTS[quick ? "quick" : "full"];
  const folder = makeFolder();
  const upstream = await startUpstream();
  const dataDir = makeFolder();
  const headers = clientHeaders(await createKey(dataDir, RICH));
  const told = { BUN_JSC_useJITDump: "1", BUN_JSC_jitDumpDirectory: folder };
  const server = startGapura(dataDir, { ...connectedTo(upstream.url), ...told });
  const url = (await server.listening()) + CHAT_PATH;
  const load: Omit<Load, "requests"> = {
    url,
    headers,
    body: chatBody(1_024),
    expected: FAKE_ANSWER,
    connections: CONNECTIONS,
  };
  note(`${warmUp} requests to warm up, ${measured} that are measured.`);
  await runLoad({ ...load, requests: warmUp });
  const before = cpuMicroseconds([server.pid]);
  await runLoad({ ...load, requests: measured });
  const cpuUs = (cpuMicroseconds([server.pid]) - before) / measured;
  const file = join(folder, "perf.data");
  const looking = ["record", "-q", "-k", "1", "-e", "cpu-clock", "-F", String(PER_SECOND), "-g"];
  const recorder = Bun.spawn([perf, ...looking, "-p", String(server.pid), "-o", file], {
    stdout: "ignore",
    stderr: "ignore",
  });
  await Bun.sleep(BEGIN_MS);
  await runLoad({ ...load, requests: measured });
  recorder.kill("SIGINT");
  await recorder.exited;
  const [dump = ""] = [...new Bun.Glob("jit-*.dump").scanSync({ cwd: folder })];
  const functions = new JitDump(readFileSync(join(folder, dump)));
  const script = Bun.spawn([perf, "script", "-i", file, "-F", "comm,tid,ip,sym,dso"], { stderr: "ignore" });
  const { parts, flame } = await count(samplesIn(script.stdout), { functions, mainThread: server.pid });
  const figures = figuresOf(parts, { cpuUs, requests: measured });
  if (!quick) {
    keepPlot(figures);
    keepFile("flame.svg", flame.draw("CPU time of a governed chat request", { whole: cpuUs, unit: "µs" }));
  }
  return { figures, broken: [] };
}

interface Known {
  functions: JitDump;
  mainThread: number;
}

/** Samples by part, and by what called what. */
async function count(samples: AsyncIterable<Sample>, known: Known): Promise<Counted> {
  const parts = new Map<string, number>();
  const flame = new FlameGraph();
  for await (const sample of samples) {
    const called = calledIn(sample, known);
    const place = placeOf(sample, called, known);
    const part = place.join("_");
    parts.set(part, (parts.get(part) ?? 0) + 1);
    flame.add([...place.map(titleOf), ...stackOf(sample, called)]);
  }
  return { parts, flame };
}

interface Counted {
  parts: Map<string, number>;
  flame: FlameGraph;
}

/** The functions of JavaScript, the innermost first. */
function calledIn({ frames }: Sample, { functions }: Known): string[] {
  return frames.flatMap(({ address, isKernel }) => (isKernel ? [] : (functions.functionAt(address) ?? [])));
}

/** The thread and the part; of the runtime's own threads their kind alone. */
function placeOf({ thread, threadId, frames }: Sample, called: readonly string[], { mainThread }: Known): string[] {
  const isMain = threadId === mainThread;
  if (!isMain && thread !== "Worker") return [RUNTIME_THREADS[thread] ?? "other_threads"];
  const place = isMain ? "main" : "writer";
  const part = isMain ? mainPart(called) : writerPart(called);
  if (part !== undefined) return [place, part];
  if (called.length > 0) return [place, "other"];
  return [place, isMain ? `runtime_${kernelWork(frames)}` : "runtime"];
}

const TITLES: Readonly<Record<string, string>> = { main: "event loop", writer: "writer's thread" };

function titleOf(name: string): string {
  return TITLES[name] ?? name.replaceAll("_", " ");
}

/** What called what, the outermost first, each that has a name; a function that calls itself stands there once. */
function stackOf({ frames }: Sample, called: readonly string[]): string[] {
  const named = called.filter((name, index) => name !== ANONYMOUS && name !== called[index - 1]).reverse();
  return frames.some(({ isKernel }) => isKernel) ? [...named, "(system)"] : named;
}

/** Without a function of JavaScript it is the event loop: what it asks of the system, or itself with its garbage. */
function kernelWork(frames: readonly Frame[]): string {
  const isIn = (name: string) => frames.some(({ symbol, isKernel }) => isKernel && symbol.endsWith(name));
  if (isIn("sys_sendto") || isIn("sys_writev") || isIn("sys_write")) return "socket_write";
  if (isIn("sys_recvfrom")) return "socket_read";
  if (frames.some(({ isKernel }) => isKernel)) return "kernel";
  return "loop_and_garbage";
}

function figuresOf(
  parts: ReadonlyMap<string, number>,
  { cpuUs, requests }: { cpuUs: number; requests: number },
): Figure[] {
  const all = [...parts.values()].reduce((sum, count) => sum + count, 0);
  const told = [...parts].map(([name, count]) => ({ name, us: (count / all) * cpuUs }));
  const large = told.filter(({ us }) => us >= LEAST_US).sort((one, other) => other.us - one.us);
  const figure = (name: string, value: number): Figure => ({ figure: `${name}_us`, value, unit: "µs", n: requests });
  const sum = (some: readonly { us: number }[]) => some.reduce((all, { us }) => all + us, 0);
  return [
    figure("governed", cpuUs),
    figure("main_thread", sum(told.filter(({ name }) => name.startsWith("main_")))),
    figure("writer_thread", sum(told.filter(({ name }) => name.startsWith("writer_")))),
    ...large.map(({ name, us }) => figure(name, us)),
  ];
}

/** The plot beside those of the other benchmarks. */
function keepPlot(figures: readonly Figure[]): void {
  const bars = figures.flatMap(({ figure, value }) => {
    const label = figure.replace(/_us$/, "").replaceAll("_", " ");
    return value === null ? [] : [{ label, value, isOurs: /^(?:governed|main thread|writer thread)$/.test(label) }];
  });
  keepFile("profile.svg", barPlot("CPU time of a governed chat request, by part", "µs", bars));
}
