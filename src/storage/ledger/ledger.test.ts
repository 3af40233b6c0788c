import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { type Bank, type LedgerProcess, NOON, openBank } from "../../../test/support/money.ts";
import { usageRow } from "../../../test/support/stored.ts";
import type { NewApiKey } from "../../kernel/api-key.ts";

eachEngine((databases) => {
  async function start(limit: Parameters<Bank["newKey"]>[0] = { limitNano: 1_000n }) {
    const bank = await openBank(databases);
    const key = await bank.newKey(limit);
    const process = await bank.start();
    return { ...bank, ...process, bank, key, left: () => leftOf(process, key) };
  }
  async function leftOf(process: LedgerProcess, key: NewApiKey) {
    const decision = await process.reserve(key, { wantNano: 2n ** 60n });
    return decision.kind === "refused" ? decision.leftNano : null;
  }

  test("what is held cannot be held again, and what was not used comes back when the call is settled", async () => {
    const { reserve, settle, left, key } = await start();
    const first = await reserve(key, { wantNano: 600n });
    expect(first).toMatchObject({ kind: "held", hold: { grantedNano: 600n } });
    expect(await reserve(key, { wantNano: 600n })).toMatchObject({ kind: "refused", leftNano: 400n, resetsAtMs: null });
    expect(await settle(first, 100n)).toMatchObject({ chargedNano: 100n, lossNano: 0n });
    expect(await left()).toBe(900n);
  });

  test("a call that costs more than was held is charged what was held, and the rest is the operator's loss", async () => {
    const { reserve, settle, left, key, storage } = await start();
    const held = await reserve(key, { wantNano: 300n });
    expect(await settle(held, 450n)).toMatchObject({ chargedNano: 300n, lossNano: 150n });
    expect(await left()).toBe(700n);
    const kept = await storage.db.selectFrom("usage").select(["cost_nano", "loss_nano"]).executeTakeFirstOrThrow();
    expect(kept).toEqual({ cost_nano: 300n, loss_nano: 150n });
  });

  test("a call that takes less than it wants gets what is left, down to the least it can begin with", async () => {
    const { reserve, key } = await start();
    await reserve(key, { wantNano: 700n });
    expect(await reserve(key, { wantNano: 600n, leastNano: 301n })).toMatchObject({ kind: "refused", leftNano: 300n });
    const held = await reserve(key, { wantNano: 600n, leastNano: 300n });
    expect(held).toMatchObject({ kind: "held", hold: { grantedNano: 300n } });
  });

  test("a released hold is free again", async () => {
    const { reserve, ledger, left, key } = await start();
    const held = await reserve(key, { wantNano: 1_000n });
    if (held.kind === "held") await ledger.release(held.hold);
    expect(await left()).toBe(1_000n);
  });

  test("a hold is taken on instance, account and key at once, and a refusal names the tightest of them", async () => {
    const { reserve, budgets, userId, ledger, key } = await start();
    const instance = { scope: "instance", ownerId: "" } as const;
    await budgets.set({ scope: "account", ownerId: userId }, { reset: "daily", nano: 500n, setBy: "owner" }, NOON);
    await budgets.set(instance, { reset: "monthly", nano: 400n, setBy: "owner" }, NOON);
    await ledger.tending.refresh();
    expect(ledger.instanceLimits()).toEqual([{ ...instance, reset: "monthly", nano: 400n }]);
    expect(await reserve(key, { wantNano: 450n })).toMatchObject({
      kind: "refused",
      limit: instance,
      leftNano: 400n,
      resetsAtMs: Date.UTC(2026, 11, 1),
    });
    await budgets.set(instance, { reset: "monthly", nano: null, setBy: "owner" }, NOON);
    expect(await reserve(key, { wantNano: 450n })).toMatchObject({ kind: "held" });
    expect(await reserve(key, { wantNano: 100n })).toMatchObject({
      kind: "refused",
      limit: { scope: "account", ownerId: userId },
      leftNano: 50n,
      resetsAtMs: Date.UTC(2026, 10, 25),
    });
  });

  test("a limit that is set after money was spent counts what was spent before", async () => {
    const { reserve, settle, left, keys, key, userId } = await start({});
    await settle(await reserve(key, { wantNano: 5_000n }), 300n);
    await keys.update(userId, key.publicId, { limitNano: 1_000n, limitReset: "weekly" }, NOON);
    expect(await left()).toBe(700n);
  });

  test("a new window has the whole limit, and a call counts in the window in which it was held", async () => {
    const { reserve, settle, left, clock, key } = await start({ limitNano: 1_000n, limitReset: "daily" });
    const yesterday = await reserve(key, { wantNano: 800n });
    clock.now = Date.UTC(2026, 10, 25);
    expect(await left()).toBe(1_000n);
    await settle(yesterday, 800n);
    expect(await left()).toBe(1_000n);
    clock.now = NOON;
    expect(await left()).toBe(200n);
  });

  test("a busy key with much left is held in memory, and the database has set all of it aside before", async () => {
    const { reserve, settle, storage, key } = await start({ limitNano: 1_000_000n });
    const pending = async () => {
      const row = storage.db.selectFrom("spend_limit").select(["posted_nano", "pending_nano"]);
      return row.executeTakeFirstOrThrow();
    };
    const reservations = async () => (await storage.db.selectFrom("reservation").selectAll().execute()).length;
    await reserve(key, { wantNano: 100n });
    const second = await reserve(key, { wantNano: 100n });
    expect(await reservations()).toBe(1);
    expect((await pending()).pending_nano).toBe(100n + 9_999n);
    const many = [];
    for (let count = 0; count < 50; count++) many.push(await reserve(key, { wantNano: 100n }));
    expect(many.every(({ kind }) => kind === "held")).toBe(true);
    expect((await pending()).pending_nano).toBe(100n + 9_999n);
    await settle(second, 60n);
    expect(await pending()).toEqual({ posted_nano: 60n, pending_nano: 100n + 9_999n - 60n });
    expect(await reservations()).toBe(1);
  });

  test("calls that come all at once share the growth of a lease", async () => {
    const { reserve, storage, key } = await start({ limitNano: 1_000_000n });
    await reserve(key, { wantNano: 100n });
    const decisions = await Promise.all(Array.from({ length: 400 }, () => reserve(key, { wantNano: 100n })));
    expect(decisions.every(({ kind }) => kind === "held")).toBe(true);
    const leases = await storage.db.selectFrom("lease").select(["amount_nano", "serial"]).execute();
    const single = (await storage.db.selectFrom("reservation").select("granted_nano").execute()).length;
    expect(leases).toHaveLength(1);
    expect(single).toBeLessThan(10);
    expect(leases[0]!.amount_nano).toBeGreaterThanOrEqual(BigInt(401 - single) * 100n);
    expect(leases[0]!.serial).toBeLessThan(10);
  });

  test("what lies idle in a lease goes back, and another process can have it to the last nano-dollar", async () => {
    const { bank, reserve, settle, ledger, clock, key } = await start({ limitNano: 1_000_000n });
    const held = [await reserve(key, { wantNano: 100n }), await reserve(key, { wantNano: 100n })];
    for (const decision of held) await settle(decision, 100n);
    const other = await bank.start();
    expect(await other.reserve(key, { wantNano: 999_800n })).toMatchObject({ kind: "refused" });
    clock.pass(1_000);
    await ledger.tending.tend();
    await ledger.tending.submit({ kind: "pulse", processId: "proc_x", marks: [] });
    expect(await other.reserve(key, { wantNano: 999_801n })).toMatchObject({ kind: "refused", leftNano: 999_800n });
    expect(await other.reserve(key, { wantNano: 999_800n })).toMatchObject({ kind: "held" });
  });

  test("when little is left a lease goes back at once, so that the last money is given out exactly", async () => {
    const { reserve, settle, key } = await start({ limitNano: 100_000n });
    let spent = 0n;
    for (let count = 0; count < 200; count++) {
      const held = await reserve(key, { wantNano: 1_000n, leastNano: 500n });
      if (held.kind === "refused") break;
      spent += (await settle(held, 500n)).chargedNano ?? 0n;
    }
    expect(spent).toBe(100_000n);
  });

  test("a lowered limit gives no new holds, also not out of a lease, and what was held before is charged in full", async () => {
    const { reserve, settle, keys, key, userId, left } = await start({ limitNano: 1_000_000n });
    const held = [await reserve(key, { wantNano: 100n }), await reserve(key, { wantNano: 100n })];
    await keys.update(userId, key.publicId, { limitNano: 150n }, NOON);
    expect(await reserve(key, { wantNano: 1n })).toMatchObject({ kind: "refused", leftNano: 0n });
    for (const decision of held) expect(await settle(decision, 90n)).toMatchObject({ chargedNano: 90n });
    expect(await left()).toBe(0n);
  });

  test("a call that begins under the id of another gets what that one was given, and nothing once it has ended", async () => {
    const { bank, reserve, settle, key, left } = await start();
    const first = await reserve(key, { wantNano: 300n, requestId: "req_same" });
    const other = await bank.start();
    const again = await other.reserve(key, { wantNano: 700n, requestId: "req_same" });
    expect(again).toMatchObject({ kind: "held", hold: { grantedNano: 300n } });
    expect(await left()).toBe(700n);
    await settle(first, 100n);
    await expect(other.reserve(key, { wantNano: 700n, requestId: "req_same" })).rejects.toThrow("ended");
    expect(await left()).toBe(900n);
  });

  test("keys without a limit leave no trace in the ledger", async () => {
    const { ledger, storage, key, userId } = await start({});
    await ledger.settle(usageRow({ key_id: key.publicId, user_id: userId, cost_nano: 5n }), null);
    for (const table of ["spend_limit", "reservation", "lease", "transfer", "ledger_process"] as const) {
      expect(await storage.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  test("while the database refuses, a call is refused in time; when it works again nothing is held that nobody has", async () => {
    const bank = await openBank(databases);
    const key = await bank.newKey({ limitNano: 1_000n });
    const other = await bank.start();
    await other.reserve(key, { wantNano: 100n });
    const hasty = await bank.start({ reserveWaitMs: 50 });
    const { schema } = bank.storage.db;
    await schema.alterTable("reservation").renameTo("reservation_gone").execute();
    await expect(hasty.reserve(key, { wantNano: 100n })).rejects.toThrow("no reservation");
    await schema.alterTable("reservation_gone").renameTo("reservation").execute();
    // What was asked in vain may still be written by a later try: it is given back as soon as that is known.
    for (let tries = 0; (await leftOf(other, key)) !== 900n; tries++) expect(tries).toBeLessThan(1_000);
    expect(await other.reserve(key, { wantNano: 900n })).toMatchObject({ kind: "held" });
  });
});
