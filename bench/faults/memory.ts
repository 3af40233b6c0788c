/** What clients that do not read, and streams on which nothing happens, take up. */
import { readFileSync } from "node:fs";
import { clientHeaders } from "../support/gapura-server.ts";
import { descendantsOf, settledResidentKib } from "../support/process-stats.ts";
import { runAtRate } from "../support/rate-load.ts";
import { percentile } from "../support/statistics.ts";
import { ask, bodyOf, startWorld, type World } from "./world.ts";

const OPENING_AT_ONCE = 64;
/** As much as a flood is in one of these streams: ten megabytes, with their framing. */
const FLOOD = { tokens: 2_500, tokenBytes: 4_096 };
/** Some megabytes for each client go through before its buffers are full, and the program grows by that; these make it. */
const FIRST_STALLED = 100;
const FLOOD_MS = 4_000;
const SETTLE_MS = 3_000;
const FLOOD_SETTLE_MS = 8_000;
/** A word now and then; the stream is open for longer than it is looked at. */
const IDLE = { tokens: 5, betweenMs: 30_000 };
/** Whole requests before the streams are opened, and beside them. */
const OTHERS = { perSecond: 40, requests: 400 };
const WARM_UP = 100;
/** Of the gateway: two for each stream, and those of the program itself. */
const FILES_PER_STREAM = 2;
const OTHER_FILES = 500;

export interface MemoryUse {
  streams: number;
  kibPerStream: number;
  /** What the system keeps in the buffers of all connections of this machine, for each stream. */
  systemKibPerStream: number;
}

export interface StalledUse extends MemoryUse {
  /** Of all of them, with what the flood itself has made the program grow by. */
  kib: number;
}

export async function stalledReaders(world: World, streams: number): Promise<StalledUse> {
  await warmUp(world);
  const idle = await settledResidentKib(world.gapura.pid, SETTLE_MS);
  const body = bodyOf({ stream: true, fault: FLOOD });
  const flood = async (count: number) => {
    const sockets = await opened(world, { streams: count, body, reads: false });
    await Bun.sleep(FLOOD_MS);
    // What was passed on until then is garbage; only what is still held counts.
    return { sockets, kib: await settledResidentKib(world.gapura.pid, FLOOD_SETTLE_MS), systemKib: systemKib() };
  };
  const first = await flood(FIRST_STALLED);
  const all = await flood(streams - FIRST_STALLED);
  for (const socket of [...first.sockets, ...all.sockets]) socket.terminate();
  const further = all.sockets.length;
  return {
    streams,
    kibPerStream: (all.kib - first.kib) / further,
    systemKibPerStream: (all.systemKib - first.systemKib) / further,
    kib: all.kib - idle,
  };
}

export interface IdleUse extends MemoryUse {
  /** Streams that were not there any more when they were looked at. */
  dropped: number;
  /** By how much a whole request beside them takes longer than one without them; null where nobody was asked. */
  othersAdded: { p50Ms: number; p99Ms: number } | null;
  /** Processes that hold the streams together. */
  processes: number;
}

/**
 * Many streams on which nothing happens, in a world of their own. Where one process may not open two files for each of them,
 * two hold them together.
 */
export async function idleStreams(wanted: number, { asksOthers }: { asksOthers: boolean }): Promise<IdleUse> {
  const atOnce = (processes: number) => Math.floor(((openFiles() - OTHER_FILES) * processes) / FILES_PER_STREAM);
  // Connections are not spread evenly among processes, hence half as much again.
  const processes = atOnce(1) >= wanted || atOnce(2) < wanted * 1.5 ? 1 : 2;
  const streams = Math.min(wanted, atOnce(processes), openFiles() - OTHER_FILES);
  const world = await startWorld({ env: { WORKERS: String(processes) } });
  const { pid } = world.gapura;
  const memory = async () => {
    const each = [pid, ...descendantsOf(pid)].map((process) => settledResidentKib(process, SETTLE_MS));
    return (await Promise.all(each)).reduce((sum, kib) => sum + kib, 0);
  };
  await warmUp(world);
  if (asksOthers) await others(world);
  const alone = asksOthers ? await others(world) : null;
  const before = await memory();
  const systemBefore = systemKib();
  const sockets = await opened(world, { streams, body: bodyOf({ stream: true, fault: IDLE }), reads: true });
  const kib = (await memory()) - before;
  const beside = asksOthers ? await others(world) : null;
  const dropped = sockets.filter(({ data }) => !data.isOpen).length;
  const system = systemKib() - systemBefore;
  for (const socket of sockets) socket.terminate();
  await world.gapura.stop();
  return {
    ...{ streams, processes, dropped, kibPerStream: kib / streams, systemKibPerStream: system / streams },
    othersAdded: alone && beside && { p50Ms: beside.p50Ms - alone.p50Ms, p99Ms: beside.p99Ms - alone.p99Ms },
  };
}

async function others({ chatUrl, key }: World): Promise<{ p50Ms: number; p99Ms: number }> {
  const { wholeMs } = await runAtRate({ url: chatUrl, headers: clientHeaders(key), body: bodyOf({}), ...OTHERS });
  return { p50Ms: percentile(wholeMs, 0.5), p99Ms: percentile(wholeMs, 0.99) };
}

async function warmUp(world: World): Promise<void> {
  for (let number = 0; number < WARM_UP; number++) await (await ask(world, { stream: true })).text();
}

interface Connection {
  isOpen: boolean;
  begun: PromiseWithResolvers<void>;
}

/** So many streams, a few opened at a time; resolves when each has begun, for those that read. */
async function opened(
  world: World,
  { streams, body, reads }: { streams: number; body: string; reads: boolean },
): Promise<Bun.Socket<Connection>[]> {
  const { hostname, port, host, pathname } = new URL(world.chatUrl);
  const headers = { host, ...clientHeaders(world.key), "content-length": String(Buffer.byteLength(body)) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const message = [`POST ${pathname} HTTP/1.1`, ...lines, "", body].join("\r\n");
  const sockets: Bun.Socket<Connection>[] = [];
  for (let from = 0; from < streams; from += OPENING_AT_ONCE) {
    const batch = Array.from({ length: Math.min(OPENING_AT_ONCE, streams - from) }, () =>
      Bun.connect<Connection>({
        ...{ hostname, port: Number(port), data: { isOpen: true, begun: Promise.withResolvers<void>() } },
        socket: {
          open: (socket) => {
            if (!reads) socket.pause();
            socket.write(message);
          },
          data: ({ data }) => data.begun.resolve(),
          close: ({ data }) => {
            data.isOpen = false;
            data.begun.resolve();
          },
        },
      }),
    );
    const connected = await Promise.all(batch);
    sockets.push(...connected);
    if (reads) await Promise.all(connected.map(({ data }) => data.begun.promise));
  }
  return sockets;
}

/** Of this process, and so of those that it starts. */
function openFiles(): number {
  const found = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
  return Number(found?.[1] ?? 1_024);
}

/** What the buffers of TCP take up on this machine, in pages of four KiB. */
function systemKib(): number {
  const found = /^TCP:.* mem (\d+)/m.exec(readFileSync("/proc/net/sockstat", "utf8"));
  return Number(found?.[1] ?? 0) * 4;
}
