/** Credit as people and programs move it: once for each name, never more back than is left, and nobody sees another's. */
import { expect, test } from "bun:test";
import { parse } from "csv-parse/sync";
import { openStorage } from "../../src/storage/open.ts";
import { createUsageWriter } from "../../src/storage/usage-writer/usage-writer.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { usageRow } from "../support/stored.ts";
import type { Answer, Visitor } from "../support/visitor.ts";

onEachEngine(({ start }) => {
  async function begin() {
    const server = await start();
    const owner = await server.visitor().join("owner@example.com");
    const siti = await server.visitor().join("siti@example.com");
    const idOf = async (visitor: Visitor): Promise<string> => (await visitor.dashboard("/account")).body.id;
    const sitiId = await idOf(siti);
    const { secret } = await managementKey(owner);
    const pay = (path: string, body: unknown, name?: string): Promise<Answer> =>
      owner.call(`/api/dashboard/budgets/accounts/${sitiId}/${path}`, {
        body,
        headers: name === undefined ? {} : { "idempotency-key": name },
      });
    const api = (path: string, body?: unknown, name?: string): Promise<Answer> =>
      server.visitor().call(`/api/v1/credits/${path}`, {
        ...(body === undefined ? {} : { body }),
        headers: { ...bearer(secret), ...(name === undefined ? {} : { "idempotency-key": name }) },
      });
    const balance = async (): Promise<string> => (await siti.dashboard("/statement")).body.balanceUsd;
    return { server, owner, ownerId: await idOf(owner), siti, sitiId, pay, api, balance };
  }

  test("fifty equal posts at once are one top-up, and all fifty get its answer", async () => {
    const { pay, balance, siti } = await begin();
    const body = { amountUsd: "25", note: "Invoice 7" };
    const answers = await Promise.all(Array.from({ length: 50 }, () => pay("top-ups", body, "invoice-7")));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get("idempotent-replayed") === "true")).toHaveLength(49);
    expect(await balance()).toBe("25");
    const { entries } = (await siti.dashboard("/statement")).body;
    expect(entries).toMatchObject([
      { kind: "top_up", amountUsd: "25", balanceUsd: "25", note: "Invoice 7", by: "Siti Rahma" },
    ]);
  });

  test("the same name for another amount, note, account or movement is 422 and moves nothing", async () => {
    const { pay, api, balance, ownerId } = await begin();
    expect((await pay("top-ups", { amountUsd: "25" }, "one")).status).toBe(201);
    const others = [
      await pay("top-ups", { amountUsd: "26" }, "one"),
      await pay("top-ups", { amountUsd: "25", note: "x" }, "one"),
      await pay("top-ups", { amountUsd: "25", isGift: true }, "one"),
      await pay("refunds", { amountUsd: "25" }, "one"),
      await api(`${ownerId}/top-ups`, { amount: 25 }, "one"),
    ];
    for (const { status, body } of others) {
      expect([status, body.error.metadata.error_code]).toEqual([422, "idempotency_key_reused"]);
    }
    expect(await balance()).toBe("25");
  });

  test("money does not move without a name, and not in amounts that cannot be meant", async () => {
    const { pay, api, balance } = await begin();
    for (const name of [undefined, " ", "x".repeat(256)]) {
      const { status, body } = await pay("top-ups", { amountUsd: "25" }, name);
      expect([name, status, body.error.metadata.error_code]).toEqual([name, 400, "idempotency_key_missing"]);
    }
    for (const amountUsd of ["0", "-1", "much", "0.0000000001", "1000000001"]) {
      expect([amountUsd, (await pay("top-ups", { amountUsd }, "a")).status]).toEqual([amountUsd, 400]);
    }
    expect((await api("siti@example.com/top-ups", { amount: 0 }, "a")).status).toBe(400);
    expect((await api("siti@example.com/top-ups", { amount: 1, note: "a\nb" }, "a")).status).toBe(400);
    expect((await api("nobody@example.com/top-ups", { amount: 1 }, "a")).status).toBe(404);
    expect(await balance()).toBe("0");
  });

  test("what is paid back is at most what is left, and may be asked again under its name after a refusal", async () => {
    const { pay, balance } = await begin();
    await pay("top-ups", { amountUsd: "10" }, "a");
    const refused = await pay("refunds", { amountUsd: "10.000000001" }, "b");
    expect([refused.status, refused.body.error.metadata.error_code]).toEqual([409, "refund_exceeds_credit"]);
    expect(refused.body.error.message).toContain("Only 10 USD");
    expect((await pay("refunds", { amountUsd: "4" }, "b")).body).toMatchObject({ amountUsd: "4", balanceUsd: "6" });
    expect(await balance()).toBe("6");
  });

  test("a program with the owner's management key does the same, by address or by id; nobody else's does", async () => {
    const { api, siti, sitiId, balance, server } = await begin();
    expect((await api("siti@example.com/top-ups", { amount: 12.5, note: "By mail" }, "p1")).body.data).toMatchObject({
      account_id: sitiId,
      amount: 12.5,
      note: "By mail",
      balance: 12.5,
    });
    expect((await api(`${sitiId}/refunds`, { amount: 2.5 }, "p2")).body.data).toMatchObject({ balance: 10 });
    expect((await api("SITI@example.com")).body.data).toMatchObject({
      account_id: sitiId,
      billing: "unmetered",
      total_credits: 10,
      total_usage: 0,
      remaining: 10,
    });
    const { secret } = await managementKey(siti);
    for (const path of [sitiId, `${sitiId}/top-ups`, `${sitiId}/refunds`]) {
      const body = path === sitiId ? {} : { body: { amount: 1 } };
      const headers = { ...bearer(secret), "idempotency-key": "s" };
      const answer = await server.visitor().call(`/api/v1/credits/${path}`, { ...body, headers });
      expect([path, answer.status, answer.body.error.metadata.error_code]).toEqual([path, 403, "owner_only"]);
    }
    expect(await balance()).toBe("10");
  });

  test("GET /credits is real for a prepaid account, and stays ahead for one that is not metered in advance", async () => {
    const { owner, siti, sitiId, pay, server } = await begin();
    await pay("top-ups", { amountUsd: "10" }, "a");
    const { secret } = await managementKey(siti);
    const credits = async () => (await server.visitor().call("/api/v1/credits", { headers: bearer(secret) })).body.data;
    expect(await credits()).toEqual({ total_credits: 1_000_000, total_usage: 0 });
    await owner.dashboard(`/budgets/accounts/${sitiId}`, { billing: "prepaid" }, "PATCH");
    expect(await credits()).toEqual({ total_credits: 10, total_usage: 0 });
  });

  test("a statement sums up to its balance at every line, through every page and filter", async () => {
    const { pay, siti } = await begin();
    const amounts = ["5", "0.25", "0.000000001", "7"];
    for (const [index, amountUsd] of amounts.entries()) await pay("top-ups", { amountUsd }, `in-${index}`);
    await pay("refunds", { amountUsd: "2" }, "out");
    const nano = (usd: string) => BigInt(Math.round(Number(usd) * 1e9));
    const entries: { kind: string; amountUsd: string; balanceUsd: string }[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await siti.dashboard(`/statement?limit=2&cursor=${cursor}`);
      entries.push(...body.entries);
      cursor = body.nextCursor ?? "";
      if (cursor === "") break;
    }
    expect(entries).toHaveLength(5);
    for (const [index, { amountUsd, balanceUsd }] of entries.entries()) {
      expect(nano(balanceUsd)).toBe(nano(entries[index + 1]?.balanceUsd ?? "0") + nano(amountUsd));
    }
    const refunds = (await siti.dashboard("/statement?kind=refund")).body;
    expect(refunds.entries).toMatchObject([{ kind: "refund", amountUsd: "-2" }]);
    expect(refunds.balanceUsd).toBe("10.250000001");
    const today = new Date().toISOString().slice(0, 10);
    expect((await siti.dashboard(`/statement?from=${today}&to=${today}`)).body.entries).toHaveLength(5);
    expect((await siti.dashboard("/statement?to=2020-01-01")).body.entries).toEqual([]);
    expect((await siti.dashboard("/statement?from=yesterday")).status).toBe(400);
  });

  test("the exported statement is all of it, oldest first, and runs in no spreadsheet", async () => {
    const { pay, siti, owner } = await begin();
    await owner.dashboard("/account", { name: "+Owner" }, "PATCH");
    await pay("top-ups", { amountUsd: "5", note: `=HYPERLINK("http://example.com")` }, "a");
    await pay("refunds", { amountUsd: "1.5", note: "-2+3, or so" }, "b");
    const { headers, body } = await siti.dashboard("/statement.csv");
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(headers.get("content-disposition")).toContain("attachment");
    const rows: Record<string, string>[] = parse(body, { columns: true });
    expect(rows.map((row) => [row.kind, row.amount_usd, row.balance_usd, row.note, row.by])).toEqual([
      ["top_up", "5", "5", `'=HYPERLINK("http://example.com")`, "'+Owner"],
      ["refund", "-1.5", "3.5", "'-2+3, or so", "'+Owner"],
    ]);
    expect((await siti.dashboard("/statement.csv?kind=refund")).body.split("\r\n")).toHaveLength(3);
    const empty = await owner.dashboard("/statement.csv");
    expect([empty.status, empty.body]).toEqual([
      200,
      "time,kind,amount_usd,balance_usd,note,by,generation,transfer\r\n",
    ]);
  });

  test("two accounts never see each other's credit, and only the owner sees both", async () => {
    const { server, owner, pay, sitiId } = await begin();
    const budi = await server.visitor().join("budi@example.com");
    await pay("top-ups", { amountUsd: "5" }, "a");
    expect((await budi.dashboard("/statement")).body).toEqual({
      account: "budi@example.com",
      entries: [],
      nextCursor: null,
      balanceUsd: "0",
    });
    expect((await budi.dashboard("/budgets")).body.credit).toMatchObject({ boughtUsd: "0", leftUsd: "0" });
    for (const path of ["/statement", "/statement.csv"]) {
      const mine = await owner.dashboard(`/budgets/accounts/${sitiId}${path}`);
      const others = await budi.dashboard(`/budgets/accounts/${sitiId}${path}`);
      expect([path, mine.status, others.status]).toEqual([path, 200, 403]);
      expect([path, (await owner.dashboard(`/budgets/accounts/nobody${path}`)).status]).toEqual([path, 404]);
    }
  });

  test("a charge of a prepaid account stands in its statement with the generation that it paid for", async () => {
    const { owner, siti, sitiId, pay, server } = await begin();
    await pay("top-ups", { amountUsd: "1" }, "a");
    await owner.dashboard(`/budgets/accounts/${sitiId}`, { billing: "prepaid" }, "PATCH");
    const { id: keyId } = await siti.createKey();
    const storage = await openStorage(server.place);
    const writer = createUsageWriter(storage);
    const command = { requestId: "req_1", keyId, userId: sitiId, processId: "proc_1", startedAtMs: Date.now() };
    const amounts = { wantNano: 100_000_000n, leastNano: 1n, lease: null };
    const held = await writer.submit({ kind: "reserve", ...command, ...amounts });
    if (held.kind !== "held") throw new Error(`nothing is held: ${held.kind}`);
    expect((await siti.dashboard("/budgets")).body.credit).toMatchObject({ heldUsd: "0.1", leftUsd: "0.9" });
    const refused = await pay("refunds", { amountUsd: "0.95" }, "too-much");
    expect(refused.body.error.metadata.error_code).toBe("refund_exceeds_credit");
    const row = usageRow({ request_id: "req_1", key_id: keyId, user_id: sitiId, created_at: command.startedAtMs });
    const hold = { ...command, grantedNano: held.grantedNano, leaseId: null, limitIds: held.limitIds };
    await writer.record({ ...row, cost_nano: 30_000_000n }, hold);
    await writer.close();
    await storage.close();
    const { entries, balanceUsd } = (await siti.dashboard("/statement")).body;
    expect(balanceUsd).toBe("0.97");
    expect(entries[0]).toMatchObject({ kind: "charge", amountUsd: "-0.03", balanceUsd: "0.97", generationId: row.id });
    expect((await siti.dashboard("/budgets")).body.credit).toMatchObject({ spentUsd: "0.03", heldUsd: "0" });
  });
});
