/**
 * SIGKILL while requests run, again and again on the same data folder. Every answer that a client has received whole must
 * be in the usage table exactly once, and the database must be whole.
 */
import type { Database } from "bun:sqlite";
import { isJsonObject } from "../src/kernel/json.ts";
import { verifyLedger } from "../src/storage/ledger/verify/verify.ts";
import { openStorage } from "../src/storage/open.ts";
import type { Bench, BenchOptions, BenchReport, Figure } from "./figure.ts";
import { KEEPS_ACCOUNT, type Pace } from "./support/fake-upstream.ts";
import {
  CHAT_PATH,
  chatBody,
  clientHeaders,
  connectedTo,
  countOf,
  createKey,
  generationId,
  readDatabase,
  startGapura,
} from "./support/gapura-server.ts";
import { makeFolder } from "./support/processes.ts";
import { median } from "./support/statistics.ts";
import { readStream } from "./support/stream-client.ts";
import { startUpstream } from "./support/surroundings.ts";

/** KILLS_ROUNDS raises it; a thousand take about an hour. */
const ROUNDS = Number(process.env.KILLS_ROUNDS ?? 100);
const QUICK_LIMIT_MS = 30_000;
const CLIENTS = 16;
/** Streams last longer than whole answers, so that a kill finds requests in every state. */
const PACE = { chunks: 5, intervalMs: 5 };
/** Of the streams, one client's are so long that marks of how far they are have been written when the kill comes. */
const LONG_PACE = { chunks: 2_000, intervalMs: 5 };
/** Every so many rounds the kill comes so late that the marks matter. */
const LATE_EVERY = 5;
const LATE_WITHIN_MS = 5_000;
const RECOVERY_LOOK_MS = 5;
/** Counted from the first answer of a round; where within it the kill comes is left to chance. */
const KILL_WITHIN_MS = 400;

export const killsBench: Bench = {
  name: "kills",
  summary: "acknowledged usage rows lost or doubled by SIGKILL under load",
  run,
};

interface Tally {
  acknowledged: Set<string>;
  restartMs: number[];
  recoveryMs: number[];
  unsound: string[];
}

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  const upstream = await startUpstream();
  const dataDir = makeFolder();
  const env = connectedTo(upstream.url);
  // With a limit, so that every call has its money set aside.
  const key = await createKey(dataDir, ["--limit", "100000"]);
  const tally: Tally = { acknowledged: new Set(), restartMs: [], recoveryMs: [], unsound: [] };
  const startedMs = performance.now();
  let rounds = 0;
  while (rounds < ROUNDS && !(quick && performance.now() - startedMs > QUICK_LIMIT_MS)) {
    const { server, url } = await restart(dataDir, env, tally);
    const isOver = { yet: false };
    const first = Promise.withResolvers<void>();
    const onAnswer = (id: string) => {
      tally.acknowledged.add(id);
      first.resolve();
    };
    const clients = Promise.all(
      Array.from({ length: CLIENTS }, (_, index) =>
        keepAsking({ url: url + CHAT_PATH, key, pace: paceOf(index), onAnswer, isOver }),
      ),
    );
    await Promise.race([first.promise, clients]);
    await Bun.sleep(Math.random() * (rounds % LATE_EVERY === LATE_EVERY - 1 ? LATE_WITHIN_MS : KILL_WITHIN_MS));
    isOver.yet = true;
    await server.kill();
    await clients;
    rounds++;
    if (rounds % 10 === 0) note(`${rounds} kills, ${tally.acknowledged.size} acknowledged answers so far.`);
  }
  const { server } = await restart(dataDir, env, tally);
  const report = readDatabase(dataDir, (database) => judge(database, tally, rounds));
  const sent = await sentBy(upstream.url);
  const unbilled = readDatabase(dataDir, (database) => unbilledPerKill(database, sent, rounds));
  await server.stop();
  const recovery = median(tally.recoveryMs);
  const figures = [
    ...report.figures,
    unbilled,
    { figure: "recovery_ms", value: recovery, unit: "ms", n: tally.recoveryMs.length },
  ];
  return withBooks({ ...report, figures }, await checkBooks(dataDir), rounds);
}

/** Even clients ask for streams, and the first of them for long ones. */
function paceOf(client: number): Pace | null {
  if (client % 2 !== 0) return null;
  return client === 0 ? LONG_PACE : PACE;
}

/** The tokens of each stream, by the provider's own account. */
async function sentBy(upstream: string): Promise<ReadonlyMap<string, number>> {
  const answer: unknown = await (await fetch(`${upstream}/sent`)).json();
  if (!isJsonObject(answer)) throw new Error("the fake upstream does not say what it sent");
  return new Map(Object.entries(answer).map(([id, tokens]) => [id, Number(tokens)]));
}

/** What was sent for a stream and stands in no row. A row that a mark was made into counts for as much as it says. */
function unbilledPerKill(database: Database, sent: ReadonlyMap<string, number>, rounds: number): Figure {
  const rows = database
    .query<{ id: string; tokens: number }, []>(
      "select upstream_id as id, completion_tokens as tokens from usage where upstream_id is not null",
    )
    .all();
  const billed = new Map(rows.map(({ id, tokens }) => [id, tokens]));
  const unbilled = [...sent].reduce((sum, [id, tokens]) => sum + Math.max(0, tokens - (billed.get(id) ?? 0)), 0);
  return { figure: "unbilled_tokens_per_kill", value: unbilled / rounds, unit: "tokens", n: rounds };
}

