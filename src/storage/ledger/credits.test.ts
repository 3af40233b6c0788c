import { expect, test } from "bun:test";
import { sql } from "kysely";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
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
});
