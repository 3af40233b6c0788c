/**
 * How long a key still works after the answer that says it was revoked, frozen or bound to other
 * addresses: until the first new call is refused, and until a stream that was running has ended.
 *
 * The change is made over the public API of a server with one process, and of one with two, on SQLite and on PostgreSQL
 * where that is installed. Calls ask without a pause, each on a connection of its own, so that both processes are asked;
 * the time is that of the last call let in.
 */
import pg from "pg";
import { isJsonObject } from "../src/kernel/json.ts";
import { findPostgres, startPostgres } from "../tools/postgres.ts";
import type { Bench, BenchOptions, BenchReport, Figure } from "./figure.ts";
import { CHAT_PATH, chatBody, clientHeaders, connectedTo, createKey, startGapura } from "./support/gapura-server.ts";
import { makeFolder } from "./support/processes.ts";
import { percentile } from "./support/statistics.ts";
import { readStream } from "./support/stream-client.ts";
import { startUpstream } from "./support/surroundings.ts";

const ROUNDS = 120;
const QUICK_ROUNDS = 8;
/** Longer than anything that is measured, so that no stream ends by itself. */
const PACE = { chunks: 600, intervalMs: 50 };
/** So many refusals one after the other mean that every process refuses. */
const REFUSALS = 12;
/** The promise: whatever happens, no longer than this. */
const CEILING_MS = 5_000;
/** On a connection of its own, which may be any process's. */
const ALONE = { connection: "close" };
const GIVE_UP_MS = 20_000;
const WAYS = ["revoke", "freeze", "allow_list"] as const;
type Way = (typeof WAYS)[number];

export const revocationBench: Bench = {
  name: "revocation",
  summary: "how long a revoked, frozen or bound key still works, in new calls and in running streams",
  run,
};

interface Place {
  url: string;
  management: string;
}

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  const upstream = await startUpstream();
  const binaries = findPostgres();
  const postgres = binaries === null ? null : await startPostgres(binaries);
  if (postgres === null) note("PostgreSQL is not installed here: its figures are missing.");
  const rounds = quick ? QUICK_ROUNDS : ROUNDS;
  const figures: Figure[] = [];
  for (const workers of [1, 2]) {
    const servers = {
      sqlite: {},
      ...(postgres && { postgres: await newDatabase(postgres.url, `workers_${workers}`) }),
    };
    for (const [engine, database] of Object.entries(servers)) {
      const name = `${engine}_processes_${workers}`;
      figures.push(
        ...(await measureServer(name, { ...database, ...connectedTo(upstream.url), WORKERS: `${workers}` }, rounds)),
      );
      note(`${engine}, ${workers} processes: done.`);
    }
  }
  await postgres?.stop();
  const slow = figures.filter(({ figure, value }) => figure.endsWith("_max_ms") && (value ?? 0) > CEILING_MS);
  return { figures, broken: slow.map(({ figure, value }) => `${figure} is ${value}, more than ${CEILING_MS}.`) };
}

async function measureServer(name: string, env: Record<string, string>, rounds: number): Promise<Figure[]> {
  const dataDir = makeFolder();
  const management = await createKey(dataDir, ["--management"], env);
  const server = startGapura(dataDir, env);
  const place = { url: await server.listening(), management };
  const figures: Figure[] = [];
  for (const way of WAYS) {
    const calls: number[] = [];
    const streams: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const times = await measure(place, way);
      calls.push(times.callMs);
      if (times.streamMs !== null) streams.push(times.streamMs);
    }
    figures.push(...summed(`${name}_${way}_call`, calls));
    if (streams.length > 0) figures.push(...summed(`${name}_${way}_stream`, streams));
  }
  await server.stop();
  return figures;
}

/** An empty one on that server, as the setting that a Gapura takes it from. */
async function newDatabase(serverUrl: string, name: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { DATABASE_URL: url.href };
}

function summed(name: string, times: readonly number[]): Figure[] {
  const shares = { p50: 0.5, p99: 0.99, max: 1 };
  return Object.entries(shares).map(([part, share]) => ({
    figure: `${name}_${part}_ms`,
    value: percentile(times, share),
    unit: "ms",
    n: times.length,
  }));
}

/** One key: a stream begins, the change is answered, and the clock runs. An allow-list ends no stream. */
async function measure(place: Place, way: Way): Promise<{ callMs: number; streamMs: number | null }> {
  const { key, hash } = await newKey(place);
  const begun = Promise.withResolvers<void>();
  let endedMs: number | null = null;
  const body = chatBody(1024, { stream: true, pace: PACE });
  const hasStream = way !== "allow_list";
  const stream =
    hasStream &&
    readStream({
      url: place.url + CHAT_PATH,
      headers: { ...clientHeaders(key), ...ALONE },
      body,
      onFirstText: begun.resolve,
    }).then(() => {
      endedMs = performance.now();
    });
  if (hasStream) await begun.promise;
  for (let call = 0; call < REFUSALS; call++) {
    if (!(await isLetIn(place, key))) throw new Error("a new key was refused");
  }
  const since = await change(place, way, hash);
  const lastMs = await lastLetIn(place, key, since);
  await stream;
  return { callMs: lastMs - since, streamMs: endedMs === null ? null : Math.max(0, endedMs - since) };
}

/** When the last call was let in that began before so many were refused in a row. */
async function lastLetIn(place: Place, key: string, sinceMs: number): Promise<number> {
  let lastMs = sinceMs;
  for (let refused = 0; refused < REFUSALS; ) {
    const beganMs = performance.now();
    if (beganMs - sinceMs > GIVE_UP_MS) throw new Error("the key still works");
    if (await isLetIn(place, key)) {
      lastMs = beganMs;
      refused = 0;
    } else refused++;
  }
  return lastMs;
}

async function isLetIn({ url }: Place, key: string): Promise<boolean> {
  const headers = { ...clientHeaders(key), ...ALONE };
  const answer = await fetch(`${url}${CHAT_PATH}`, { method: "POST", headers, body: chatBody(1024), keepalive: false });
  await answer.arrayBuffer();
  if (![200, 401, 403].includes(answer.status)) throw new Error(`the call was answered with ${answer.status}`);
  return answer.status === 200;
}

/** Makes the change; resolves to when it was answered. */
async function change(place: Place, way: Way, hash: string): Promise<number> {
  const path = `/api/v1/keys/${hash}`;
  if (way === "revoke") await ask(place, `DELETE ${path}`);
  if (way === "freeze") await ask(place, `PATCH ${path}`, { disabled: true });
  if (way === "allow_list") await ask(place, `PATCH ${path}`, { allowed_addresses: ["192.0.2.1"] });
  return performance.now();
}

async function newKey(place: Place): Promise<{ key: string; hash: string }> {
  const answer = await ask(place, "POST /api/v1/keys", { name: "Bench" });
  const data = answer.data;
  if (typeof answer.key !== "string" || !isJsonObject(data) || typeof data.hash !== "string") {
    throw new Error(`no key was made: ${JSON.stringify(answer)}`);
  }
  return { key: answer.key, hash: data.hash };
}

async function ask({ url, management }: Place, target: `${string} ${string}`, body?: object) {
  const [method = "", path = ""] = target.split(" ");
  const headers = { ...clientHeaders(management), ...ALONE };
  const sent = body && { body: JSON.stringify(body) };
  const answer = await fetch(url + path, { method, headers, keepalive: false, ...sent });
  const parsed: unknown = await answer.json();
  if (!answer.ok || !isJsonObject(parsed)) throw new Error(`${target}: ${answer.status}`);
  return parsed;
}
