/** Budgets, credit, statement, notices and reconciliation in a real browser, with a provider whose answers cost money. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { parse } from "csv-parse/sync";
import type { BrowserContextOptions } from "playwright-core";
import { openStorage } from "../../src/storage/open.ts";
import { chromiumForTests } from "../support/chromium.ts";
import { bearer } from "../support/keys.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { until, type Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 180_000;
/** Longer than the job waits between two looks at the limits. */
const NOTICE_MS = 40_000;
const DESK: BrowserContextOptions = { locale: "en-GB" };
const PHONE: BrowserContextOptions = {
  locale: "id-ID",
  colorScheme: "dark",
  viewport: { width: 360, height: 740 },
  hasTouch: true,
};

let upstream: ReturnType<typeof Bun.serve>;
let server: TestServer;
let owner: Visitor;
let member: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  upstream = Bun.serve({
    port: 0,
    fetch: (request) => {
      if (new URL(request.url).pathname.endsWith("/models")) return Response.json({ data: [{ id: "gpt-3.5-turbo" }] });
      const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Baik" } }];
      // At half a dollar and one and a half for a million tokens: 0.00606 dollars.
      const usage = { prompt_tokens: 120, completion_tokens: 4_000, total_tokens: 4_120 };
      return Response.json({ id: "1", object: "chat.completion", created: 1, model: "m", choices, usage });
    },
  });
  const host = `127.0.0.1:${upstream.port}`;
  server = await startServer({
    OPENAI_API_KEY: "sk-invented",
    OPENAI_BASE_URL: `http://${host}/v1`,
    ALLOW_PRIVATE_UPSTREAM: host,
    DISPLAY_CURRENCY: "IDR",
    DISPLAY_RATE: "16500",
  });
  owner = await server.visitor().join("siti@example.com");
  member = await server.visitor().join("budi@example.com");
});
afterAll(async () => {
  await server.stop();
  await upstream.stop(true);
});

/** A call that costs 0.00606 dollars. */
async function spend(visitor: Visitor, limits: object = {}): Promise<void> {
  const { secret } = (await visitor.dashboard("/keys", { name: "Chatbot", ...limits })).body;
  const body = { model: "gpt-3.5", max_tokens: 4_000, messages: [{ role: "user", content: "Halo" }] };
  const { status } = await server.visitor().call("/v1/chat/completions", { body, headers: bearer(secret) });
  expect(status).toBe(200);
}

