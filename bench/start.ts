/**
 * How long a person waits, and what the server costs while nobody uses it. Started exactly as `npm start` does, launcher
 * included, with the dashboard already built.
 */
import type { Bench, BenchOptions, BenchReport } from "./figure.ts";
import { startGapuraByLauncher } from "./support/gapura-server.ts";
import { descendantsOf, requireProc, residentKib, settledResidentKib } from "./support/process-stats.ts";
import { makeFolder, type Running, removeFolder } from "./support/processes.ts";
import { median } from "./support/statistics.ts";

export const startBench: Bench = {
  name: "start",
  summary: "start to first served request, and memory while idle",
  run,
};

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  requireProc();
  const rounds = quick ? 5 : 21;
  note("One start that does not count builds the dashboard, if it must, and fills the disk's cache.");
  await measureStart(makeFolder(), (server) => server.stop());

  const firstMs: number[] = [];
  const secondMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const dataDir = makeFolder();
    firstMs.push(await measureStart(dataDir, (server) => server.stop()));
    secondMs.push(await measureStart(dataDir, (server) => server.stop()));
    removeFolder(dataDir);
  }

  const idleRounds = quick ? 1 : 3;
  note("Waiting until the memory of an idle server stops moving.");
  const idleKib: number[] = [];
  const launcherKib: number[] = [];
  for (let round = 0; round < idleRounds; round++) {
    await measureStart(makeFolder(), async (server) => {
      const [gapura = server.pid] = descendantsOf(server.pid);
      idleKib.push(await settledResidentKib(gapura));
      launcherKib.push(residentKib(server.pid));
      await server.stop();
    });
  }
  return {
    figures: [
      { figure: "start_ms", value: median(firstMs), unit: "ms", n: rounds },
      { figure: "second_start_ms", value: median(secondMs), unit: "ms", n: rounds },
      { figure: "second_start_slowest_ms", value: Math.max(...secondMs), unit: "ms", n: rounds },
      { figure: "idle_rss_mib", value: median(idleKib) / 1024, unit: "MiB", n: idleRounds },
      { figure: "launcher_rss_mib", value: median(launcherKib) / 1024, unit: "MiB", n: idleRounds },
    ],
    broken: [],
  };
}

/** Milliseconds from the spawn of the launcher to the first 200; `then` gets the running server and ends it. */
async function measureStart(dataDir: string, then: (server: Running) => Promise<void>): Promise<number> {
  const spawnedMs = performance.now();
  const server = startGapuraByLauncher(dataDir);
  const url = await server.listening();
  while ((await fetch(`${url}/health`)).status !== 200) await Bun.sleep(1);
  const tookMs = performance.now() - spawnedMs;
  await then(server);
  return tookMs;
}
