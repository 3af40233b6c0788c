/**
 * Whether memory grows under a load that stays the same: whole answers and streams at a modest rate, for as long as
 * `--minutes` says. The slope of resident memory comes with its standard error, so that a short run says how much it knows.
 */
import type { Bench, BenchOptions, BenchReport } from "./figure.ts";
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
import { barPlot } from "./support/plot.ts";
import { requireProc, residentKib } from "./support/process-stats.ts";
import { makeFolder } from "./support/processes.ts";
import { runAtRate } from "./support/rate-load.ts";
import { slopeOf } from "./support/statistics.ts";
import { startUpstream } from "./support/surroundings.ts";

const USUAL_MINUTES = 20;
const QUICK_MINUTES = 0.55;
/** What is compiled and cached at the beginning is no growth. */
const WARM_UP_SHARE = 0.25;
const STEP_SECONDS = 2;
const WHOLE_PER_SECOND = 200;
const STREAMS_PER_SECOND = 20;
const BARS = 16;

export const soakBench: Bench = {
  name: "soak",
  summary: "whether memory grows under a steady load, for as long as --minutes says",
  run,
};

async function run({ quick, minutes, note }: BenchOptions): Promise<BenchReport> {
  requireProc();
  const lastsMinutes = minutes ?? (quick ? QUICK_MINUTES : USUAL_MINUTES);
  const upstream = await startUpstream({ answerBytes: 1_024, pace: { chunks: 50, intervalMs: 0 } });
  const dataDir = makeFolder();
  const headers = clientHeaders(await createKey(dataDir, RICH));
  const server = startGapura(dataDir, connectedTo(upstream.url));
  const url = (await server.listening()) + CHAT_PATH;
  note(`${lastsMinutes} minutes of ${WHOLE_PER_SECOND} requests and ${STREAMS_PER_SECOND} streams a second.`);

  const whole = { url, headers, body: chatBody(1_024), perSecond: WHOLE_PER_SECOND };
  const streams = { url, headers, body: chatBody(1_024, { stream: true }), perSecond: STREAMS_PER_SECOND };
  const beganMs = performance.now();
  const seen: { hours: number; mib: number }[] = [];
  let failed = 0;
  let requests = 0;
  while (performance.now() - beganMs < lastsMinutes * 60_000) {
    const results = await Promise.all(
      [whole, streams].map((load) => runAtRate({ ...load, requests: load.perSecond * STEP_SECONDS })),
    );
    for (const result of results) {
      failed += result.failed;
      requests += result.wholeMs.length;
    }
    seen.push({ hours: (performance.now() - beganMs) / 3_600_000, mib: residentKib(server.pid) / 1024 });
  }
  const counted = seen.slice(Math.floor(seen.length * WARM_UP_SHARE));
  const { slope, error } = slopeOf(counted.map(({ hours, mib }) => [hours, mib]));
  if (!quick) keepPlot(seen);
  const n = counted.length;
  return {
    figures: [
      { figure: "rss_slope_mib_per_hour", value: slope, unit: "MiB/h", n },
      { figure: "rss_slope_error_mib_per_hour", value: error, unit: "MiB/h", n },
      { figure: "rss_first_mib", value: counted[0]?.mib ?? null, unit: "MiB", n: 1 },
      { figure: "rss_last_mib", value: counted.at(-1)?.mib ?? null, unit: "MiB", n: 1 },
      { figure: "failed", value: failed, unit: "requests", n: requests + failed },
    ],
    broken: failed === 0 ? [] : [`${failed} of ${requests + failed} requests failed.`],
  };
}

function keepPlot(seen: readonly { hours: number; mib: number }[]): void {
  const every = Math.max(1, Math.ceil(seen.length / BARS));
  const bars = seen.flatMap(({ hours, mib }, index) =>
    index % every === 0 ? [{ label: `minute ${(hours * 60).toFixed(0)}`, value: mib, isOurs: true }] : [],
  );
  keepFile("soak.svg", barPlot("Resident memory under a steady load", "MiB", bars));
}
