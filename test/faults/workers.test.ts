/** Several processes as one instance: what one of them does, or suffers, is no other's business. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyLedger } from "../../src/storage/ledger/verify/verify.ts";
import { openStorage, type Storage } from "../../src/storage/open.ts";
import { configFile, costOf, MODEL } from "../support/fault-gateway.ts";
import { type FaultProvider, PROMPT_TOKENS, startFaultProvider } from "../support/fault-provider/provider.ts";
import { WHOLE_ANSWER } from "../support/fault-provider/script.ts";
import { hear, soundsWhole } from "../support/heard.ts";
import { type GapuraProcess, runGapura, spawnGapura } from "../support/process.ts";
import { until } from "../support/visitor.ts";

let dataDir: string;
let provider: FaultProvider;
let gapura: GapuraProcess;
let storage: Storage;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "gapura-workers-"));
  provider = startFaultProvider({ models: [MODEL] });
  gapura = await start();
  storage = await openStorage({ dataDir });
});
afterEach(async () => {
  const left = isAlive(gapura.pid) ? workers() : [];
  gapura.signal("SIGKILL");
  await gapura.ended;
  for (const pid of left.filter(isAlive)) process.kill(pid, "SIGKILL");
  await until(async () => left.every((pid) => !isAlive(pid)), PATIENCE_MS);
  await storage.close();
  provider.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}): Promise<GapuraProcess> {
  const file = join(dataDir, "gapura.config.yaml");
  writeFileSync(file, configFile([provider.url]));
  return spawnGapura(dataDir, { WORKERS: "2", GAPURA_CONFIG: file, ALLOW_PRIVATE_UPSTREAM: provider.host, ...env });
}

/** The processes that the supervisor has started and that live. */
function workers(): number[] {
  const list = readFileSync(`/proc/${gapura.pid}/task/${gapura.pid}/children`, "utf8");
  return list
    .split(" ")
    .map(Number)
    .filter((pid) => pid > 0);
}

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

/** Resolves when the system has let go of all that it had. */
async function killOne(): Promise<number> {
  const victim = workers().at(-1);
  if (victim === undefined) throw new Error("no worker is running");
  process.kill(victim, "SIGKILL");
  await until(async () => !workers().includes(victim));
  return victim;
}

const PATIENCE_MS = 120_000;

async function newKey(...more: string[]): Promise<string> {
  const owner = ["--name", "Siti", "--email", "siti@example.com", "--data-dir", dataDir];
  const { code, out, error } = await runGapura(["keys", "create", "Workers", ...owner, ...more]);
  if (code !== 0) throw new Error(error);
  return out.trim();
}

