/** Dashboard, Activity and Logs in a real browser, over an instance that has been used for weeks. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { BrowserContextOptions } from "playwright-core";
import { chromiumForTests } from "../support/chromium.ts";
import { bearer } from "../support/keys.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { type SeededServer, startSeeded } from "../support/seeded.ts";
import { expectStatus, type Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 180_000;
const DESK: BrowserContextOptions = { locale: "en-GB", viewport: { width: 1280, height: 860 } };
const PHONE: BrowserContextOptions = {
  locale: "id-ID",
  colorScheme: "dark",
  viewport: { width: 360, height: 740 },
  hasTouch: true,
};

let server: SeededServer;
let siti: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  server = await startSeeded({ DISPLAY_CURRENCY: "IDR", DISPLAY_RATE: "16500" });
  siti = await server.person("siti@example.com");
}, TIMEOUT_MS);
afterAll(() => server.stop());

async function open(options: BrowserContextOptions, path: string) {
  const context = await chromium.newContext({ reducedMotion: "reduce", ...options }, { server, visitor: siti });
  const page = await context.newPage();
  const problems = watchPage(page);
  await page.goto(`${server.url}${path}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  return { page, problems };
}

test(
  "each key in the list has a line of its thirty days that says what it shows, in money or in requests",
  async () => {
    for (const [options, spent, called] of [
      [DESK, /^\$\d.* in 30 days, most on \w/, /^[\d,]+ requests in 30 days/],
      [PHONE, /^US\$.* dalam 30 hari, terbanyak pada \d/, /^[\d.]+ permintaan dalam 30 hari/],
    ] as const) {
      const { page, problems } = await open(options, "/keys");
      await page.getByRole("img", { name: spent }).first().waitFor();
      await expectFine(page, "/keys");
      await page.goto(`${server.url}/keys?trend=requests`);
      await page.getByRole("img", { name: called }).first().waitFor();
      const saving = page.waitForEvent("download");
      await page.getByRole("button", { name: "CSV" }).click();
      const rows = readFileSync(await (await saving).path(), "utf8")
        .trim()
        .split("\r\n");
      expect(rows[0]).toStartWith("id,name,kind,state");
      expect(rows.length - 1).toBe((await siti.dashboard("/keys")).body.total);
      expect(problems).toEqual([]);
    }
  },
  TIMEOUT_MS,
);

test(
  "Dashboard, Activity and Logs say the same spend and requests of the same thirty days",
  async () => {
    const { page } = await open(DESK, "/dashboard");
    const tile = (name: string) =>
      page
        .locator("dl > div")
        .filter({ has: page.getByText(name, { exact: true }) })
        .locator("dd")
        .first()
        .textContent();
    // The amount in rupiah stands under the dollars.
    const said = async () => ({ spend: (await tile("Spend"))?.split("≈")[0], requests: await tile("Requests") });
    await page.getByText("Keys that spent most").waitFor();
    const first = await said();
    expect(first.spend).toMatch(/^US\$\d|^\$\d/);
    await page.getByRole("link", { name: "All of it in Activity" }).click();
    await page.getByText("Latest requests").waitFor();
    expect(await said()).toEqual(first);
    await page.getByRole("link", { name: "Single requests" }).first().click();
    const total = await page.getByText(/^Requests in this time/).textContent();
    expect(total).toStartWith(`Requests in this time: ${first.requests} · spent ${first.spend} (`);
  },
  TIMEOUT_MS,
);

test(
  "whoever owns the instance turns Activity to all accounts, and follows one of them into its requests",
  async () => {
    for (const [options, all, told, lead] of [
      [DESK, "All accounts", "Account", /of all accounts, newest first/],
      [PHONE, "Semua akun", "Akun", /dari semua akun, yang terbaru di atas/],
    ] as const) {
      const { page, problems } = await open(options, "/activity");
      await page.getByRole("radio", { name: all, exact: true }).check({ force: true });
      await page.waitForURL(/scope=all/);
      await page.getByRole("radio", { name: told, exact: true }).waitFor({ state: "attached" });
      await page.getByRole("button", { name: "budi@example.com" }).waitFor();
      await expectFine(page, "/activity?scope=all");
      await page.getByRole("button", { name: "agus@example.com" }).click();
      await page.waitForURL(/account=user_/);
      await page.goto(page.url().replace("/activity?", "/logs?"));
      await page.getByText(lead).waitFor();
      await page.getByText("agus@example.com", { exact: true }).and(page.locator("span")).first().waitFor();
      await expectFine(page, "/logs?scope=all");
      const details = page.getByRole("button", { name: options === DESK ? /^Details of/ : /^Rincian/ });
      await details.first().click();
      await page.getByRole("dialog").getByText("agus@example.com").waitFor();
      expect(problems).toEqual([]);
    }
  },
  TIMEOUT_MS,
);

test(
  "a chart is read with the arrow keys, split and narrowed down in the address, and leads to its requests",
  async () => {
    const { page, problems } = await open(DESK, "/activity");
    const chart = page.getByRole("slider", { name: /^Spend over time/ });
    await chart.focus();
    await page.keyboard.press("ArrowLeft");
    expect(await chart.getAttribute("aria-valuetext")).toMatch(/\$\d/);
    await page.getByRole("radio", { name: "Requests" }).check({ force: true });
    await page.getByRole("radio", { name: "Key", exact: true }).check({ force: true });
    await page.waitForURL(/metric=requests/);
    await page.waitForURL(/by=key/);
    await page.getByRole("button", { name: "Website chatbot" }).click();
    await page.waitForURL(/key=\w{8}/);
    await page.getByRole("slider", { name: /^Requests over time/ }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/logs\?.*key=\w{8}.*from=\d+&to=\d+/);
    await page.getByRole("heading", { name: "Logs" }).waitFor();
    await page.getByRole("row").filter({ hasText: "Website chatbot" }).first().waitFor();
    expect(await page.getByRole("row").filter({ hasText: "Notebook" }).count()).toBe(0);
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "the list of requests holds only the rows in sight, is narrowed down, keeps a view and opens a request",
  async () => {
    const { page, problems } = await open(DESK, "/logs?range=90d");
    await page.getByText(/shown, there are more/).waitFor();
    expect(await page.getByRole("row").count()).toBeLessThan(45);
    await page.getByRole("radio", { name: "Failed" }).check({ force: true });
    await page.waitForURL(/outcome=error/);
    await page
      .getByRole("row")
      .getByText(/^Failed/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("dialog").getByLabel("Provider").click();
    await page.keyboard.press("Escape");
    await page.getByRole("columnheader", { name: "Provider" }).waitFor();
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("dialog").getByLabel("Name of what is shown now").fill("What failed");
    await page.getByRole("dialog").getByRole("button", { name: "Keep" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "What failed", exact: true }).waitFor();
    await expectFine(page, "views");
    await page.goto(`${server.url}/logs`);
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "What failed", exact: true }).click();
    await page.waitForURL(/outcome=error/);
    await page
      .getByRole("button", { name: /^Details of the request of/ })
      .first()
      .click();
    await page.getByRole("dialog").getByText("Attempts").waitFor();
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "on a phone the filters of every page are behind one button that says how many hold, on a desk they are in their place",
  async () => {
    const { page, problems } = await open(PHONE, "/logs?outcome=error&status=429");
    for (const path of ["/logs?outcome=error&status=429", "/activity", "/models", "/keys", "/alerts", "/audit"]) {
      await page.goto(server.url + path);
      const button = page.getByRole("button", { name: /^Saringan/ });
      await button.click();
      const sheet = page.getByRole("dialog", { name: "Saringan" });
      await sheet.getByRole("combobox").first().waitFor();
      await expectFine(page, `filters of ${path}`);
      await page.keyboard.press("Escape");
      await sheet.waitFor({ state: "detached" });
      expect([path, await page.getByRole("combobox").count()]).toEqual([path, 0]);
      await page.waitForFunction(`document.activeElement?.textContent?.startsWith("Saringan")`);
    }
    await page.goto(`${server.url}/logs?outcome=error&status=429`);
    await page.getByRole("button", { name: "Saringan (2)", exact: true }).click();
    await page.getByRole("dialog").getByLabel("Status HTTP").selectOption("");
    await page.getByRole("searchbox").fill("req_");
    await page.getByRole("button", { name: "Tampilkan yang cocok" }).click();
    await page.waitForURL(/outcome=error.*id=req_/);
    await page.getByRole("button", { name: "Saringan (2)", exact: true }).waitFor();
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.getByRole("combobox").first().waitFor();
    expect(await page.getByRole("button", { name: /^Saringan/ }).count()).toBe(0);
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "a view is on every device, what a browser kept comes over once, and a deleted one is taken back",
  async () => {
    const view = { page: "logs", name: "Yang gagal", query: "outcome=error" };
    expectStatus(await siti.dashboard("/views", view), 200);
    const { page, problems } = await open(PHONE, "/logs");
    const kept = JSON.stringify([{ name: "Dari peramban", search: { status: "429", range: "90d" } }]);
    await page.evaluate(`localStorage.setItem("gapura.log-views", ${JSON.stringify(kept)})`);
    await page.getByRole("button", { name: "Tampilan" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Yang gagal", exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Dari peramban", exact: true }).waitFor();
    expect(await page.evaluate(`localStorage.getItem("gapura.log-views")`)).toBeNull();
    await expectFine(page, "views on a phone");
    await dialog.getByRole("button", { name: "Hapus Dari peramban" }).click();
    await page.locator(":focus", { hasText: /^Urungkan$/ }).waitFor();
    expect(await dialog.getByRole("button", { name: "Dari peramban", exact: true }).count()).toBe(0);
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Dari peramban", exact: true }).click();
    await page.waitForURL(/\/logs\?.*status=429/);
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "while it is followed live a request appears by itself",
  async () => {
    const { page } = await open(DESK, "/logs?live=true&range=1h");
    await page.getByRole("button", { name: "Live", exact: true }).waitFor();
    const { secret } = await siti.createKey("Kunci langsung");
    const body = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };
    expect((await siti.call("/api/v1/chat/completions", { body, headers: bearer(secret) })).status).toBe(200);
    await page.getByRole("row").getByText("Kunci langsung").waitFor();
  },
  TIMEOUT_MS,
);
