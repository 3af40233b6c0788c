import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { openBank } from "../../../test/support/money.ts";

/** Enough looks to call a silent process dead. */
const LOOKS = 8;

eachEngine((databases) => {
  async function start() {
    const bank = await openBank(databases);
    const key = await bank.newKey({ limitNano: 1_000_000n });
    const limit = () => bank.storage.db.selectFrom("spend_limit").selectAll().executeTakeFirstOrThrow();
    const lookFor = async (process: Awaited<ReturnType<typeof bank.start>>, looks = LOOKS) => {
      for (let look = 0; look < looks; look++) {
        bank.clock.pass(3_000);
        await process.ledger.tending.tend();
      }
    };
    return { ...bank, bank, key, limit, lookFor };
  }

  test("what a dead process held is settled from its last mark, as an estimate, and the rest is free again", async () => {
    const { bank, key, limit, lookFor, storage } = await start();
    const dying = await bank.start();
    const calls = [];
    for (let count = 0; count < 4; count++) calls.push(await dying.reserve(key, { wantNano: 1_000n }));
    for (const [index, call] of calls.entries()) {
      // The first is a hold of its own, the others are in a lease; two of the four have begun to answer.
      if (call.kind === "held" && index % 3 === 0) dying.ledger.progress(call.hold, 250n);
    }
    await dying.ledger.tending.pulse();
    const survivor = await bank.start();
    await lookFor(survivor);
    expect(await limit()).toMatchObject({ posted_nano: 500n, pending_nano: 0n });
    const rows = await storage.db.selectFrom("usage").selectAll().execute();
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({
        cost_nano: 250n,
        tokens_estimated: 1,
        error_code: "shutting_down",
        prompt_tokens: 7,
        key_id: key.publicId,
      });
    }
    const states = await storage.db.selectFrom("reservation").select("state").execute();
    expect(states.map(({ state }) => state).sort()).toEqual(["posted", "posted"]);
  });

  test("a process that shows itself is left alone, however long its calls last", async () => {
    const { bank, key, limit, clock } = await start();
    const living = await bank.start();
    await living.reserve(key, { wantNano: 1_000n });
    const other = await bank.start();
    for (let look = 0; look < LOOKS; look++) {
      clock.pass(3_000);
      await living.ledger.tending.tend();
      await other.ledger.tending.tend();
    }
    expect(await limit()).toMatchObject({ posted_nano: 0n, pending_nano: 1_000n });
  });

  test("looks that failed do not count: after an outage every process gets its time again", async () => {
    const { bank, key, limit, lookFor, storage, clock } = await start();
    const silent = await bank.start();
    await silent.reserve(key, { wantNano: 1_000n });
    const other = await bank.start();
    await lookFor(other, 4);
    const { db } = storage;
    await db.schema.alterTable("ledger_process").renameTo("ledger_process_gone").execute();
    clock.pass(3_000);
    await expect(other.ledger.tending.tend()).rejects.toThrow();
    await db.schema.alterTable("ledger_process_gone").renameTo("ledger_process").execute();
    await lookFor(other, 4);
    expect(await limit()).toMatchObject({ pending_nano: 1_000n });
    await lookFor(other, 4);
    expect(await limit()).toMatchObject({ pending_nano: 0n });
  });

  test("a process that was called dead too early overspends nothing: late bills are paid from what is left", async () => {
    const { bank, key, limit, lookFor, keys, userId, clock, storage } = await start();
    const slow = await bank.start();
    const calls = [await slow.reserve(key, { wantNano: 1_000n }), await slow.reserve(key, { wantNano: 1_000n })];
    const other = await bank.start();
    await lookFor(other);
    expect(await limit()).toMatchObject({ pending_nano: 0n });
    await keys.update(userId, key.publicId, { limitNano: 1_500n }, clock.now);
    expect(await other.reserve(key, { wantNano: 100n })).toMatchObject({ kind: "held" });
    expect(await slow.settle(calls[0]!, 900n)).toMatchObject({ chargedNano: 900n, lossNano: 0n });
    expect(await slow.settle(calls[1]!, 900n)).toMatchObject({ chargedNano: 500n, lossNano: 400n });
    expect(await limit()).toMatchObject({ posted_nano: 1_400n, pending_nano: 100n });
    const { loss } = await storage.db
      .selectFrom("posting")
      .select((eb) => eb.fn.sum<bigint>("amount_nano").as("loss"))
      .where("account_id", "=", "provider_cost")
      .executeTakeFirstOrThrow();
    expect(BigInt(loss)).toBe(400n);
    // It learns that it was called dead, and goes on under a new name.
    expect(await slow.reserve(key, { wantNano: 1n })).toMatchObject({ kind: "refused", leftNano: 0n });
  });

  test("whoever has the database alone settles everything at the start", async () => {
    const { bank, key, limit } = await start();
    const dead = await bank.start();
    for (let count = 0; count < 3; count++) await dead.reserve(key, { wantNano: 1_000n });
    await bank.start({ isAlone: true });
    expect(await limit()).toMatchObject({ posted_nano: 0n, pending_nano: 0n });
  });

  test("a call that was settled by its successor is not billed again by its own late record", async () => {
    const { bank, key, limit, storage } = await start();
    const slow = await bank.start();
    const call = await slow.reserve(key, { wantNano: 1_000n });
    if (call.kind === "held") slow.ledger.progress(call.hold, 250n);
    await slow.ledger.tending.pulse();
    await bank.start({ isAlone: true });
    await slow.settle(call, 900n);
    expect(await limit()).toMatchObject({ posted_nano: 250n, pending_nano: 0n });
    expect(await storage.db.selectFrom("usage").selectAll().execute()).toHaveLength(1);
  });

  test("a hold or a lease whose answer was lost is given back by the process in whose name it stands", async () => {
    const { bank, key, limit, clock } = await start();
    const process = await bank.start();
    const { tending } = process.ledger;
    const { processId } = tending;
    const limits = await bank.limitsOf(key);
    const ask = { keyId: key.publicId, userId: bank.userId, startedAtMs: clock.now, wantNano: 10n, leastNano: 10n };
    await tending.submit({ kind: "reserve", requestId: "lost_1", processId, ...ask, lease: null });
    const lease = { leaseId: "lease_lost", serial: 1, waitingNano: 10n, limits };
    await tending.submit({ kind: "reserve", requestId: "lost_2", processId, ...ask, lease });
    expect((await limit()).pending_nano).toBeGreaterThan(10n);
    clock.pass(30_000);
    await tending.tend();
    expect((await limit()).pending_nano).toBeGreaterThan(10n);
    clock.pass(60_000);
    await tending.tend();
    expect((await limit()).pending_nano).toBe(0n);
  });

  test("a process is called dead after five looks in which its heart stood still, and not one look earlier", async () => {
    const { bank, key, limit, lookFor } = await start();
    const silent = await bank.start();
    await silent.reserve(key, { wantNano: 1_000n });
    const other = await bank.start();
    // The first look only sees where the heart stands.
    await lookFor(other, 5);
    expect(await limit()).toMatchObject({ pending_nano: 1_000n });
    await lookFor(other, 1);
    expect(await limit()).toMatchObject({ pending_nano: 0n });
  });

  test("an own hold is left alone while its call runs, and one that nobody knows of for exactly a minute", async () => {
    const { bank, key, limit, clock, storage } = await start();
    const process = await bank.start();
    await process.reserve(key, { wantNano: 1_000n });
    const { tending } = process.ledger;
    const { processId } = tending;
    clock.pass(45_000);
    const who = { keyId: key.publicId, userId: bank.userId, startedAtMs: clock.now, wantNano: 10n, leastNano: 10n };
    await tending.submit({ kind: "reserve", requestId: "lost", processId, ...who, lease: null });
    const sweep = async (passMs: number) => {
      clock.pass(passMs);
      await tending.tend();
      return (await limit()).pending_nano;
    };
    expect(await sweep(29_999)).toBe(1_010n);
    expect(await sweep(30_000)).toBe(1_010n);
    expect(await sweep(30_000)).toBe(1_000n);
    const { state } = await storage.db
      .selectFrom("reservation")
      .select("state")
      .where("request_id", "=", "lost")
      .executeTakeFirstOrThrow();
    expect(state).toBe("voided");
  });

  test("however many calls a dead process left, all of them are ended", async () => {
    const { bank, key, limit, storage } = await start();
    const dead = await bank.start({ hasLeases: false });
    await Promise.all(Array.from({ length: 401 }, () => dead.reserve(key, { wantNano: 1n })));
    expect(await limit()).toMatchObject({ pending_nano: 401n });
    await bank.start({ isAlone: true });
    expect(await limit()).toMatchObject({ pending_nano: 0n });
    const held = await storage.db.selectFrom("reservation").selectAll().where("state", "=", "held").execute();
    expect(held).toEqual([]);
  });
});
