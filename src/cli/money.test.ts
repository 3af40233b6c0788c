/** Credit, budgets and reconciliation at the terminal, as real processes. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGapura } from "../../test/support/process.ts";
import { usageRow } from "../../test/support/stored.ts";
import { openStorage } from "../storage/open.ts";
import { createUsageWriter } from "../storage/usage-writer/usage-writer.ts";

const EMAIL = "budi@example.com";
const root = mkdtempSync(join(tmpdir(), "gapura-cli-money-"));
afterAll(() => rmSync(root, { recursive: true }));

async function begin() {
  const folder = mkdtempSync(join(root, "instance-"));
  const gapura = (...args: string[]) => runGapura(args, { cwd: folder });
  await gapura("keys", "create", "First", "--name", "Budi", "--email", EMAIL);
  const shown = async (...args: string[]) => JSON.parse((await gapura(...args, "--json")).out);
  return { folder, gapura, shown };
}

test("credit is added, given and paid back, and the statement says so", async () => {
  const { gapura, shown } = await begin();
  expect((await gapura("credits", "add", EMAIL, "25", "--note", "Invoice 7")).out).toBe(
    "Added. budi@example.com has 25 USD.\n",
  );
  expect((await gapura("credits", "add", EMAIL, "$0.5", "--gift")).out).toContain("Given.");
  expect((await gapura("credits", "refund", EMAIL, "4.25")).out).toContain("has 21.25 USD");
  const credit = await shown("credits", "show", EMAIL);
  expect(credit).toMatchObject({ billing: "unmetered", boughtUsd: "21.25", leftUsd: "21.25" });
  expect(credit.entries.map(({ kind, amountUsd, note }: Record<string, string>) => [kind, amountUsd, note])).toEqual([
    ["refund", "-4.25", null],
    ["grant", "0.5", null],
    ["top_up", "25", "Invoice 7"],
  ]);
});

test("a script that runs twice moves once; what cannot be meant or done moves nothing and says why", async () => {
  const { gapura, shown } = await begin();
  await gapura("credits", "add", EMAIL, "25", "--once", "invoice-7");
  const again = await shown("credits", "add", EMAIL, "25", "--once", "invoice-7");
  expect(again).toMatchObject({ isRepeated: true, balanceUsd: "25" });
  const wrong: [string[], number, string][] = [
    [["credits", "add", EMAIL, "26", "--once", "invoice-7"], 1, "another movement"],
    [["credits", "refund", EMAIL, "25.1"], 1, "Only 25 USD"],
    [["credits", "add", EMAIL, "0"], 2, "above zero"],
    [["credits", "add", EMAIL, "lots"], 2, "amount of US dollars"],
    [["credits", "add", "budy@example.com", "1"], 1, "Did you mean budi@example.com?"],
    [["credits", "add", EMAIL], 2, "needs a usd"],
  ];
  for (const [args, code, words] of wrong) {
    const answer = await gapura(...args);
    expect([args, answer.code, answer.error]).toEqual([args, code, expect.stringContaining(words)]);
  }
  expect(await shown("credits", "show", EMAIL)).toMatchObject({ leftUsd: "25" });
});

test("budgets of the instance and of an account are set, shown and taken away", async () => {
  const { gapura, shown } = await begin();
  const ofInstance = await shown("budgets", "set", "--monthly", "200", "--daily", "10");
  expect(ofInstance).toMatchObject([
    { reset: "daily", limitUsd: "10", spentUsd: "0", leftUsd: "10" },
    { reset: "monthly", limitUsd: "200", ownerLimitUsd: "200", selfLimitUsd: null },
  ]);
  await gapura("budgets", "set", EMAIL, "--weekly", "5", "--prepaid");
  expect(await shown("budgets", "show", EMAIL)).toMatchObject([{ reset: "weekly", limitUsd: "5" }]);
  expect(await shown("credits", "show", EMAIL)).toMatchObject({ billing: "prepaid" });
  await gapura("budgets", "set", "--monthly", "none");
  expect(await shown("budgets", "show")).toMatchObject([{ reset: "daily" }]);
  for (const args of [["--prepaid"], [], [EMAIL, "--prepaid", "--unmetered"], ["--daily", "much"]]) {
    expect([args, (await gapura("budgets", "set", ...args)).code]).toEqual([args, 2]);
  }
});

test("caps of an account are set, shown and taken away, and stand in the audit log beside budgets and credit", async () => {
  const { gapura, shown } = await begin();
  expect(await shown("caps", "set", EMAIL, "--rpm", "120", "--parallel", "8")).toEqual({
    rpm: 120,
    tpm: null,
    parallel: 8,
  });
  expect((await gapura("caps", "set", EMAIL, "--rpm", "none", "--tpm", "9000")).out).toBe(
    "Requests in any minute: no cap\nTokens in any minute:   9000\nCalls at the same time: 8\n",
  );
  expect(await shown("caps", "show", EMAIL)).toEqual({ rpm: null, tpm: 9_000, parallel: 8 });
  for (const args of [[EMAIL], [EMAIL, "--rpm", "0"], [EMAIL, "--tpm", "many"], []]) {
    expect([args, (await gapura("caps", "set", ...args)).code]).toEqual([args, 2]);
  }
  await gapura("budgets", "set", "--daily", "10");
  await gapura("credits", "add", EMAIL, "25");
  const entries: Record<string, unknown>[] = await shown("audit", "list");
  const money = entries.filter(({ action }) => action === "budget.change" || action === "credit.move");
  expect(money.map(({ actor, after }) => [actor, after])).toMatchObject([
    [{ kind: "cli" }, { balance: "25", kind: "top_up" }],
    [{ kind: "cli" }, { "owner.daily": "10" }],
    [{ kind: "cli" }, { rpm: null, tpm: 9_000 }],
    [{ kind: "cli" }, { rpm: 120, parallel: 8 }],
  ]);
});

test("an export is compared with what was recorded, and every difference says why", async () => {
  const { folder, gapura, shown } = await begin();
  const storage = await openStorage({ dataDir: join(folder, "data") });
  const { id: user_id } = await storage.db.selectFrom("user").select("id").executeTakeFirstOrThrow();
  const writer = createUsageWriter(storage);
  const row = { user_id, created_at: Date.UTC(2027, 2, 1, 2), provider_slug: "openrouter" };
  await writer.record(usageRow({ ...row, upstream_id: "gen-1", cost_nano: 500_000n }));
  await writer.record(usageRow({ ...row, upstream_id: "gen-2", cost_nano: 500_000n, completion_tokens: 7 }));
  await writer.record(usageRow({ ...row, upstream_id: "elsewhere", provider_slug: "openai" }));
  await writer.close();
  await storage.close();
  const heading = "generation_id,created_at,cost_total,tokens_prompt,tokens_completion,model_permaslug";
  const lines = [1, 2, 3].map((n) => `gen-${n},2027-03-01 02:00:00,0.0005,10,20,openai/gpt-3.5-turbo`);
  writeFileSync(join(folder, "activity.csv"), [heading, ...lines].join("\n"));
  const { out, code } = await gapura("reconcile", "activity.csv");
  expect(code).toBe(0);
  expect(out).toContain("1 requests agree, 2 differ:");
  expect(await shown("reconcile", "activity.csv")).toMatchObject({
    by: "request",
    provider: "openrouter",
    theirs: { requests: 3, costUsd: "0.0015" },
    ours: { requests: 2, costUsd: "0.001" },
    reasons: { notOurs: 1, tokens: 1, notTheirs: 0 },
  });
  const day = await gapura("reconcile", "activity.csv", "--from", "2027-03-02");
  expect([day.code, day.error]).toEqual([1, expect.stringContaining("no use in this time")]);
  expect((await gapura("reconcile", "missing.csv")).error).toContain("There is no file");
  expect((await gapura("reconcile", "activity.csv", "--from", "March")).code).toBe(2);
});

test("the doctor says whether the books add up, and what operators have lost", async () => {
  const { folder, gapura } = await begin();
  await gapura("credits", "add", EMAIL, "25");
  const whole = await gapura("doctor");
  expect(whole.out).toMatch(/^ok +ledger: every record, limit and movement of money adds up$/m);
  expect(whole.out).toMatch(/^ok +money: no answer of the last 30 days cost more than was set aside$/m);
  const storage = await openStorage({ dataDir: join(folder, "data") });
  await storage.db.updateTable("balance").set({ balance_nano: 7n }).where("account_id", "like", "user:%").execute();
  await storage.close();
  const broken = await gapura("doctor");
  expect(broken.out).toMatch(/^fail +ledger: I\d+: /m);
  expect(broken.out).toContain("gapura ledger verify");
  expect(broken.code).toBe(1);
});
