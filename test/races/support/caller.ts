/**
 * One process of a storm: reads jobs from standard input, a line of JSON each, makes all their calls at once through a
 * ledger of its own, and writes what came of them. Run by `storm.ts`.
 */
import { createInterface } from "node:readline";
import { systemClock } from "../../../src/kernel/clock.ts";
import { createLedger, type MoneyLedger } from "../../../src/storage/ledger/ledger.ts";
import { openStorage, type Storage, type StorageOptions } from "../../../src/storage/open.ts";
import { createKeyStore, type KeyWithOwner } from "../../../src/storage/stores/keys.ts";
import { createUsageWriter } from "../../../src/storage/usage-writer/usage-writer.ts";
import { randomFrom } from "../../support/fuzz/random.ts";
import { usageRow } from "../../support/stored.ts";

export interface CallerJob {
  id: number;
  seed: number;
  hash: string;
  calls: number;
  /** Costs in nano-dollars lie between one and this. */
  mostNano: number;
  /** How long a call may last. */
  longestMs: number;
}

export interface CallerReport {
  id: number;
  held: number;
  refused: number;
  failed: number;
  /** Refusals that said that more was left than the call needed at least. */
  contradictions: number;
  charged: string;
}

async function call(
  { ledger, key, job }: { ledger: MoneyLedger; key: KeyWithOwner; job: CallerJob },
  random: () => number,
): Promise<Partial<Record<keyof CallerReport, number>> & { nano?: bigint }> {
  const wantNano = BigInt(1 + Math.floor(random() * job.mostNano));
  const leastNano = random() < 0.5 ? wantNano : 1n + (wantNano - 1n) / 2n;
  const [isReleased, share, startMs, lastMs] = [
    random() < 0.1,
    random() * 1.2,
    random() * 30,
    random() * job.longestMs,
  ];
  await Bun.sleep(startMs);
  const row = usageRow({ key_id: key.id, user_id: key.user_id, created_at: systemClock.nowMs() });
  const who = { requestId: row.request_id, keyId: key.id, userId: key.user_id, startedAtMs: row.created_at };
  const limits = [...ledger.instanceLimits(), ...key.spendLimits];
  const decision = await ledger.reserve({ ...who, limits, wantNano, leastNano, draft: () => row });
  if (decision.kind === "refused") return { refused: 1, contradictions: decision.leftNano >= leastNano ? 1 : 0 };
  await Bun.sleep(lastMs);
  if (isReleased) {
    await ledger.release(decision.hold);
    return { held: 1, nano: 0n };
  }
  const cost_nano = BigInt(Math.ceil(Number(decision.hold.grantedNano) * share));
  const outcome = await ledger.settle({ ...row, cost_nano }, decision.hold);
  return { held: 1, nano: outcome.chargedNano ?? 0n };
}

function failed(error: unknown): { failed: number } {
  console.error(error);
  return { failed: 1 };
}

async function work(ledger: MoneyLedger, storage: Storage, job: CallerJob): Promise<CallerReport> {
  const { next: random } = randomFrom(job.seed);
  const key = await createKeyStore(storage.db).findByHash(job.hash);
  if (!key) throw new Error("there is no such key");
  await ledger.tending.refresh();
  const parts = { ledger, key, job };
  const calls = Array.from({ length: job.calls }, () => call(parts, random).catch(failed));
  const outcomes: Awaited<ReturnType<typeof call>>[] = await Promise.all(calls);
  const sum = (name: "held" | "refused" | "failed" | "contradictions") =>
    outcomes.reduce((total, outcome) => total + (outcome[name] ?? 0), 0);
  return {
    id: job.id,
    held: sum("held"),
    refused: sum("refused"),
    failed: sum("failed"),
    contradictions: sum("contradictions"),
    charged: String(outcomes.reduce((total, { nano }) => total + (nano ?? 0n), 0n)),
  };
}

const options: StorageOptions = JSON.parse(process.argv[2] ?? "{}");
const storage = await openStorage(options);
const writer = createUsageWriter(storage);
// Patient, since this is about money and not about how fast the machine is.
const ledger = await createLedger({ db: storage.db, writer, clock: systemClock }, { reserveWaitMs: 60_000 });
const tending = setInterval(() => ledger.tending.tend().catch(() => {}), 250);
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await work(ledger, storage, JSON.parse(line))));
}
clearInterval(tending);
await ledger.close();
await writer.close();
await storage.close();
process.exit();
