/** The owner's page compares an export; nobody else can, and a file that is no export changes nothing. */
import { expect, test } from "bun:test";
import { MAX_EXPORT_BYTES } from "../../src/contract/schemas/reconciliation.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createUsageWriter } from "../../src/storage/usage-writer/usage-writer.ts";
import { onEachEngine } from "../support/each-server.ts";
import { usageRow } from "../support/stored.ts";

const HEADING = "id,time,model,input_tokens,output_tokens,cost_usd";

onEachEngine(({ start }) => {
  test("an export larger than any other body is compared with the rows of every account, the operator's loss apart", async () => {
    const server = await start();
    const owner = await server.visitor().join("owner@example.com");
    const siti = await server.visitor().join("siti@example.com");
    const storage = await openStorage(server.place);
    const writer = createUsageWriter(storage);
    const created_at = Date.UTC(2027, 2, 1, 2);
    for (const [index, person] of [owner, siti].entries()) {
      const { id: user_id } = (await person.dashboard("/account")).body;
      const row = { user_id, created_at, upstream_id: `up-${index}`, provider_slug: "lab" };
      await writer.record(usageRow({ ...row, cost_nano: 1_000_000n, loss_nano: BigInt(index) * 500_000n }));
    }
    await writer.close();
    await storage.close();
    const lines = Array.from({ length: 3_000 }, (_, n) => `up-${n},2027-03-01T02:00:00Z,gpt-3.5-turbo,10,20,0.0015`);
    const text = [HEADING, ...lines].join("\n");
    expect(text.length).toBeGreaterThan(100_000);
    const { status, body } = await owner.dashboard("/reconciliation", { text, provider: "lab" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      by: "request",
      theirs: { requests: 3_000, costUsd: "4.5" },
      ours: { requests: 2, costUsd: "0.0025" },
      lossUsd: "0.0005",
      agreeing: 1,
      differing: 2_999,
      reasons: { notOurs: 2_998, price: 1 },
    });
    expect(body.differences).toHaveLength(500);
    expect((await siti.dashboard("/reconciliation", { text, provider: "lab" })).status).toBe(403);
  });

  test("a file that cannot be read is refused with the place, and one that is too large with the bound", async () => {
    const server = await start();
    const owner = await server.visitor().join("owner@example.com");
    const wrong = await owner.dashboard("/reconciliation", { text: `${HEADING}\na,never,m,1,2,3`, provider: "lab" });
    expect([wrong.status, wrong.body.error.message]).toEqual([400, expect.stringContaining("Line 2: time")]);
    const nobodys = await owner.dashboard("/reconciliation", { text: `${HEADING}\na,2027-03-01,m,1,2,3` });
    expect(nobodys.body.error.message).toContain("Name the provider");
    const large = await owner.dashboard("/reconciliation", { text: "x".repeat(MAX_EXPORT_BYTES) });
    expect(large.status).toBe(413);
  });
});
