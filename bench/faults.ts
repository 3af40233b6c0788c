/**
 * Providers that fail, clients that leave or do not read, tenants that misbehave, processes that are stopped: what
 * becomes of everybody else. The providers are programs that know to the byte what they have sent.
 */
import { decisionTime } from "../test/router/decision-time.ts";
import { outageHour } from "../test/router/outage-hour.ts";
import { startBlackhole } from "../test/support/fault-provider/blackhole.ts";
import { abortToClose, laundered, savedByFallback } from "./faults/answers.ts";
import { idleStreams, stalledReaders } from "./faults/memory.ts";
import { amplification, deadlineOverrun, innocentErrors } from "./faults/outage.ts";
import { rollingRestarts } from "./faults/restarts.ts";
import { startWorld } from "./faults/world.ts";
import type { Bench, BenchOptions, BenchReport, Figure } from "./figure.ts";
import { readDatabase } from "./support/gapura-server.ts";
import { requireProc } from "./support/process-stats.ts";

const SIMULATION_SEED = 7;
const MOST_AMPLIFICATION = 1.2;
const MOST_OVERRUN_MS = 250;
const MOST_ABORT_P99_MS = 250;

export const faultsBench: Bench = {
  name: "faults",
  summary:
    "failing providers, leaving and stalled clients, misbehaving tenants, restarts: what becomes of everybody else",
  run,
};

/** Figures and broken promises as they come in. */
class Findings implements BenchReport {
  readonly figures: Figure[] = [];
  readonly broken: string[] = [];

  put(figure: string, value: number | null, of: { unit: string; n: number }): void {
    this.figures.push({ figure, value, ...of });
  }

  expect(isTrue: boolean, sentence: string): void {
    if (!isTrue) this.broken.push(sentence);
  }
}

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  requireProc();
  const findings = new Findings();
  note(
    "Answers that break, clients that leave, a tenant that misbehaves; beside them a provider that cannot be reached.",
  );
  await measureAnswers(findings, quick);
  const crowds = async () => {
    note("Idle streams, clients that do not read, and then everybody fails.");
    await measureCrowds(findings, quick);
  };
  const restarts = async () => {
    note("Two processes are restarted in turns under load.");
    await measureRestarts(findings, { quick, note });
  };
  // Both mostly wait, for memory to settle and for last calls. What a full run says of time it says of one at a time.
  if (quick) await bothOver(crowds(), restarts());
  else {
    await crowds();
    await restarts();
  }
  measureRouter(findings, quick);
  return findings;
}

