import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import { createCreditStore } from "./credits.ts";
import { LeasePool } from "./lease-pool.ts";
import { KEEP_ANSWERS_MS, KEEP_ENDED_MS, pruneLedger } from "./prune.ts";
import { createStatementStore } from "./statement.ts";
import { verifyLedger } from "./verify/verify.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const OLD = NOW - KEEP_ENDED_MS - 1;
const YOUNG = NOW - KEEP_ENDED_MS + 1;
const MORE_THAN_TWO_PORTIONS = 1_100;

eachEngine((databases) => {
  test("holds and leases that ended long ago are dropped, however many; open and younger ones stay", async () => {
    const { db } = await databases.open();
    const hold = (request_id: string, state: string, ended_at: number | null) => ({
      ...{ request_id, state, ended_at, process_id: "proc", lease_id: null, limits: "[]", key_id: "k", user_id: "u" },
      ...{ granted_nano: 0n, progress_nano: 0n, draft: null, started_at: OLD },
    });
    const old = Array.from({ length: MORE_THAN_TWO_PORTIONS }, (_, index) => hold(`old_${index}`, "posted", OLD));
    for (let from = 0; from < old.length; from += 100) {
      await db
        .insertInto("reservation")
        .values(old.slice(from, from + 100))
        .execute();
    }
    const kept = [hold("held", "held", null), hold("young", "voided", YOUNG)];
    await db.insertInto("reservation").values(kept).execute();
    const lease = (id: string, state: string, created_at: number) => ({
      ...{ id, state, created_at, process_id: "proc", limits: "[]", amount_nano: 0n, added_nano: 0n, serial: 1 },
    });
    const leases = [lease("open", "open", OLD), lease("closed", "closed", OLD), lease("young", "expired", YOUNG)];
    await db.insertInto("lease").values(leases).execute();
    await pruneLedger(db, NOW);
    const reservations = await db.selectFrom("reservation").select("request_id").orderBy("request_id").execute();
    expect(reservations.map((row) => row.request_id)).toEqual(["held", "young"]);
    const left = await db.selectFrom("lease").select("id").orderBy("id").execute();
    expect(left.map(({ id }) => id)).toEqual(["open", "young"]);
  });

  test("a first answer is given again as long as is promised; after that its name moves nothing more", async () => {
    const storage = await databases.open();
    const userId = await storedPerson(storage, "budi@example.com");
    const credits = createCreditStore(storage);
    const named = { principal: "owner", name: "invoice-7", requestHash: "same", nowMs: NOW };
    const pay = () => credits.topUp({ userId, nano: 500n, note: null, actorId: "owner" }, named);
    expect(await pay()).toMatchObject({ kind: "moved", isRepeated: false });
    await pruneLedger(storage.db, NOW + KEEP_ANSWERS_MS);
    expect(await pay()).toMatchObject({ kind: "moved", isRepeated: true });
    await pruneLedger(storage.db, NOW + KEEP_ANSWERS_MS + 1);
    expect(await storage.db.selectFrom("idempotent_answer").selectAll().execute()).toEqual([]);
    expect(await pay()).toEqual({ kind: "otherRequest" });
    expect(await createStatementStore(storage.db).balance(userId)).toBe(500n);
    expect((await verifyLedger(storage, true)).breaches).toEqual([]);
  });
});

test("no process asks for a lease to grow that may have been dropped: an empty one is replaced after a day", () => {
  const pool = new LeasePool();
  const { set } = pool.setFor([], NOW, 0);
  const first = pool.wish(set);
  pool.grown(set, first, { addedNano: 5n, limitIds: [] });
  pool.takeFree(set);
  expect(pool.wish(set).leaseId).toBe(first.leaseId);
  pool.setFor([], NOW, 24 * 60 * 60_000);
  const later = pool.wish(set);
  expect(later.leaseId).not.toBe(first.leaseId);
  expect(later.serial).toBe(1);
});
