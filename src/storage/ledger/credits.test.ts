import { expect, test } from "bun:test";
import { sql } from "kysely";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import { createKeyStore } from "../stores/keys.ts";
import { createCreditStore } from "./credits.ts";
import { createStatementStore } from "./statement.ts";

const NOW = Date.UTC(2026, 10, 24, 12);

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const userId = await storedPerson(storage, "budi@example.com");
    const credits = createCreditStore(storage);
    const named = (name: string, requestHash = "same", nowMs = NOW) => ({
      principal: "owner",
      name,
      requestHash,
      nowMs,
    });
    const of = (nano: bigint, note: string | null = null) => ({ userId, nano, note, actorId: "owner" });
    return { storage, userId, credits, statement: createStatementStore(storage.db), named, of };
  }

  test("what is paid in under one name is paid in once, however often and however much at once it is asked", async () => {
    const { credits, named, of, userId, statement } = await start();
    const answers = await Promise.all(Array.from({ length: 8 }, () => credits.topUp(of(500n), named("a"))));
    const moved = answers.map((answer) => (answer.kind === "moved" ? answer.moved : null));
    expect(new Set(moved.map((each) => each?.transferId)).size).toBe(1);
    expect(moved[0]).toMatchObject({ nano: 500n, balanceNano: 500n, createdAtMs: NOW, kind: "top_up" });
    expect(answers.filter((answer) => answer.kind === "moved" && !answer.isRepeated)).toHaveLength(1);
    expect(await statement.balance(userId)).toBe(500n);
    expect(await credits.states([userId])).toEqual([{ userId, boughtNano: 500n, spentNano: 0n, heldNano: 0n }]);
  });

  test("an account that never had credit has nothing of it, and nothing held", async () => {
    const { credits, userId } = await start();
    expect(await credits.states([userId])).toEqual([{ userId, boughtNano: 0n, spentNano: 0n, heldNano: 0n }]);
  });

  test("a name that stood for another request moves nothing", async () => {
    const { credits, named, of, userId, statement } = await start();
    await credits.topUp(of(500n), named("a", "500 USD"));
    expect(await credits.topUp(of(700n), named("a", "700 USD"))).toEqual({ kind: "otherRequest" });
    expect(await statement.balance(userId)).toBe(500n);
  });

  test("no more goes back than is left, and a refusal can be asked again under its name", async () => {
    const { credits, named, of, userId, statement } = await start();
    expect(await credits.refund(of(1n), named("r0"))).toEqual({ kind: "tooMuch", leftNano: 0n });
    await credits.topUp(of(500n), named("a"));
    expect(await credits.refund(of(501n), named("r1"))).toEqual({ kind: "tooMuch", leftNano: 500n });
    await credits.grant(of(1n), named("b"));
    expect(await credits.refund(of(501n), named("r1"))).toMatchObject({ kind: "moved", moved: { balanceNano: 0n } });
    expect(await statement.balance(userId)).toBe(0n);
  });

  test("a statement shows every movement with the balance after it, page after page, newest first", async () => {
    const { credits, named, of, userId, statement } = await start();
    for (let index = 1; index <= 5; index++) {
      await credits.topUp(of(BigInt(index), `payment ${index}`), named(String(index), "", NOW + index));
    }
    const first = await statement.page(userId, { limit: 3 });
    expect(first.entries.map(({ amountNano, balanceNano }) => [amountNano, balanceNano])).toEqual([
      [5n, 15n],
      [4n, 10n],
      [3n, 6n],
    ]);
    expect(first.entries[0]).toMatchObject({ note: "payment 5", actorId: "owner", requestId: null, kind: "top_up" });
    const second = await statement.page(userId, { limit: 3, cursor: first.nextCursor ?? "" });
    expect(second.entries.map(({ balanceNano }) => balanceNano)).toEqual([3n, 1n]);
    expect(second.nextCursor).toBeNull();
    const some = await statement.page(userId, { limit: 9, fromMs: NOW + 2, toMs: NOW + 4, kind: "top_up" });
    expect(some.entries.map(({ amountNano }) => amountNano)).toEqual([3n, 2n]);
    const all = [];
    for await (const portion of statement.all(userId, {})) all.push(...portion);
    expect(all.map(({ amountNano }) => amountNano)).toEqual([1n, 2n, 3n, 4n, 5n]);
  });

  test("what stands in the books cannot be changed or taken out, not even with SQL", async () => {
    const { credits, named, of, storage } = await start();
    await credits.topUp(of(500n), named("a"));
    for (const table of ["transfer", "posting"]) {
      const change = sql`update ${sql.table(table)} set created_at = 0`.execute(storage.db);
      await expect(change).rejects.toThrow("append-only");
      await expect(sql`delete from ${sql.table(table)}`.execute(storage.db)).rejects.toThrow("append-only");
    }
  });

  test("credit that comes in reaches the keys that processes hold in memory, and a repeat disturbs nobody", async () => {
    const { credits, named, of, storage, userId } = await start();
    const key = createApiKey("inference");
    await createKeyStore(storage.db).create(key, { userId, name: "Key", expiresAt: null }, NOW);
    const version = async () =>
      (
        await storage.db
          .selectFrom("api_key")
          .select("version")
          .where("id", "=", key.publicId)
          .executeTakeFirstOrThrow()
      ).version;
    const before = await version();
    await credits.topUp(of(500n), named("a"));
    expect(await version()).toBe(before + 1);
    await credits.topUp(of(500n), named("a"));
    expect(await version()).toBe(before + 1);
  });

  test("a name that moved money is never free again, even when its answer is no longer kept", async () => {
    const { credits, named, of, storage, userId, statement } = await start();
    await credits.topUp(of(500n), named("a"));
    await storage.db.deleteFrom("idempotent_answer").execute();
    expect(await credits.topUp(of(500n), named("a"))).toEqual({ kind: "otherRequest" });
    const another = { ...named("a"), principal: "somebody else" };
    expect(await credits.topUp(of(7n), another)).toMatchObject({ kind: "moved", moved: { balanceNano: 507n } });
    expect(await statement.balance(userId)).toBe(507n);
  });

  test("nothing, and less than nothing, cannot be moved", async () => {
    const { credits, named, of } = await start();
    for (const nano of [0n, -1n]) {
      await expect(credits.topUp(of(nano), named(`of ${nano}`))).rejects.toThrow("above zero");
    }
    expect(await credits.topUp(of(1n), named("of 1"))).toMatchObject({ kind: "moved" });
  });

  test("what the house lost is what calls cost beyond their holds, from the moment that is asked about", async () => {
    const { credits, storage } = await start();
    const lost = (id: string, amount_nano: bigint, created_at: number) => ({
      transfer_id: id,
      account_id: "operator_loss",
      kind: "loss",
      amount_nano,
      balance_nano: 0n,
      version: created_at,
      created_at,
    });
    expect(await credits.operatorLoss(0)).toEqual({ nano: 0n, requests: 0 });
    const what = {
      kind: "loss",
      request_id: "r",
      user_id: "u",
      usage_id: null,
      reverses: null,
      actor_id: null,
      note: null,
    };
    for (const [id, nano, at] of [
      ["t1", -5n, NOW - 1],
      ["t2", -7n, NOW],
    ] as const) {
      await storage.db
        .insertInto("transfer")
        .values({ ...what, id, request_id: id, created_at: at })
        .execute();
      await storage.db
        .insertInto("posting")
        .values(lost(id, nano, at))
        .execute();
    }
    expect(await credits.operatorLoss(0)).toEqual({ nano: 12n, requests: 2 });
    expect(await credits.operatorLoss(NOW)).toEqual({ nano: 7n, requests: 1 });
  });
});