/** Rejects with the first failure, once nothing goes on any more. */
async function bothOver(...works: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(works);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

async function measureAnswers(to: Findings, quick: boolean): Promise<void> {
  const blackhole = await startBlackhole();
  try {
    const world = await startWorld({ further: blackhole.url });
    const overrunning = deadlineOverrun(world, quick ? 5 : 20);
    const cut = await laundered(world);
    to.put("laundered", cut.laundered, { unit: "streams", n: cut.cut });
    to.put("laundered_told", cut.broken, { unit: "streams", n: cut.cut });
    to.expect(cut.laundered === 0, `${cut.laundered} of ${cut.cut} cut streams sounded whole or were put together.`);
    const saved = await savedByFallback(world, quick ? 200 : 1_000);
    const savedPct = (100 * saved.saved) / saved.hit;
    to.put("saved_pct", savedPct, { unit: "%", n: saved.hit });
    to.expect(
      savedPct === 100,
      `${saved.hit - saved.saved} of ${saved.hit} requests were not saved by the next provider.`,
    );
    const { p50, p99, n: left } = await abortToClose(world, quick ? 100 : 1_000);
    to.put("abort_to_close_p50_ms", p50, { unit: "ms", n: left });
    to.put("abort_to_close_p99_ms", p99, { unit: "ms", n: left });
    to.expect(
      p99 <= MOST_ABORT_P99_MS,
      `Of clients that leave, one in a hundred stops its provider only after ${p99} ms.`,
    );
    const innocent = await innocentErrors(world, quick ? 300 : 1_000);
    to.put("innocent_errors", innocent.errors, { unit: "requests", n: innocent.n });
    to.expect(innocent.errors === 0, `${innocent.errors} of ${innocent.n} requests of B failed because of A.`);
    const { overrunMs, n } = await overrunning;
    to.put("deadline_overrun_ms", overrunMs, { unit: "ms", n });
    to.expect((overrunMs ?? 0) <= MOST_OVERRUN_MS, `An attempt outlasted its time by ${overrunMs} ms.`);
    await world.gapura.stop();
  } finally {
    await blackhole.stop();
  }
}

/** On a server that no failing provider has kept busy before. */
async function measureCrowds(to: Findings, quick: boolean): Promise<void> {
  await measureIdle(to, quick);
  const world = await startWorld();
  const stalled = await stalledReaders(world, quick ? 300 : 1_000);
  const n = stalled.streams;
  to.put("stalled_reader_mib", stalled.kib / 1024, { unit: "MiB", n });
  to.put("stalled_reader_kib", stalled.kibPerStream, { unit: "KiB", n });
  to.put("stalled_reader_system_kib", stalled.systemKibPerStream, { unit: "KiB", n });
  const outage = await amplification(world, { perSecond: 100, seconds: quick ? 3 : 60 });
  to.put("amplification", outage.perClientCall, { unit: "calls", n: outage.n });
  to.expect(
    outage.perClientCall <= MOST_AMPLIFICATION,
    `A provider got ${outage.perClientCall} calls for one of a client.`,
  );
  await world.gapura.stop();
}

async function measureIdle(to: Findings, quick: boolean): Promise<void> {
  const idle = await idleStreams(quick ? 1_000 : 10_000, { asksOthers: !quick });
  const n = idle.streams;
  to.put("idle_stream_kib", idle.kibPerStream, { unit: "KiB", n });
  to.put("idle_dropped", idle.dropped, { unit: "streams", n });
  if (idle.othersAdded !== null) {
    to.put("idle_others_added_p50_ms", idle.othersAdded.p50Ms, { unit: "ms", n });
    to.put("idle_others_added_p99_ms", idle.othersAdded.p99Ms, { unit: "ms", n });
  }
  to.put("idle_processes", idle.processes, { unit: "processes", n });
  to.expect(idle.dropped === 0, `${idle.dropped} of ${n} idle streams were dropped.`);
}

async function measureRestarts(to: Findings, { quick, note }: Pick<BenchOptions, "quick" | "note">): Promise<void> {
  const { requests: n, failed, answered } = await rollingRestarts(quick ? 2 : 20);
  to.put("shutdown_failed", failed.length, { unit: "requests", n });
  for (const failure of failed.slice(0, 5)) note(failure);
  to.expect(failed.length === 0, `${failed.length} requests failed because a process was stopped.`);
  const lost = [...answered].flatMap(([dataDir, ids]) => missingRows(dataDir, ids));
  to.put("shutdown_lost_rows", lost.length, { unit: "rows", n });
  to.expect(lost.length === 0, `${lost.length} answered requests have no record.`);
}

/** The router alone: nobody is asked. */
function measureRouter(to: Findings, quick: boolean): void {
  const { p50Us, decisions: n } = decisionTime(50, quick ? 5_000 : 20_000);
  to.put("routing_us_50_endpoints", p50Us, { unit: "µs", n });
  for (const { strategy, requests, savedPct, answeredPct } of outageHour(SIMULATION_SEED)) {
    const name = strategy.replaceAll(/\W+/g, "_").replace(/_$/, "");
    to.put(`simulated_answered_pct_${name}`, answeredPct, { unit: "%", n: requests });
    to.put(`simulated_saved_pct_${name}`, savedPct, { unit: "%", n: requests });
  }
}

function missingRows(dataDir: string, ids: ReadonlySet<string>): string[] {
  const kept = readDatabase(dataDir, (database) => database.query<{ id: string }, []>("select id from usage").all());
  const present = new Set(kept.map(({ id }) => id));
  return [...ids].filter((id) => !present.has(id));
}
