/** SIGKILL before every single statement of a reservation and of a settlement, and after the commit that nobody heard of. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { createCreditStore } from "../../src/storage/ledger/credits.ts";
import { verifyLedger } from "../../src/storage/ledger/verify/verify.ts";
import { eachEngine } from "../support/databases.ts";
import { openBank } from "../support/money.ts";
import type { Fault } from "./support/faulty-writer.ts";
import type { VictimOrders } from "./support/victim.ts";

const VICTIM = join(import.meta.dir, "support/victim.ts");
const LIMIT_MS = 240_000;
/** No transaction asks so many questions. */
const MOST_QUESTIONS = 60;
const LIMIT_NANO = 1_000_000n;

eachEngine((databases) => {
  /** Lets a process die there, and another one clean up after it. Null when it lived, because there is no such place. */
  async function dieAt(act: VictimOrders["act"], fault: Fault) {
    const bank = await openBank(databases);
    const key = await bank.newKey({ limitNano: LIMIT_NANO, limitReset: "monthly" });
    await bank.budgets.setBilling(bank.userId, "prepaid", bank.clock.now);
    const once = { principal: "owner", name: "first", requestHash: "", nowMs: bank.clock.now };
    await createCreditStore(bank.storage).topUp(
      { userId: bank.userId, nano: LIMIT_NANO, note: null, actorId: null },
      once,
    );
    const orders: VictimOrders = { options: bank.options, hash: key.hash, act, fault };
    const child = Bun.spawn([process.execPath, VICTIM, JSON.stringify(orders)], { stdout: "pipe", stderr: "pipe" });
    const [said, errors] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    if (child.signalCode === null && child.exitCode !== 0) throw new Error(errors);
    expect(said).toContain("begun");
    expect((await verifyLedger(bank.storage, true)).breaches).toEqual([]);
    await bank.start({ isAlone: true });
    const { breaches } = await verifyLedger(bank.storage, true);
    const usage = await bank.storage.db.selectFrom("usage").select(["id", "cost_nano", "tokens_estimated"]).execute();
    const limits = await bank.storage.db.selectFrom("spend_limit").select(["posted_nano", "pending_nano"]).execute();
    return { isDead: child.signalCode === "SIGKILL", said, breaches, usage, limits };
  }

  const cases = [
    { act: "reserve", tells: "held", paid: [0n] },
    { act: "settle", tells: "settled", paid: [0n, 60n] },
    { act: "leasedSettle", tells: "settled", paid: [0n, 60n] },
    { act: "progress", tells: "marked", paid: [0n, 40n] },
    { act: "release", tells: "released", paid: [0n, 40n] },
  ] as const;

  for (const { act, tells, paid } of cases) {
    test(
      `a process killed at any statement of "${act}" leaves whole books, all money free, and no bill twice`,
      async () => {
        let deaths = 0;
        for (let fault = 0; fault < MOST_QUESTIONS; fault++) {
          const end = await dieAt(act, fault);
          if (!end.isDead) break;
          deaths++;
          expect(end.said).not.toContain(tells);
          judge(end, paid);
        }
        expect(deaths).toBeGreaterThanOrEqual(4);
        expect(deaths).toBeLessThan(MOST_QUESTIONS);
        const unheard = await dieAt(act, "after commit");
        expect(unheard.isDead).toBe(true);
        judge(unheard, paid);
        if (act === "settle" || act === "leasedSettle") expect(unheard.usage).toMatchObject([{ cost_nano: 60n }]);
      },
      LIMIT_MS,
    );
  }

  function judge(end: Awaited<ReturnType<typeof dieAt>>, paid: readonly bigint[]) {
    expect(end.breaches).toEqual([]);
    expect(end.usage.length).toBeLessThanOrEqual(1);
    for (const limit of end.limits) {
      expect(limit.pending_nano).toBe(0n);
      expect(paid).toContain(limit.posted_nano);
    }
  }
});
