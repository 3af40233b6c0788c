/**
 * A thousand streams at once: what each costs in memory, and whether every chunk arrives, in order, at the stream it
 * belongs to. The upstream numbers the chunks and marks them with the stream's own name.
 */
import type { Bench, BenchOptions, BenchReport } from "./figure.ts";
import { chunkText, type Pace } from "./support/fake-upstream.ts";
import { CHAT_PATH, chatBody, clientHeaders, connectedTo, createKey, startGapura } from "./support/gapura-server.ts";
import { requireProc, residentKib, settledResidentKib } from "./support/process-stats.ts";
import { makeFolder } from "./support/processes.ts";
import { median } from "./support/statistics.ts";
import { type ReceivedStream, readStream } from "./support/stream-client.ts";
import { startUpstream } from "./support/surroundings.ts";

const STREAMS = 1_000;
/** Streams that wait for their first text at the same moment; more could overflow the queue of new connections. */
const OPENING_AT_ONCE = 64;
/** Before anything counts, so that compiled code is not charged to the streams. */
const WARM_UP: Wave = { streams: 100, pace: { chunks: 20, intervalMs: 10 } };
const BODY_BYTES = 1024;
const LOOK_AT_MEMORY_MS = 100;

interface Wave {
  streams: number;
  pace: Pace;
}

interface Server {
  url: string;
  key: string;
  pid: number;
}

interface WaveResult {
  lostChunks: number;
  /** Streams that had begun and not ended at the same moment. */
  mostOpen: number;
  /** The most memory that the server held while all streams were open; NaN when they never all were. */
  peakKib: number;
}

export const streamsBench: Bench = {
  name: "streams",
  summary: `memory for each of ${STREAMS} concurrent streams, and lost chunks`,
  run,
};

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  requireProc();
  const pace = quick ? { chunks: 40, intervalMs: 200 } : { chunks: 50, intervalMs: 300 };
  const waves = quick ? 2 : 5;
  const upstream = await startUpstream();
  const dataDir = makeFolder();
  const key = await createKey(dataDir);
  const gapura = startGapura(dataDir, connectedTo(upstream.url));
  const server = { url: (await gapura.listening()) + CHAT_PATH, key, pid: gapura.pid };

  await runWave(server, WARM_UP);
  const idleKib = await settledResidentKib(server.pid, 8_000);
  const results: WaveResult[] = [];
  for (let wave = 1; wave <= waves; wave++) {
    note(`Wave ${wave} of ${waves}: ${STREAMS} streams of ${pace.chunks} chunks, one every ${pace.intervalMs} ms.`);
    results.push(await runWave(server, { streams: STREAMS, pace }));
  }
  const afterKib = await settledResidentKib(server.pid, 8_000);
  const perStreamKib = results.map(({ peakKib }) => (peakKib - idleKib) / STREAMS);
  const lostChunks = results.reduce((sum, result) => sum + result.lostChunks, 0);
  const chunks = waves * STREAMS * pace.chunks;
  return {
    figures: [
      { figure: "kib_per_stream", value: median(perStreamKib), unit: "KiB", n: waves },
      { figure: "kib_per_stream_first_wave", value: perStreamKib[0] ?? null, unit: "KiB", n: 1 },
      { figure: "lost_chunks", value: lostChunks, unit: "chunks", n: chunks },
      {
        figure: "open_at_once",
        value: Math.min(...results.map(({ mostOpen }) => mostOpen)),
        unit: "streams",
        n: waves,
      },
      { figure: "idle_rss_before_mib", value: idleKib / 1024, unit: "MiB", n: 1 },
      { figure: "idle_rss_after_mib", value: afterKib / 1024, unit: "MiB", n: 1 },
    ],
    broken: lostChunks === 0 ? [] : [`${lostChunks} of ${chunks} chunks did not arrive once and in order.`],
  };
}

async function runWave(server: Server, { streams, pace }: Wave): Promise<WaveResult> {
  const result: WaveResult = { lostChunks: 0, mostOpen: 0, peakKib: Number.NaN };
  let open = 0;
  const look = setInterval(() => {
    if (open === streams) result.peakKib = Math.max(residentKib(server.pid), result.peakKib || 0);
  }, LOOK_AT_MEMORY_MS);
  const reading: Promise<void>[] = [];
  const opening = new Set<Promise<void>>();
  for (let index = 0; index < streams; index++) {
    const user = `stream-${index}`;
    const begun = Promise.withResolvers<void>();
    const onFirstText = () => {
      open++;
      result.mostOpen = Math.max(result.mostOpen, open);
      begun.resolve();
    };
    const body = chatBody(BODY_BYTES, { stream: true, user, pace });
    const whole = readStream({ url: server.url, headers: clientHeaders(server.key), body, onFirstText });
    const counted = whole.then((received) => {
      if (received.texts.length > 0) open--;
      result.lostChunks += lostIn(received, user, pace);
    });
    reading.push(counted);
    const settled = Promise.race([begun.promise, counted]).finally(() => opening.delete(settled));
    opening.add(settled);
    if (opening.size >= OPENING_AT_ONCE) await Promise.race(opening);
  }
  await Promise.all(reading);
  clearInterval(look);
  return result;
}

/** Chunks that are missing, doubled, foreign or out of order, and one more when the stream did not end with `[DONE]`. */
function lostIn({ texts, isDone }: ReceivedStream, user: string, { chunks }: Pace): number {
  const expected = Array.from({ length: chunks }, (_, number) => chunkText(user, number));
  let lost = isDone ? 0 : 1;
  let next = 0;
  for (const text of texts) {
    const place = expected.indexOf(text, next);
    lost += place === -1 ? 1 : place - next;
    if (place !== -1) next = place + 1;
  }
  return lost + chunks - next;
}
