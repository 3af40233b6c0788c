/** Several processes that spend the same money at once, and the account of it afterwards. */
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { createApiKey } from "../../../src/kernel/api-key.ts";
import { systemClock } from "../../../src/kernel/clock.ts";
import { newId } from "../../../src/kernel/ids.ts";
import { greaterOf, lesserOf } from "../../../src/kernel/money.ts";
import { createCreditStore } from "../../../src/storage/ledger/credits.ts";
import { createLedger } from "../../../src/storage/ledger/ledger.ts";
import { verifyLedger } from "../../../src/storage/ledger/verify/verify.ts";
import type { Storage, StorageOptions } from "../../../src/storage/open.ts";
import { createBudgetStore } from "../../../src/storage/stores/budgets.ts";
import { createKeyStore } from "../../../src/storage/stores/keys.ts";
import { createUsageWriter } from "../../../src/storage/usage-writer/usage-writer.ts";
import { storedPerson, usageRow } from "../../support/stored.ts";
import type { CallerJob, CallerReport } from "./caller.ts";

const CALLER = join(import.meta.dir, "caller.ts");

export interface Storm {
  /** Calls of each process. */
  calls: number;
  seed: number;
  mostNano: number;
  longestMs: number;
  /** What the tightest limit has at the beginning. */
  budgetNano: bigint;
  /** Which limit that is; the others have a little more. */
  tightest: "key" | "account" | "credit" | "instance";
}

export interface StormResult {
  held: number;
  refused: number;
  failed: number;
  contradictions: number;
  /** What was charged beyond any limit. */
  overspendNano: bigint;
  breaches: string[];
  /** After the storm, all that is left can be had: false when a call for exactly that was refused for ten seconds. */
  isAllLeftToHave: boolean;
}

export interface Callers {
  storm(storm: Storm): Promise<StormResult>;
  stop(): Promise<void>;
}

/** Leases that lie idle come back after a second and the next look; the rest is room for a busy machine. */
const LEFT_WITHIN_MS = 10_000;

export async function startCallers(storage: Storage, options: StorageOptions, count: number): Promise<Callers> {
  const callers = await Promise.all(Array.from({ length: count }, () => startCaller(options)));
  let jobs = 0;
  return {
    storm: async (storm) => {
      const { hash, keyId, userId } = await prepare(storage, storm);
      const { seed, calls, mostNano, longestMs } = storm;
      const reports = await Promise.all(
        callers.map((caller, index) => {
          const job = { id: ++jobs, seed: seed * 1_000 + index, hash, calls, mostNano, longestMs };
          return caller.run(job);
        }),
      );
      const sum = (name: "held" | "refused" | "failed" | "contradictions") =>
        reports.reduce((total, report) => total + report[name], 0);
      return {
        held: sum("held"),
        refused: sum("refused"),
        failed: sum("failed"),
        contradictions: sum("contradictions"),
        isAllLeftToHave: await isAllLeftToHave(storage, { hash, keyId, userId }),
        overspendNano: await overspend(storage),
        breaches: (await verifyLedger(storage, true)).breaches.map(({ invariant, text }) => `${invariant}: ${text}`),
      };
    },
    stop: async () => {
      await Promise.all(callers.map((caller) => caller.stop()));
    },
  };
}

async function startCaller(options: StorageOptions) {
  const child = Bun.spawn([process.execPath, CALLER, JSON.stringify(options)], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const lines = createInterface({ input: Readable.fromWeb(child.stdout as never) })[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`a caller ended early with ${await child.exited}`);
    return String(value);
  };
  if ((await line()) !== "ready") throw new Error("a caller did not start");
  return {
    run: async (job: CallerJob): Promise<CallerReport> => {
      child.stdin.write(`${JSON.stringify(job)}\n`);
      child.stdin.flush();
      return JSON.parse(await line());
    },
    stop: async () => {
      child.stdin.end();
      await child.exited;
    },
  };
}