/** Each over a connection of its own, so that the system deals them out. */
function chat(key: string, more: object = {}): Promise<Response> {
  return fetch(`${gapura.url}/api/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", connection: "close" },
    body: JSON.stringify({
      model: MODEL,
      max_tokens: WHOLE_ANSWER.tokens,
      messages: [{ role: "user", content: "Halo" }],
      ...more,
    }),
    keepalive: false,
  });
}

/** Streams that have begun and wait for the provider, at both workers. */
async function heldStreams(key: string, count: number) {
  const texts = Array.from({ length: count }, async () => {
    const answer = await chat(key, { stream: true, fault: { holdAfterTokens: 2 } });
    const begun = Promise.withResolvers<void>();
    const decoder = new TextDecoder();
    let text = "";
    const whole = (async () => {
      try {
        for await (const bytes of answer.body ?? []) {
          text += decoder.decode(bytes, { stream: true });
          begun.resolve();
        }
      } catch {
        // What came before is what there is.
      }
      begun.resolve();
      return hear(text);
    })();
    await begun.promise;
    return { whole };
  });
  const streams = await Promise.all(texts);
  const exchanges = await Promise.all(streams.map(() => provider.next()));
  return { streams, release: () => exchanges.map((exchange) => exchange.go()) };
}

const HELD = 24;
const COST = costOf(PROMPT_TOKENS, WHOLE_ANSWER.tokens);

test("a worker that is killed takes its own answers with it and nobody else's, is started again, and nothing that was acknowledged is lost", async () => {
  const key = await newKey();
  const { streams, release } = await heldStreams(key, HELD);
  const victim = await killOne();
  // Who comes now is answered, whether or not there are two again.
  const beside = await Promise.all(Array.from({ length: 8 }, () => chat(key)));
  expect(beside.map(({ status }) => status)).toEqual(beside.map(() => 200));
  const acknowledged = beside.map((answer) => answer.headers.get("x-generation-id") ?? "");
  await Promise.all(beside.map((answer) => answer.text()));
  release();
  const heard = await Promise.all(streams.map(({ whole }) => whole));
  const whole = heard.filter(soundsWhole).length;
  expect(whole).toBeGreaterThan(0);
  expect(whole).toBeLessThan(HELD);
  await until(async () => workers().length === 2 && !workers().includes(victim), PATIENCE_MS);
  const kept = await until(async () => {
    const rows = await storage.db.selectFrom("usage").select(["id", "error_code"]).execute();
    return rows.filter(({ error_code }) => error_code === null).length >= whole + acknowledged.length && rows;
  }, PATIENCE_MS);
  const ids = new Set(kept.map(({ id }) => id));
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  expect(new Set(kept.map(({ id }) => id)).size).toBe(kept.length);
});

test("a budget is exact over all workers, also when one is killed in the middle", async () => {
  const calls = 60;
  const limitNano = COST * BigInt(calls);
  const limitUsd = Number(limitNano) / 1e9;
  const key = await newKey("--limit", limitUsd.toFixed(6));
  const charged = async () => {
    const rows = await storage.db.selectFrom("usage").select("cost_nano").execute();
    return rows.reduce((sum, { cost_nano }) => sum + (cost_nano ?? 0n), 0n);
  };
  let isSpent = false;
  const statuses = new Set<number>();
  const callers = Array.from({ length: 12 }, async () => {
    while (!isSpent) {
      // Without an answer it was a connection to the one that was killed.
      const answer = await chat(key).catch(() => null);
      await answer?.text().catch(() => null);
      if (answer) statuses.add(answer.status);
    }
  });
  try {
    await until(async () => (await charged()) > limitNano / 3n, PATIENCE_MS);
    await killOne();
    // What the killed one held comes back when the others have found it dead.
    await until(async () => (await charged()) > limitNano - 6n * COST, PATIENCE_MS);
  } finally {
    isSpent = true;
    await Promise.all(callers);
  }
  // Everybody else was answered, or has spent what there was.
  expect([...statuses].filter((status) => status !== 200 && status !== 402)).toEqual([]);
  expect(await charged()).toBeLessThanOrEqual(limitNano);
  expect((await verifyLedger(storage)).breaches).toEqual([]);
});

test("a key that is disabled ends its streams at every worker", async () => {
  const key = await newKey();
  const { streams } = await heldStreams(key, HELD);
  expect((await runGapura(["keys", "disable", key.slice(4, 12), "--data-dir", dataDir])).code).toBe(0);
  const heard = await Promise.all(streams.map(({ whole }) => whole));
  expect(heard.filter((one) => soundsWhole(one) || one.errors.length !== 1)).toEqual([]);
  await until(async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => chat(key)));
    return answers.every(({ status }) => status === 401);
  }, PATIENCE_MS);
});

test("a stop lets the answers of all workers end, and a second instance is refused meanwhile", async () => {
  const key = await newKey();
  const refused = (error: Error) => error.message;
  expect(await start().then(() => "started", refused)).toContain("Another Gapura already uses the data folder");
  const elsewhere = mkdtempSync(join(tmpdir(), "gapura-workers-"));
  const port = new URL(gapura.url).port;
  const second = spawnGapura(elsewhere, { WORKERS: "2", PORT: port }).then(() => "started", refused);
  expect(await second).toContain("is already in use");
  rmSync(elsewhere, { recursive: true, force: true });

  const { streams, release } = await heldStreams(key, 8);
  gapura.signal("SIGTERM");
  await until(async () => (await fetch(`${gapura.url}/ready`).catch(() => null))?.status !== 200, PATIENCE_MS);
  release();
  const heard = await Promise.all(streams.map(({ whole }) => whole));
  expect(heard.filter((one) => !soundsWhole(one))).toEqual([]);
  expect(await gapura.ended).toBe(0);
  const rows = await storage.db.selectFrom("usage").select("id").execute();
  expect(rows).toHaveLength(8);
});

test("money that workers still need when their supervisor was killed is nobody else's, though the next instance has started", async () => {
  const key = await newKey("--limit", (Number(10n * COST) / 1e9).toFixed(6));
  const left = workers();
  const { streams, release } = await heldStreams(key, 2);
  const killed = gapura.pid;
  gapura.signal("SIGKILL");
  await until(async () => !isAlive(killed), PATIENCE_MS);
  gapura = await start();
  for (let calls = 0; calls < 20 && (await chat(key)).status === 200; ) calls++;
  expect(left.some(isAlive)).toBe(true);
  release();
  const heard = await Promise.all(streams.map(({ whole }) => whole));
  expect(heard.filter((one) => !soundsWhole(one))).toEqual([]);
  await until(async () => left.every((pid) => !isAlive(pid)), PATIENCE_MS);
  const rows = await storage.db
    .selectFrom("usage")
    .select(["cost_nano", "loss_nano"])
    .where("status", "=", 200)
    .execute();
  expect(rows.length).toBeGreaterThanOrEqual(2);
  expect(rows).toEqual(rows.map(() => ({ cost_nano: COST, loss_nano: 0n })));
});

test("workers whose supervisor is killed stop by themselves, and the next start is clean", async () => {
  const left = workers();
  expect(left).toHaveLength(2);
  gapura.signal("SIGKILL");
  await gapura.ended;
  await until(async () => left.every((pid) => !isAlive(pid)), PATIENCE_MS);
  gapura = await start();
  expect((await fetch(`${gapura.url}/health`)).status).toBe(200);
  expect(workers()).toHaveLength(2);
});
