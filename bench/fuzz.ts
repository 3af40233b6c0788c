/**
 * Every operation of the OpenAPI document, called with right and wrong requests, and then the heaviest bodies that the
 * bounds let through: whether any gets a 5xx, whether the server survives, and for how long its event loop stood still.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createApiKey } from "../src/kernel/api-key.ts";
import { isJsonObject, parseJson } from "../src/kernel/json.ts";
import { heavyBodies } from "../test/support/fuzz/hostile.ts";
import { randomFrom } from "../test/support/fuzz/random.ts";
import { type FuzzRequest, fuzzerFor } from "../test/support/fuzz/requests.ts";
import type { Bench, BenchOptions, BenchReport } from "./figure.ts";
import { CHAT_PATH, clientHeaders, createKey, SETTINGS, startGapura } from "./support/gapura-server.ts";
import { requireProc } from "./support/process-stats.ts";
import { makeFolder } from "./support/processes.ts";

const MODEL = "gpt-3.5";
const MONITOR = join(import.meta.dir, "support/loop-monitor.ts");
const AT_ONCE = 8;
const ANSWER_LIMIT_MS = 30_000;
/** The promise: nobody waits longer than this because of what somebody else has sent. */
const STALL_LIMIT_MS = 50;
/** The monitor writes five times a second. */
const REPORT_WAIT_MS = 500;
const WARM_UP_REQUESTS = 500;

interface Tally {
  requests: number;
  /** Answers by the first digit of their status; "none" for those that did not come. */
  byClass: Map<string, number>;
  failures: string[];
}

interface Stall {
  maxStallMs: number;
  maxStallCpuMs: number;
}

export const fuzzBench: Bench = {
  name: "fuzz",
  summary: "5xx, crashes and stalls under requests made from the OpenAPI document and hostile bodies",
  run,
};

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  requireProc();
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  note(`Seed ${seed}: FUZZ_SEED=${seed} repeats this run.`);
  const dataDir = makeFolder();
  const good = [await createKey(dataDir), await createKey(dataDir, ["--management"])];
  const report = join(dataDir, "loop.json");
  const gapura = startGapura(dataDir, { ...SETTINGS, GAPURA_BENCH_LOOP: report }, { preload: MONITOR });
  let crashes = 0;
  void gapura.exited.then(() => crashes++);
  const url = await gapura.listening();

  const document = parseJson(await (await fetch(`${url}/api/v1/openapi.json`)).text());
  if (!document.ok || !isJsonObject(document.value)) throw new Error("The server has no OpenAPI document.");
  const keys = { good, bad: [createApiKey("inference").key, "gpr_x", `${good[0]}x`, "'; --"] };
  const fuzzer = fuzzerFor(document.value, { random: randomFrom(seed), keys, model: MODEL });
  const tally: Tally = { requests: 0, byClass: new Map(), failures: [] };
  // Code that has never run is compiled while it runs; that is the start of a server and not what a body does to it.
  await fire(url, { tally, count: WARM_UP_REQUESTS, next: () => fuzzer.next() });
  process.kill(gapura.pid, "SIGUSR2");

  note(`${fuzzer.operations.length} operations; ${AT_ONCE} requests at once.`);
  await fire(url, { tally, count: quick ? 3_000 : 40_000, next: () => fuzzer.next() });
  await Bun.sleep(REPORT_WAIT_MS);
  const fuzzed = stallOf(report);
  process.kill(gapura.pid, "SIGUSR2");
  const heavy = await sendHeavy({ url, key: good[0] ?? "", tally, rounds: quick ? 2 : 10, report, note });
  const isAlive = crashes === 0 && (await fetch(`${url}/health`)).status === 200;
  const endedByItself = isAlive ? 0 : 1;
  await gapura.stop();

  for (const failure of tally.failures.slice(0, 20)) note(failure);
  return summary(tally, { fuzzed, heavy, crashes: endedByItself });
}

