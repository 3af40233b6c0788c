import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson, usageRow } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import { createUsageWriter } from "../usage-writer/usage-writer.ts";
import { createBudgetStore } from "./budgets.ts";
import { createKeyStore } from "./keys.ts";

/** A Tuesday. */
const NOW = Date.UTC(2026, 10, 24, 12);

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const userId = await storedPerson(storage, "budi@example.com");
    return { storage, userId, budgets: createBudgetStore(storage.db), keys: createKeyStore(storage.db) };
  }
  const account = (ownerId: string) => ({ scope: "account" as const, ownerId });

  test("of two budgets of the same window the lesser holds, and taking one away leaves the other", async () => {
    const { budgets, userId, keys } = await start();
    const key = createApiKey("inference");
    await keys.create(key, { userId, name: "First", expiresAt: null, limitNano: 5n }, NOW);
    await budgets.set(account(userId), { reset: "weekly", nano: 70n, setBy: "owner" }, NOW);
    await budgets.set(account(userId), { reset: "weekly", nano: 30n, setBy: "self" }, NOW);
    expect(await budgets.states("account", [userId], NOW)).toMatchObject([
      { reset: "weekly", limitNano: 30n, ownerNano: 70n, selfNano: 30n },
    ]);
    expect((await keys.findByHash(key.hash))?.spendLimits).toEqual([
      { ...account(userId), reset: "weekly", nano: 30n },
      { scope: "key", ownerId: key.publicId, reset: null, nano: 5n },
    ]);
    await budgets.set(account(userId), { reset: "weekly", nano: null, setBy: "self" }, NOW);
    expect(await budgets.states("account", [userId], NOW)).toMatchObject([{ limitNano: 70n, selfNano: null }]);
  });

  test("a change of a budget or of billing makes copies of the account's keys old", async () => {
    const { budgets, userId, keys } = await start();
    const key = createApiKey("inference");
    await keys.create(key, { userId, name: "First", expiresAt: null }, NOW);
    await budgets.set(account(userId), { reset: null, nano: 70n, setBy: "owner" }, NOW + 1);
    await budgets.setBilling(userId, "prepaid", NOW + 2);
    const found = await keys.findByHash(key.hash);
    expect(found).toMatchObject({ version: 3, updated_at: NOW + 2 });
    expect(found?.spendLimits.map(({ scope, nano }) => [scope, nano])).toEqual([
      ["account", 70n],
      ["credit", 0n],
    ]);
    expect(await budgets.billing(userId)).toBe("prepaid");
  });

  test("each budget tells what was spent in its own window, of the account and of the whole instance", async () => {
    const { storage, budgets, userId } = await start();
    const writer = createUsageWriter(storage);
    const spend = (daysAgo: number, cost_nano: bigint, user_id = userId) =>
      writer.record(usageRow({ user_id, key_id: user_id, created_at: NOW - daysAgo * DAY_MS, cost_nano }));
    await Promise.all([spend(0, 1n), spend(1, 10n), spend(3, 100n), spend(40, 1_000n), spend(0, 7n, "somebody else")]);
    await writer.close();
    for (const reset of [null, "daily", "weekly", "monthly"] as const) {
      await budgets.set(account(userId), { reset, nano: 9_000n, setBy: "owner" }, NOW);
      await budgets.set({ scope: "instance", ownerId: "" }, { reset, nano: 9_000n, setBy: "owner" }, NOW);
    }
    const spent = (states: { spentNano: bigint }[]) => states.map(({ spentNano }) => spentNano);
    expect(spent(await budgets.states("account", [userId], NOW))).toEqual([1_111n, 1n, 11n, 111n]);
    expect(spent(await budgets.states("instance", [""], NOW))).toEqual([1_118n, 8n, 18n, 118n]);
  });
});