const LOOSE_NANO = 1_000n;

/** An account of its own with a key, whose tightest limit has exactly the budget. */
async function prepare(storage: Storage, { budgetNano, tightest }: Storm) {
  const nowMs = systemClock.nowMs();
  const userId = await storedPerson(storage, `${newId("x")}@example.com`);
  const key = createApiKey("inference");
  const of = (scope: Storm["tightest"]) => (scope === tightest ? budgetNano : budgetNano + LOOSE_NANO);
  const limits = { limitNano: of("key"), limitReset: "monthly" as const };
  await createKeyStore(storage.db).create(key, { userId, name: "Storm", expiresAt: null, ...limits }, nowMs);
  const budgets = createBudgetStore(storage.db);
  await budgets.set(
    { scope: "account", ownerId: userId },
    { reset: "weekly", nano: of("account"), setBy: "owner" },
    nowMs,
  );
  await budgets.setBilling(userId, "prepaid", nowMs);
  const paid = { userId, nano: of("credit"), note: null, actorId: null };
  await createCreditStore(storage).topUp(paid, { principal: "storm", name: newId("name"), requestHash: "", nowMs });
  const [spent] = await budgets.states("instance", [""], nowMs);
  const before = spent?.spentNano ?? (await spentInAll(storage));
  await budgets.set(
    { scope: "instance", ownerId: "" },
    { reset: null, nano: before + of("instance"), setBy: "owner" },
    nowMs,
  );
  return { hash: key.hash, keyId: key.publicId, userId };
}

async function spentInAll({ db }: Storage): Promise<bigint> {
  const sum = db.selectFrom("key_day").select((eb) => eb.fn.sum<string | bigint | null>("cost_nano").as("spent"));
  return BigInt((await sum.executeTakeFirst())?.spent ?? 0n);
}

async function overspend({ db }: Storage): Promise<bigint> {
  const rows = await db.selectFrom("spend_limit").select(["posted_nano", "lim_nano"]).execute();
  return rows.reduce((most, row) => greaterOf(row.posted_nano - row.lim_nano, most), 0n);
}

/** Asks for all that is left until somebody gives it; gives it back. */
async function isAllLeftToHave(
  storage: Storage,
  { hash, keyId, userId }: { hash: string; keyId: string; userId: string },
) {
  const writer = createUsageWriter(storage);
  const ledger = await createLedger({ db: storage.db, writer, clock: systemClock });
  const giveUpAtMs = performance.now() + LEFT_WITHIN_MS;
  try {
    for (;;) {
      const key = await createKeyStore(storage.db).findByHash(hash);
      const limits = [...ledger.instanceLimits(), ...(key?.spendLimits ?? [])];
      const row = usageRow();
      const who = {
        requestId: row.request_id,
        keyId,
        userId,
        startedAtMs: systemClock.nowMs(),
        limits,
        draft: () => row,
      };
      const most = 2n ** 62n;
      const wantNano = await unspent(storage, limits.length === 0 ? most : null, { keyId, userId });
      const decision = await ledger.reserve({ ...who, wantNano, leastNano: wantNano });
      if (decision.kind === "held") {
        await ledger.release(decision.hold);
        return true;
      }
      if (performance.now() > giveUpAtMs) return false;
      await Bun.sleep(20);
    }
  } finally {
    await ledger.close();
    await writer.close();
  }
}

/** What no record has charged yet, in the tightest limit. */
async function unspent({ db }: Storage, none: bigint | null, { keyId, userId }: { keyId: string; userId: string }) {
  if (none !== null) return none;
  const rows = await db.selectFrom("spend_limit").selectAll().where("owner_id", "in", [keyId, userId, ""]).execute();
  return rows.reduce((least, { lim_nano, posted_nano }) => lesserOf(lim_nano - posted_nano, least), 2n ** 62n);
}
