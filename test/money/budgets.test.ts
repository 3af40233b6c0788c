/** Budgets as people set them: the owner bounds everybody, an account itself further, and every number says where it is from. */
import { expect, test } from "bun:test";
import { openStorage } from "../../src/storage/open.ts";
import { createUsageWriter } from "../../src/storage/usage-writer/usage-writer.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer } from "../support/keys.ts";
import { usageRow } from "../support/stored.ts";

onEachEngine(({ start }) => {
  async function begin() {
    const server = await start();
    const owner = await server.visitor().join("owner@example.com");
    const siti = await server.visitor().join("siti@example.com");
    const sitiId: string = (await siti.dashboard("/account")).body.id;
    const spend = async (usd: bigint) => {
      const { id: keyId } = await siti.createKey();
      const storage = await openStorage(server.place);
      const writer = createUsageWriter(storage);
      const cost_nano = usd * 1_000_000_000n;
      await writer.record(usageRow({ user_id: sitiId, key_id: keyId, cost_nano, created_at: Date.now() }));
      await writer.close();
      await storage.close();
    };
    return { server, owner, siti, sitiId, spend };
  }

  test("an account sees what it has spent of its budgets, what is left, and when each begins anew", async () => {
    const { siti, spend } = await begin();
    await spend(2n);
    const { body } = await siti.dashboard("/budgets", { daily: "5", total: "100.5" }, "PATCH");
    expect(body.budgets).toMatchObject([
      { reset: null, limitUsd: "100.5", spentUsd: "2", leftUsd: "98.5", resetsAt: null, selfLimitUsd: "100.5" },
      { reset: "daily", limitUsd: "5", spentUsd: "2", heldUsd: "0", leftUsd: "3", ownerLimitUsd: null },
    ]);
    expect(body.budgets[1].resetsAt - body.budgets[1].startsAt).toBe(86_400_000);
    expect((await siti.dashboard("/budgets", { daily: null }, "PATCH")).body.budgets).toHaveLength(1);
    expect((await siti.dashboard("/budgets")).body.credit).toMatchObject({ billing: "unmetered", endsAt: null });
  });

  test("what the owner has set no account can lift, only lower further", async () => {
    const { owner, siti, sitiId } = await begin();
    const set = await owner.dashboard(`/budgets/accounts/${sitiId}`, { monthly: "20" }, "PATCH");
    expect(set.body).toMatchObject({ email: "siti@example.com", budgets: [{ reset: "monthly", ownerLimitUsd: "20" }] });
    const higher = (await siti.dashboard("/budgets", { monthly: "50" }, "PATCH")).body.budgets;
    expect(higher).toMatchObject([{ limitUsd: "20", ownerLimitUsd: "20", selfLimitUsd: "50" }]);
    const lower = (await siti.dashboard("/budgets", { monthly: "5" }, "PATCH")).body.budgets;
    expect(lower).toMatchObject([{ limitUsd: "5", ownerLimitUsd: "20", selfLimitUsd: "5" }]);
    await siti.dashboard("/budgets", { monthly: null }, "PATCH");
    expect((await siti.dashboard("/budgets")).body.budgets).toMatchObject([{ limitUsd: "20" }]);
  });

  test("the instance's budget counts everybody's spending, and is its owner's to see and set", async () => {
    const { owner, siti, spend } = await begin();
    await spend(3n);
    const { body } = await owner.dashboard("/budgets/instance", { weekly: "10" }, "PATCH");
    expect(body).toMatchObject({
      budgets: [{ reset: "weekly", limitUsd: "10", spentUsd: "3", leftUsd: "7" }],
      operatorLoss: { monthUsd: "0", totalUsd: "0", requests: 0 },
    });
    expect((await siti.dashboard("/budgets/instance")).status).toBe(403);
    expect((await siti.dashboard("/budgets/instance", { weekly: "1000" }, "PATCH")).status).toBe(403);
  });

  test("the owner finds every account with what it spent this month, page by page", async () => {
    const { server, owner, spend, sitiId } = await begin();
    await server.visitor().join("budi@example.com");
    await server.visitor().signUp("unverified@example.com");
    await spend(4n);
    const emails: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await owner.dashboard(`/budgets/accounts?limit=1&cursor=${encodeURIComponent(cursor)}`);
      expect(body.total).toBe(3);
      emails.push(...body.accounts.map(({ email }: { email: string }) => email));
      cursor = body.nextCursor ?? "";
      if (cursor === "") break;
    }
    expect(emails).toEqual(["budi@example.com", "owner@example.com", "siti@example.com"]);
    const found = (await owner.dashboard("/budgets/accounts?q=SITI%40")).body.accounts;
    expect(found).toMatchObject([{ id: sitiId, monthUsd: "4", role: "member", credit: { billing: "unmetered" } }]);
    expect((await owner.dashboard("/budgets/accounts?q=%25")).body.accounts).toEqual([]);
  });

  test("an amount that cannot be meant, and an account that does not exist, are refused", async () => {
    const { owner, siti, sitiId } = await begin();
    for (const body of [{}, { daily: "-1" }, { daily: "much" }, { yearly: "5" }, { daily: 5 }]) {
      expect([body, (await siti.dashboard("/budgets", body, "PATCH")).status]).toEqual([body, 400]);
    }
    expect((await siti.dashboard("/budgets", { billing: "unmetered" }, "PATCH")).status).toBe(400);
    expect((await owner.dashboard(`/budgets/accounts/${sitiId}x`, { daily: "1" }, "PATCH")).status).toBe(404);
    expect((await owner.dashboard(`/budgets/accounts/${sitiId}`, { billing: "free" }, "PATCH")).status).toBe(400);
  });

  test("how fast an account may call is set by the owner alone, seen by both, and holds from the next call on", async () => {
    const { server, owner, siti, sitiId } = await begin();
    expect((await siti.dashboard("/budgets")).body.caps).toEqual({ rpm: null, tpm: null, parallel: null });
    const path = `/budgets/accounts/${sitiId}`;
    const keys = await Promise.all([1, 2, 3].map(() => siti.createKey()));
    await owner.dashboard(path, { caps: { rpm: 2, tpm: 500_000 } }, "PATCH");
    const changed = await owner.dashboard(path, { caps: { tpm: null, parallel: 8 } }, "PATCH");
    expect(changed.body.caps).toEqual({ rpm: 2, tpm: null, parallel: 8 });
    expect((await siti.dashboard("/budgets")).body.caps).toEqual({ rpm: 2, tpm: null, parallel: 8 });
    const answers = [];
    for (const { secret } of keys) {
      const body = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };
      answers.push(await server.visitor().call("/v1/chat/completions", { body, headers: bearer(secret) }));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    const { error } = answers[2]?.body ?? {};
    expect(error.message).toContain("The account of this API key has a cap of 2 on requests in any minute");
    expect(error.metadata).toMatchObject({ limit_source: "account_rpm", limit: 2 });
    for (const caps of [{ rpm: 0 }, { rpm: 1.5 }, { tpm: "60" }, { rps: 1 }, {}]) {
      expect([caps, (await owner.dashboard(path, { caps }, "PATCH")).status]).toEqual([caps, 400]);
    }
    expect((await siti.dashboard("/budgets", { caps: { rpm: 100 } }, "PATCH")).status).toBe(400);
    expect((await siti.dashboard(path, { caps: { rpm: 100 } }, "PATCH")).status).toBe(403);
  });

  test("who changed a budget, a cap, the way of paying or credit stands in the audit log, with before and after", async () => {
    const { server, owner, siti, sitiId } = await begin();
    const ownerId: string = (await owner.dashboard("/account")).body.id;
    const path = `/budgets/accounts/${sitiId}`;
    await owner.dashboard("/budgets/instance", { monthly: "200" }, "PATCH");
    await siti.dashboard("/budgets", { daily: "5" }, "PATCH");
    await siti.dashboard("/budgets", { daily: "5" }, "PATCH");
    await owner.dashboard(path, { daily: "4", billing: "prepaid", caps: { rpm: 60 } }, "PATCH");
    await siti.dashboard("/budgets", { daily: null }, "PATCH");
    const move = (what: string, body: object, name: string) =>
      owner.call(`/api/dashboard${path}/${what}`, { method: "POST", body, headers: { "idempotency-key": name } });
    await move("top-ups", { amountUsd: "25" }, "a");
    await move("top-ups", { amountUsd: "25" }, "a");
    await move("refunds", { amountUsd: "4.5" }, "b");
    expect((await move("refunds", { amountUsd: "400" }, "c")).status).toBe(409);
    const storage = await openStorage(server.place);
    const rows = await storage.db
      .selectFrom("audit")
      .selectAll()
      .where("action", "in", ["budget.change", "credit.move"])
      .orderBy("seq")
      .execute();
    await storage.close();
    const facts = (text: string | null) => JSON.parse(text ?? "null");
    expect(
      rows.map((row) => [row.actor_id, row.target_kind, row.target_id, facts(row.before), facts(row.after)]),
    ).toEqual([
      [ownerId, "instance", null, { "owner.monthly": null }, { "owner.monthly": "200" }],
      [sitiId, "account", sitiId, { "self.daily": null }, { "self.daily": "5" }],
      [
        ownerId,
        "account",
        sitiId,
        { "owner.daily": null, billing: "unmetered", rpm: null },
        { "owner.daily": "4", billing: "prepaid", rpm: 60 },
      ],
      [sitiId, "account", sitiId, { "self.daily": "5" }, { "self.daily": null }],
      [ownerId, "account", sitiId, { balance: "0" }, expect.objectContaining({ balance: "25", kind: "top_up" })],
      [ownerId, "account", sitiId, { balance: "25" }, expect.objectContaining({ balance: "20.5", amount: "4.5" })],
    ]);
  });
});