function summary(tally: Tally, found: { fuzzed: Stall; heavy: Stall; crashes: number }): BenchReport {
  const { fuzzed, heavy, crashes } = found;
  const n = tally.requests;
  const of = (statusClass: string) => tally.byClass.get(statusClass) ?? 0;
  const maxStallMs = Math.max(fuzzed.maxStallMs, heavy.maxStallMs);
  const maxStallCpuMs = Math.max(fuzzed.maxStallCpuMs, heavy.maxStallCpuMs);
  const broken: string[] = [];
  if (of("5") > 0) broken.push(`${of("5")} of ${n} requests got a 5xx.`);
  if (of("none") > 0) broken.push(`${of("none")} of ${n} requests got no answer.`);
  if (crashes > 0) broken.push("The server ended by itself.");
  if (maxStallCpuMs > STALL_LIMIT_MS)
    broken.push(`The event loop computed for ${Math.round(maxStallCpuMs)} ms at a stretch.`);
  return {
    figures: [
      { figure: "requests", value: n, unit: "requests", n },
      { figure: "status_5xx", value: of("5"), unit: "answers", n },
      { figure: "status_2xx", value: of("2"), unit: "answers", n },
      { figure: "status_4xx", value: of("4"), unit: "answers", n },
      { figure: "unanswered", value: of("none"), unit: "requests", n },
      { figure: "crashes", value: crashes, unit: "crashes", n: 1 },
      { figure: "max_stall_ms", value: maxStallMs, unit: "ms", n },
      { figure: "max_stall_cpu_ms", value: maxStallCpuMs, unit: "ms", n },
      { figure: "max_stall_fuzzed_ms", value: fuzzed.maxStallMs, unit: "ms", n },
    ],
    broken,
  };
}

async function fire(
  url: string,
  { tally, count, next }: { tally: Tally; count: number; next: () => FuzzRequest },
): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await send(url, next(), tally);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function send(url: string, request: FuzzRequest, tally: Tally): Promise<void> {
  const { method, path, headers, body } = request;
  tally.requests++;
  const what = () =>
    `${method} ${path.slice(0, 200)} ${body === null ? "" : new TextDecoder().decode(body.subarray(0, 300))}`;
  const count = (statusClass: string) => tally.byClass.set(statusClass, (tally.byClass.get(statusClass) ?? 0) + 1);
  try {
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const answer = await fetch(url + path, { method, headers, body, redirect: "manual", signal });
    const text = await answer.text();
    count(String(Math.floor(answer.status / 100)));
    if (answer.status >= 500) tally.failures.push(`${answer.status}: ${what()} → ${text.slice(0, 300)}`);
  } catch (error) {
    count("none");
    tally.failures.push(`${error instanceof Error ? error.message : "no answer"}: ${what()}`);
  }
}

interface Heavy {
  url: string;
  key: string;
  tally: Tally;
  rounds: number;
  report: string;
  note(line: string): void;
}

/** One after the other, so that a stall can be laid at one body's door. */
async function sendHeavy({ url, key, tally, rounds, report, note }: Heavy): Promise<Stall> {
  const headers = clientHeaders(key);
  for (const { name, body } of heavyBodies(MODEL)) {
    const before = stallOf(report);
    for (let round = 0; round < rounds; round++) {
      await send(url, { method: "POST", path: CHAT_PATH, headers, body }, tally);
    }
    await Bun.sleep(REPORT_WAIT_MS);
    const after = stallOf(report);
    if (after.maxStallMs <= before.maxStallMs) continue;
    note(`${name}: up to ${Math.round(after.maxStallMs)} ms, of them computing ${Math.round(after.maxStallCpuMs)} ms`);
  }
  return stallOf(report);
}

function stallOf(file: string): Stall {
  const parsed = parseJson(readFileSync(file, "utf8"));
  const value = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
  const number = (name: string) => (typeof value[name] === "number" ? value[name] : Number.NaN);
  return { maxStallMs: number("maxStallMs"), maxStallCpuMs: number("maxStallCpuMs") };
}
