/**
 * Eight processes that spend the same money at once, on both databases: whether any limit is overspent, the books stay
 * whole and all that is left can be had afterwards; and what a reservation costs a rich and a poor account.
 */
import { sql } from "kysely";
import { createApiKey } from "../src/kernel/api-key.ts";
import { systemClock } from "../src/kernel/clock.ts";
import { createLedger } from "../src/storage/ledger/ledger.ts";
import { openStorage, type Storage, type StorageOptions } from "../src/storage/open.ts";
import { createKeyStore, type KeyWithOwner } from "../src/storage/stores/keys.ts";
import { createFaultyWriter } from "../test/races/support/faulty-writer.ts";
import { type StormResult, startCallers } from "../test/races/support/storm.ts";
import { storedPerson, usageRow } from "../test/support/stored.ts";
import { findPostgres, startPostgres } from "../tools/postgres.ts";
import type { Bench, BenchOptions, BenchReport, Figure } from "./figure.ts";
import { makeFolder } from "./support/processes.ts";

const SEEDS = Number(process.env.RACES_SEEDS ?? 100);
const QUICK_SEEDS = 4;
/** Storms in one database: the whole of its books is looked through after each. */
const STORMS_EACH = 10;
const PROCESSES = 8;
const CALLS = 200;
const TIGHTEST = ["key", "account", "credit", "instance"] as const;
/** A budget of three and a half calls, and one of some hundreds, in which leases come and go. */
const BUDGETS = [3_500n, 250_000n];
const MEASURED_CALLS = 2_000;
const AT_ONCE = 20;

export const racesBench: Bench = {
  name: "races",
  summary: "overspending, broken books and lost money when eight processes spend from one budget; writes for each call",
  run,
};

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  const binaries = findPostgres();
  const postgres = binaries === null ? null : await startPostgres(binaries);
  try {
    const places: { engine: string; options: StorageOptions }[] = [
      { engine: "sqlite", options: { dataDir: makeFolder() } },
      ...(postgres === null
        ? []
        : [{ engine: "postgres", options: { dataDir: makeFolder(), databaseUrl: postgres.url } }]),
    ];
    const reports: BenchReport[] = [];
    for (const { engine, options } of places) {
      const seeds = Array.from({ length: quick ? QUICK_SEEDS : SEEDS }, (_, index) => index + 1);
      const results: StormResult[] = [];
      for (let from = 0; from < seeds.length; from += STORMS_EACH) {
        results.push(...(await storms(await freshPlace(options, from), seeds.slice(from, from + STORMS_EACH))));
        note(`${engine}: ${results.length} storms.`);
      }
      reports.push(judge(results, engine));
      const storage = await openStorage(options);
      reports.push({ figures: await costs(storage, engine).finally(() => storage.close()), broken: [] });
    }
    if (postgres === null) note("PostgreSQL is not installed here: its figures are missing.");
    return { figures: reports.flatMap(({ figures }) => figures), broken: reports.flatMap(({ broken }) => broken) };
  } finally {
    await postgres?.stop();
  }
}

/** A database of its own beside the one that is named. */
async function freshPlace({ databaseUrl }: StorageOptions, number: number): Promise<StorageOptions> {
  const dataDir = makeFolder();
  if (databaseUrl === undefined) return { dataDir };
  const storage = await openStorage({ dataDir, databaseUrl });
  await sql
    .raw(`create database storms_${number}`)
    .execute(storage.db)
    .finally(() => storage.close());
  const url = new URL(databaseUrl);
  url.pathname = `/storms_${number}`;
  return { dataDir, databaseUrl: url.href };
}

async function storms(options: StorageOptions, seeds: readonly number[]): Promise<StormResult[]> {
  const storage = await openStorage(options);
  const callers = await startCallers(storage, options, PROCESSES);
  const results: StormResult[] = [];
  try {
    for (const seed of seeds) {
      const tightest = TIGHTEST[seed % TIGHTEST.length] ?? "key";
      const budgetNano = BUDGETS[seed % BUDGETS.length] ?? 0n;
      results.push(await callers.storm({ calls: CALLS, seed, tightest, budgetNano, mostNano: 1_000, longestMs: 20 }));
    }
  } finally {
    await callers.stop();
    await storage.close();
  }
  return results;
}