async function open(visitor: Visitor, options: BrowserContextOptions, path: string) {
  const context = await chromium.newContext({ reducedMotion: "reduce", ...options }, { server, visitor: visitor });
  const page = await context.newPage();
  const problems = watchPage(page);
  await page.goto(`${server.url}${path}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  return { page, problems };
}

test(
  "an own budget is set with the keyboard alone and says what is spent, left and when it begins anew",
  async () => {
    await spend(owner);
    const { page, problems } = await open(owner, DESK, "/budgets");
    const own = page.getByRole("region", { name: "Your account" });
    const edit = own.getByRole("button", { name: "Edit budgets" });
    await edit.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Edit the budgets of your account" });
    await dialog.getByLabel("Each day, in USD").focus();
    await page.keyboard.type("much");
    await page.keyboard.press("Enter");
    await dialog.getByText("Enter an amount such as 12.5").waitFor();
    expect(await page.evaluate("document.activeElement.name")).toBe("daily");
    await expectFine(page, "a refused budget");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("0,01212");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await own.getByText("$0.00606 (≈ Rp 99.99) of $0.01212 (≈ Rp 199.98)").waitFor();
    const meter = own.getByRole("meter", { name: "Used of: Your account, Each day" });
    expect(await meter.getAttribute("aria-valuenow")).toBe("50");
    await own.getByText(/in \d+ (?:hour|minute|day)|tomorrow/).waitFor();
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Edit budgets");

    // Escape closes without a change, and an emptied field takes the budget away.
    await page.keyboard.press("Enter");
    await dialog.getByLabel("Each day, in USD").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await edit.click();
    await dialog.getByLabel("Each day, in USD").fill("");
    await dialog.getByRole("button", { name: "Save" }).click();
    await own.getByText("No budget is set").waitFor();
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "the owner lets an account pay in advance, adds credit and pays some back, each read back before it happens",
  async () => {
    const { page, problems } = await open(owner, DESK, "/budgets?q=budi");
    const row = page.getByRole("row").filter({ hasText: "budi@example.com" });
    const choose = async (action: string) => {
      await page.getByRole("button", { name: "Actions for budi@example.com" }).click();
      await page.getByRole("menuitem", { name: action, exact: true }).click();
    };
    await row.getByText("Not in advance").waitFor();
    await choose("Edit budgets");
    const budgets = page.getByRole("dialog", { name: "Edit the budgets of budi@example.com" });
    await budgets.getByLabel("The account pays in advance").check();
    await budgets.getByLabel("Each month, in USD").fill("50");
    await budgets.getByLabel("Requests a minute").fill("much");
    await budgets.getByRole("button", { name: "Save" }).click();
    await budgets.getByText("Enter a whole number above zero.").waitFor();
    await budgets.getByLabel("Requests a minute").fill("12000");
    await budgets.getByLabel("Calls at once").fill("1");
    await budgets.getByRole("button", { name: "Save" }).click();
    await row.getByText("In advance", { exact: true }).waitFor();
    await row.getByText("$0.00 of $50.00").waitFor();
    await row.getByText("At most: 12,000 requests a minute · 1 call at once").waitFor();

    await choose("Add credit");
    const form = page.getByRole("dialog", { name: "Add credit to budi@example.com" });
    await form.getByRole("button", { name: "Add" }).click();
    await form.getByText("Enter an amount above zero.").waitFor();
    await form.getByLabel("Amount in USD").fill("25");
    await form.getByLabel("Note").fill("=1+1");
    await form.getByRole("button", { name: "Add" }).click();
    const question = page.getByRole("alertdialog");
    await question.getByText(/Add \$25\.00 \(≈.Rp.412,500\)\?/).waitFor();
    await expectFine(page, "a top-up to confirm");
    await question.getByRole("button", { name: "Cancel" }).click();
    expect((await member.dashboard("/statement")).body.entries).toEqual([]);
    await form.getByRole("button", { name: "Add" }).click();
    await question.getByRole("button", { name: "Add" }).click();
    await page.getByText(/\$25\.00 .*added\. budi@example\.com has/).waitFor();
    await row.getByText(/Credit \$25\.00/).waitFor();

    await choose("Pay credit back");
    const refund = page.getByRole("dialog", { name: "Pay credit of budi@example.com back" });
    await refund.getByLabel("Amount in USD").fill("25.01");
    await refund.getByRole("button", { name: "Pay back" }).click();
    await question.getByText("This cannot be taken back").waitFor();
    await question.getByRole("button", { name: "Pay back" }).click();
    await question.getByText("So much credit is not left").waitFor();
    await question.getByRole("button", { name: "Cancel" }).click();
    await refund.getByLabel("Amount in USD").fill("5");
    await refund.getByRole("button", { name: "Pay back" }).click();
    await question.getByRole("button", { name: "Pay back" }).click();
    await row.getByText(/Credit \$20\.00/).waitFor();

    await choose("Show statement");
    await page.getByRole("heading", { name: "Statement of budi@example.com" }).waitFor();
    await page.getByRole("row").filter({ hasText: "Paid back" }).getByText("-$5.00").waitFor();
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "a movement whose answer was lost is sent again and happens once",
  async () => {
    const { page } = await open(owner, DESK, "/budgets?q=siti");
    let lost = 0;
    await page.route("**/top-ups", async (route) => {
      const answer = await route.fetch();
      if (lost++ === 0) await route.abort("connectionreset");
      else await route.fulfill({ response: answer });
    });
    await page.getByRole("button", { name: "Actions for siti@example.com" }).click();
    await page.getByRole("menuitem", { name: "Add credit" }).click();
    const form = page.getByRole("dialog", { name: "Add credit to siti@example.com" });
    await form.getByLabel("Amount in USD").fill("7");
    await form.getByRole("button", { name: "Add" }).click();
    const question = page.getByRole("alertdialog");
    await question.getByRole("button", { name: "Add" }).click();
    await question.getByRole("alert").waitFor();
    await question.getByRole("button", { name: "Add" }).click();
    await page.getByText(/\$7\.00 .*added/).waitFor();
    const { balanceUsd, entries } = (await owner.dashboard("/statement")).body;
    expect([lost, balanceUsd, entries.length]).toEqual([2, "7", 1]);
  },
  TIMEOUT_MS,
);

test(
  "a person reads the own statement, narrows it down, follows a charge to its request and takes all of it along",
  async () => {
    await spend(member);
    const { page, problems } = await open(member, DESK, "/statement");
    await page.getByText("$19.99394").first().waitFor();
    await page.getByLabel("Kind").selectOption({ label: "Paid in" });
    await page.waitForURL("**/statement?kind=top_up");
    await page.getByRole("row").filter({ hasText: "=1+1" }).getByText("by Siti Rahma").waitFor();
    await until(async () => (await page.getByRole("row").count()) === 2);
    await page.getByLabel("From").fill("2099-01-01");
    await page.getByText("Nothing in this selection").waitFor();
    await page.getByRole("button", { name: "Show everything" }).click();
    await page.getByRole("row").filter({ hasText: "Call" }).getByText("-$0.00606").waitFor();

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export as CSV" }).click(),
    ]);
    const file = await Bun.file(await download.path()).text();
    const rows: { kind: string; amount_usd: string; balance_usd: string; note: string }[] = parse(file, {
      columns: true,
    });
    expect(rows.map(({ kind, amount_usd, balance_usd, note }) => [kind, amount_usd, balance_usd, note])).toEqual([
      ["top_up", "25", "25", "'=1+1"],
      ["refund", "-5", "20", ""],
      ["charge", "-0.00606", "19.99394", ""],
    ]);

    await page.getByRole("link", { name: "Show the request" }).click();
    await page.waitForURL("**/logs?request=**");
    await page.getByRole("dialog").waitFor();
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "a limit that is half used is told once, can be put away and stays away, and can be switched off",
  async () => {
    await spend(member, { limitUsd: "0.012", limitReset: "monthly" });
    await until(async () => (await member.dashboard("/notices")).body.notices.length > 0, NOTICE_MS);
    const { page, problems } = await open(member, DESK, "/dashboard");
    const notices = page.getByRole("region", { name: "Notices" });
    await notices.getByText("The limit of “Chatbot” · Each month").waitFor();
    await notices.getByText(/50 % is used: \$0\.00606/).waitFor();
    await expectFine(page, "a notice on the dashboard");
    await notices.getByRole("button", { name: /^Put away: The limit of “Chatbot”/ }).press("Enter");
    await notices.waitFor({ state: "detached" });
    await page.reload();
    await page.getByText("Keys that spent most").waitFor();
    expect(await notices.count()).toBe(0);
    const mails = async () =>
      (await member.mailsTo("budi@example.com")).filter(({ subject }) => subject.startsWith("50 %"));
    await until(async () => (await mails()).length > 0, NOTICE_MS);
    expect(await mails()).toHaveLength(1);

    await page.goto(`${server.url}/budgets`);
    await page.getByLabel("By mail").click();
    await until(async () => !(await member.dashboard("/notice-settings")).body.mail);
    await page.reload();
    expect(await page.getByLabel("By mail").isChecked()).toBe(false);
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "the owner compares an export with the records; nobody else is led there",
  async () => {
    const { page, problems } = await open(owner, DESK, "/reconciliation");
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByText("Choose a file.").waitFor();
    const storage = await openStorage({ dataDir: server.dataDir });
    const rows = await storage.db.selectFrom("usage").select(["created_at", "cost_nano"]).execute();
    await storage.close();
    const day = new Date(rows[0]?.created_at ?? 0).toISOString().slice(0, 10);
    const exported = ["time,model,requests,input_tokens,output_tokens,cost_usd", `${day},gpt-3.5-turbo,4,9,9,1`];
    await page.getByLabel("Exported file").setInputFiles({
      name: "usage.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(exported.join("\n")),
    });
    await page.getByLabel("Provider").selectOption({ label: "OpenAI" });
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByText("1 difference", { exact: true }).waitFor();
    await page.getByRole("table", { name: "The largest differences" }).getByText("gpt-3.5-turbo").waitFor();
    await expectFine(page, "a comparison");
    await page.getByLabel("Exported file").setInputFiles({
      name: "photo.csv",
      mimeType: "text/csv",
      buffer: Buffer.from("\x89PNG\r\n"),
    });
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByRole("alert").waitFor();
    expect(problems).toEqual([]);

    const { page: theirs } = await open(member, DESK, "/reconciliation");
    await theirs.waitForURL("**/dashboard");
    expect(await theirs.getByRole("link", { name: "Reconciliation" }).count()).toBe(0);
    await theirs.goto(`${server.url}/budgets`);
    const own = theirs.getByRole("region", { name: "Your account" });
    await own.getByText("At most: 12,000 requests a minute · 1 call at once").waitFor();
    expect(await theirs.getByRole("region", { name: "This instance" }).count()).toBe(0);
    expect(await theirs.getByText("siti@example.com").count()).toBe(0);
  },
  TIMEOUT_MS,
);

test(
  "every dialog of money is accessible and fits, in Indonesian, in the dark and on a phone too",
  async () => {
    for (const options of [DESK, PHONE]) {
      const { page, problems } = await open(owner, options, "/budgets");
      await page.getByRole("row").filter({ hasText: "budi@example.com" }).waitFor();
      await page.getByRole("button", { name: /budi@example\.com/ }).click();
      await page.getByRole("menuitem").first().click();
      await page.getByRole("dialog").waitFor();
      await expectFine(page, "the budgets of an account");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /budi@example\.com/ }).click();
      await page.getByRole("menuitem").nth(1).click();
      await page.getByRole("dialog").waitFor();
      await expectFine(page, "credit");
      expect(problems).toEqual([]);
    }
  },
  TIMEOUT_MS,
);