/** Waits until nothing is held any more. Nobody calls yet, so all that is held was left by the process that was killed. */
async function untilRecovered(dataDir: string): Promise<void> {
  const left = "select (select count(*) from reservation where state = 'held')";
  const leases = "(select count(*) from lease where state = 'open')";
  const query = `${left} + ${leases} as value`;
  while (readDatabase(dataDir, (database) => countOf(database, query)) > 0) await Bun.sleep(RECOVERY_LOOK_MS);
}

/** What a complete check of the ledger finds, and holds that outlived the processes that had them. */
async function checkBooks(dataDir: string): Promise<{ breaks: number; leftHeld: number }> {
  const storage = await openStorage({ dataDir });
  try {
    const { breaches } = await verifyLedger(storage, true);
    const held = await storage.db.selectFrom("reservation").select("request_id").where("state", "=", "held").execute();
    return { breaks: breaches.length, leftHeld: held.length };
  } finally {
    await storage.close();
  }
}

function withBooks(report: BenchReport, books: { breaks: number; leftHeld: number }, rounds: number): BenchReport {
  const figures = [
    { figure: "invariant_breaks", value: books.breaks, unit: "breaks", n: rounds },
    { figure: "left_held", value: books.leftHeld, unit: "holds", n: rounds },
  ];
  const broken = figures.filter(({ value }) => value !== 0);
  return {
    figures: [...report.figures, ...figures],
    broken: [...report.broken, ...broken.map(({ figure, value }) => `${figure} is ${value}, and has to be 0.`)],
  };
}

/** Starts on the same folder, which runs the server's own check, and looks through the whole file besides. */
async function restart(dataDir: string, env: Record<string, string>, tally: Tally) {
  const spawnedMs = performance.now();
  const server = startGapura(dataDir, env);
  const url = await server.listening();
  tally.restartMs.push(performance.now() - spawnedMs);
  await untilRecovered(dataDir);
  tally.recoveryMs.push(performance.now() - spawnedMs);
  const verdict = readDatabase(dataDir, (database) =>
    database.query<{ integrity_check: string }, []>("PRAGMA integrity_check(1)").get(),
  );
  if (verdict?.integrity_check !== "ok") tally.unsound.push(verdict?.integrity_check ?? "no answer");
  return { server, url };
}

interface Client {
  url: string;
  key: string;
  /** Of the streams that it asks for; null for whole answers. */
  pace: Pace | null;
  onAnswer(generationId: string): void;
  /** Set just before the kill: from then on a failure is expected. */
  isOver: { yet: boolean };
}

/** One request after the other until the server is gone. Rejects when one fails before that. */
async function keepAsking({ url, key, pace, onAnswer, isOver }: Client): Promise<void> {
  const headers = clientHeaders(key);
  while (!isOver.yet) {
    try {
      const id = pace ? await askForStream(url, headers, pace) : await askForWhole(url, headers);
      if (id !== undefined) onAnswer(id);
      else if (!isOver.yet) throw new Error("an answer broke off before the kill");
    } catch (error) {
      if (!isOver.yet) throw error;
    }
  }
}

/** The generation id once the whole body is here. */
async function askForWhole(url: string, headers: Record<string, string>): Promise<string | undefined> {
  const answer = await fetch(url, { method: "POST", headers, body: chatBody(1024) });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
  return generationId(text);
}

/** The generation id once `[DONE]` is here. */
async function askForStream(url: string, headers: Record<string, string>, pace: Pace): Promise<string | undefined> {
  const body = chatBody(1024, { stream: true, user: KEEPS_ACCOUNT, pace });
  const received = await readStream({ url, headers, body });
  return received.isDone ? received.generationId : undefined;
}

function judge(database: Database, { acknowledged, restartMs, unsound }: Tally, rounds: number): BenchReport {
  const kept = new Set(
    database
      .query<{ id: string }, []>("select id from usage")
      .all()
      .map(({ id }) => id),
  );
  const lost = [...acknowledged].filter((id) => !kept.has(id)).length;
  // The upstream gives every answer an id of its own, so an answer recorded twice shows even under two generation ids.
  const duplicated = countOf(
    database,
    "select count(*) - count(distinct upstream_id) as value from usage where upstream_id is not null",
  );
  const sumsOff = countOf(
    database,
    "select abs((select sum(requests) from key_day) - (select count(*) from usage)) as value",
  );
  const n = acknowledged.size;
  const figures = [
    { figure: "kills", value: rounds, unit: "kills", n: rounds },
    { figure: "acknowledged", value: n, unit: "answers", n },
    { figure: "acked_lost", value: lost, unit: "rows", n },
    { figure: "duplicated", value: duplicated, unit: "rows", n: kept.size },
    { figure: "sums_off", value: sumsOff, unit: "rows", n: kept.size },
    { figure: "unsound_files", value: unsound.length, unit: "files", n: restartMs.length },
    { figure: "kept_unacknowledged", value: kept.size - (n - lost), unit: "rows", n: kept.size },
    { figure: "restart_ms", value: median(restartMs), unit: "ms", n: restartMs.length },
  ];
  const broken = figures
    .filter(
      ({ figure, value }) => ["acked_lost", "duplicated", "sums_off", "unsound_files"].includes(figure) && value !== 0,
    )
    .map(({ figure, value }) => `${figure} is ${value}, and has to be 0.`);
  return { figures, broken };
}