function judge(results: readonly StormResult[], engine: string): BenchReport {
  const sum = (value: (result: StormResult) => number) => results.reduce((total, result) => total + value(result), 0);
  const calls = sum(({ held, refused, failed }) => held + refused + failed);
  const zero = [
    { figure: "overspend_nano", value: sum(({ overspendNano }) => Number(overspendNano)), unit: "nano-USD", n: calls },
    { figure: "invariant_breaks", value: sum(({ breaches }) => breaches.length), unit: "breaks", n: results.length },
    {
      figure: "wrongly_denied",
      value: sum(({ contradictions, isAllLeftToHave }) => contradictions + (isAllLeftToHave ? 0 : 1)),
      unit: "refusals",
      n: sum(({ refused }) => refused),
    },
  ].map((figure) => ({ ...figure, figure: `${engine}_${figure.figure}` }));
  const broken = zero
    .filter(({ value }) => value !== 0)
    .map(({ figure, value }) => `${figure} is ${value}, and has to be 0.`);
  const held = { figure: `${engine}_held`, value: sum((result) => result.held), unit: "calls", n: calls };
  // Calls that an overloaded machine could not answer in time: told so with a 503, and charged nothing.
  const late = { figure: `${engine}_late`, value: sum(({ failed }) => failed), unit: "calls", n: calls };
  return { figures: [...zero, held, late], broken };
}

/** Transactions and CPU time for each call, rich, poor and without a limit; twenty calls at once, in one process. */
async function costs(storage: Storage, engine: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  const userId = await storedPerson(storage, `costs-${engine}@example.com`);
  for (const [name, limitNano] of [
    ["unlimited", null],
    ["poor", 400_000n],
    ["rich", 1_000_000_000_000n],
  ] as const) {
    const made = createApiKey("inference");
    const keys = createKeyStore(storage.db);
    await keys.create(made, { userId, name, expiresAt: null, limitNano }, systemClock.nowMs());
    const key = await keys.findByHash(made.hash);
    if (!key) throw new Error("the key was not made");
    await storage.db.deleteFrom("budget").execute();
    const { transactions, cpuUs } = await spend(storage, key);
    figures.push({
      figure: `${engine}_${name}_writes_per_call`,
      value: transactions,
      unit: "commits",
      n: MEASURED_CALLS,
    });
    figures.push({ figure: `${engine}_${name}_cpu_us_per_call`, value: cpuUs, unit: "µs", n: MEASURED_CALLS });
  }
  return figures;
}

async function spend(storage: Storage, key: KeyWithOwner): Promise<{ transactions: number; cpuUs: number }> {
  const writer = createFaultyWriter(storage, systemClock);
  const ledger = await createLedger({ db: storage.db, writer, clock: systemClock });
  let left = MEASURED_CALLS;
  const work = async () => {
    while (left-- > 0) {
      const row = usageRow({ key_id: key.id, user_id: key.user_id, created_at: systemClock.nowMs(), cost_nano: 10n });
      const who = { requestId: row.request_id, keyId: key.id, userId: key.user_id, startedAtMs: row.created_at };
      if (key.spendLimits.length === 0) {
        await ledger.settle(row, null);
        continue;
      }
      const ask = { ...who, limits: key.spendLimits, wantNano: 20_000n, leastNano: 10n, draft: () => row };
      const decision = await ledger.reserve(ask);
      if (decision.kind === "held") await ledger.settle(row, decision.hold);
    }
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const { user, system } = process.cpuUsage(before);
  await ledger.close();
  await writer.close();
  return { transactions: writer.transactions / MEASURED_CALLS, cpuUs: (user + system) / MEASURED_CALLS };
}
