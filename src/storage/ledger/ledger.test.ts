import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson, usageRow } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import type { LimitReset } from "../../kernel/windows.ts";
import { createBudgetStore } from "../stores/budgets.ts";
import { createKeyStore } from "../stores/keys.ts";
import { createUsageWriter } from "../usage-writer/usage-writer.ts";
import { createLedger, type Decision } from "./ledger.ts";

const NOON = Date.UTC(2026, 10, 24, 12);

eachEngine((databases) => {
  async function start(limit: { nano: bigint; reset?: LimitReset } | null = { nano: 1_000n }) {
    const storage = await databases.open();
    const clock = { now: NOON, nowMs: () => clock.now, monotonicMs: () => performance.now() };
    const userId = await storedPerson(storage, "budi@example.com");
    const keys = createKeyStore(storage.db);
    const key = createApiKey("inference");
    const limits = { limitNano: limit?.nano ?? null, limitReset: limit?.reset ?? null };
    await keys.create(key, { userId, name: "First", expiresAt: null, ...limits }, NOON);
    const writer = createUsageWriter(storage, clock);
    const ledger = await createLedger({ db: storage.db, writer, clock });
    databases.afterwards(async () => {
      await ledger.close();
      await writer.close();
    });
    const keyId = key.publicId;
    let requests = 0;
    const reserve = async (wantNano: bigint, leastNano = wantNano) => {
      const requestId = `req_${requests++}`;
      const { spendLimits } = (await keys.findByHash(key.hash))!;
      const call = { requestId, keyId, userId, startedAtMs: clock.now, limits: spendLimits };
      return ledger.reserve({ ...call, wantNano, leastNano, draft: () => usageRow() });
    };
    const settle = (decision: Decision, cost_nano: bigint | null) => {
      if (decision.kind !== "held") throw new Error("nothing is held");
      const { requestId } = decision.hold;
      const row = usageRow({ request_id: requestId, key_id: keyId, user_id: userId, created_at: clock.now, cost_nano });
      return ledger.settle(row, decision.hold);
    };
    const left = async () => {
      const decision = await reserve(2n ** 60n);
      return decision.kind === "refused" ? decision.leftNano : null;
    };
    return {
      storage,
      clock,
      keys,
      keyId,
      userId,
      ledger,
      budgets: createBudgetStore(storage.db),
      reserve,
      settle,
      left,
    };
  }

  test("what is held cannot be held again, and what was not used comes back when the call is settled", async () => {
    const { reserve, settle, left } = await start();
    const first = await reserve(600n);
    expect(first).toMatchObject({ kind: "held", hold: { grantedNano: 600n } });
    expect(await reserve(600n)).toMatchObject({ kind: "refused", leftNano: 400n, resetsAtMs: null });
    expect(await settle(first, 100n)).toMatchObject({ chargedNano: 100n, lossNano: 0n });
    expect(await left()).toBe(900n);
  });

  test("a call that costs more than was held is charged what was held, and the rest is the operator's loss", async () => {
    const { reserve, settle, left, storage } = await start();
    expect(await settle(await reserve(300n), 450n)).toMatchObject({ chargedNano: 300n, lossNano: 150n });
    expect(await left()).toBe(700n);
    const kept = await storage.db.selectFrom("usage").select(["cost_nano", "loss_nano"]).executeTakeFirstOrThrow();
    expect(kept).toEqual({ cost_nano: 300n, loss_nano: 150n });
  });

  test("a call that takes less than it wants gets what is left, down to the least it can begin with", async () => {
    const { reserve } = await start();
    await reserve(700n);
    expect(await reserve(600n, 301n)).toMatchObject({ kind: "refused", leftNano: 300n });
    expect(await reserve(600n, 300n)).toMatchObject({ kind: "held", hold: { grantedNano: 300n } });
  });

  test("a released hold is free again", async () => {
    const { reserve, ledger, left } = await start();
    const held = await reserve(1_000n);
    if (held.kind === "held") await ledger.release(held.hold);
    expect(await left()).toBe(1_000n);
  });

  test("a hold is taken on instance, account and key at once, and a refusal names the tightest of them", async () => {
    const { reserve, budgets, userId, ledger } = await start();
    await budgets.set({ scope: "account", ownerId: userId }, { reset: "daily", nano: 500n, setBy: "owner" }, NOON);
    await budgets.set({ scope: "instance", ownerId: "" }, { reset: "monthly", nano: 400n, setBy: "owner" }, NOON);
    await ledger.refresh();
    expect(ledger.instanceLimits()).toEqual([{ scope: "instance", ownerId: "", reset: "monthly", nano: 400n }]);
    const resetsAtMs = Date.UTC(2026, 11, 1);
    expect(await reserve(450n)).toMatchObject({
      kind: "refused",
      limit: { scope: "instance" },
      leftNano: 400n,
      resetsAtMs,
    });
    await budgets.set({ scope: "instance", ownerId: "" }, { reset: "monthly", nano: null, setBy: "owner" }, NOON);
    expect(await reserve(450n)).toMatchObject({ kind: "held" });
    const resetsTomorrow = Date.UTC(2026, 10, 25);
    expect(await reserve(100n)).toMatchObject({
      kind: "refused",
      limit: { scope: "account", ownerId: userId },
      leftNano: 50n,
      resetsAtMs: resetsTomorrow,
    });
  });

  test("a limit that is set after money was spent counts what was spent before", async () => {
    const { reserve, settle, left, keys, keyId, userId } = await start(null);
    await settle(await reserve(5_000n), 300n);
    await keys.update(userId, keyId, { limitNano: 1_000n, limitReset: "weekly" }, NOON);
    expect(await left()).toBe(700n);
  });

  test("a new window has the whole limit, and a call counts in the window in which it was held", async () => {
    const { reserve, settle, left, clock } = await start({ nano: 1_000n, reset: "daily" });
    const yesterday = await reserve(800n);
    clock.now = Date.UTC(2026, 10, 25);
    expect(await left()).toBe(1_000n);
    await settle(yesterday, 800n);
    expect(await left()).toBe(1_000n);
    clock.now = NOON;
    expect(await left()).toBe(200n);
  });
});
