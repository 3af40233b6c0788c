/** Alerts in a real browser: what is unusual, the four answers, where messages go; on a desk and on a phone. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { BrowserContextOptions } from "playwright-core";
import type { AlertFacts } from "../../src/kernel/alerts/facts.ts";
import { dayOf } from "../../src/kernel/windows.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createAlertStore } from "../../src/storage/stores/alerts.ts";
import { createUsageWriter } from "../../src/storage/usage-writer/usage-writer.ts";
import { chromiumForTests } from "../support/chromium.ts";
import { startHook, type TestHook } from "../support/hook.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { usageRow } from "../support/stored.ts";
import { UNUSUAL_USE } from "../support/used-instance.ts";
import { until, type Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 150_000;
const DAY_MS = 86_400_000;
const DESK: BrowserContextOptions = { locale: "en-GB", viewport: { width: 1280, height: 900 } };
const PHONE: BrowserContextOptions = {
  ...{ locale: "id-ID", colorScheme: "dark", hasTouch: true },
  viewport: { width: 360, height: 740 },
};

let server: TestServer;
let hook: TestHook;
let person: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  hook = startHook();
  server = await startServer({ ALLOW_PRIVATE_UPSTREAM: hook.hostAndPort });
  person = await server.visitor().join("siti@example.com");
});
afterAll(async () => {
  await server.stop();
  await hook.stop();
});

/** A key with four quiet weeks and a loud day, and what was noticed about it. */
async function stolenKey(name: string, facts: AlertFacts = UNUSUAL_USE): Promise<{ keyId: string; alertId: string }> {
  const { id: keyId } = await person.createKey(name);
  const { id: userId } = (await person.dashboard("/account")).body;
  const storage = await openStorage({ dataDir: server.dataDir });
  const writer = createUsageWriter(storage);
  for (let back = 27; back >= 0; back--) {
    const created_at = (dayOf(Date.now()) - back) * DAY_MS + 1_000;
    const cost_nano = back === 0 ? 12_500_000_000n : BigInt(300_000_000 + ((back * 37) % 11) * 20_000_000);
    await writer.record(usageRow({ user_id: userId, key_id: keyId, created_at, cost_nano }));
  }
  await writer.close();
  const raised = await createAlertStore(storage.db).raise({ userId, keyId, level: "alert", facts }, Date.now());
  await storage.close();
  return { keyId, alertId: raised?.alert.id ?? "" };
}

async function open(options: BrowserContextOptions, path: string) {
  const context = await chromium.newContext({ reducedMotion: "reduce", ...options }, { server, visitor: person });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const problems = watchPage(page);
  await page.goto(`${server.url}${path}`);
  // Behind an open alert the page is hidden from assistive technology, so it is not asked for by its role.
  await page.locator("h1").first().waitFor();
  return { page, problems };
}

test(
  "the first page and the menu say that an alert waits; it shows usual and now, and Freeze can be undone",
  async () => {
    const { keyId } = await stolenKey("Kasir");
    const { page, problems } = await open(DESK, "/dashboard");
    await page.getByText("1 alert waits for your answer").waitFor();
    await page.getByRole("link", { name: /Alerts.*1 open alert/ }).waitFor();
    await page.getByRole("link", { name: "The key “Kasir” is used in an unusual way" }).click();
    const sheet = page.getByRole("dialog");
    await sheet.getByText("$12.50", { exact: true }).first().waitFor();
    await sheet.getByText("Usual: $0.42 a day").waitFor();
    await sheet.getByText("Usual: 203.0.113.0/24").waitFor();
    await sheet.getByRole("img", { name: "Spent each day, the last 28 days" }).waitFor();
    await expectFine(page, "alert");
    await sheet.getByRole("button", { name: "Freeze" }).click();
    await sheet.getByText("The key is frozen: it is refused until you unfreeze it.").waitFor();
    expect((await person.dashboard(`/keys/${keyId}`)).body.state).toBe("disabled");
    await sheet.getByRole("button", { name: "Unfreeze" }).click();
    await until(async () => (await person.dashboard(`/keys/${keyId}`)).body.state === "active", 60_000);
    await sheet.getByRole("button", { name: "Close" }).click();
    await page.getByText("Nothing unusual").waitFor();
    await page.getByRole("radio", { name: "Answered" }).click({ force: true });
    await page.getByRole("button", { name: "The key “Kasir” is used in an unusual way" }).waitFor();
    expect(page.url()).toContain("state=closed");
    await expectFine(page, "answered alerts");
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "Lower the limit proposes a number from what is usual, and sets it",
  async () => {
    const { keyId, alertId } = await stolenKey("Rapat");
    const { page, problems } = await open(DESK, `/alerts?alert=${alertId}`);
    await page.getByRole("button", { name: "Lower the limit" }).click();
    const dialog = page.getByRole("dialog", { name: "Lower the limit of “Rapat”" });
    const amount = dialog.getByLabel("Limit each day, in USD");
    expect(await amount.inputValue()).toBe("0.8");
    await expectFine(page, "limit");
    await dialog.getByRole("button", { name: "Set the limit" }).click();
    await page.getByText("You changed the limit of the key.", { exact: false }).waitFor();
    expect((await person.dashboard(`/keys/${keyId}`)).body).toMatchObject({ limitUsd: "0.8", limitReset: "daily" });
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "limits that somebody else changed are noted, and the list can be narrowed down to one key by its address",
  async () => {
    const changes = [{ field: "rpm", before: null, after: "60" }];
    const { keyId, alertId } = await stolenKey("Gudang", { kind: "limits_changed", by: "management_key", changes });
    await stolenKey("Antar");
    const { page, problems } = await open(DESK, "/alerts?state=all");
    await page.getByText("“Antar”", { exact: false }).first().waitFor();
    await page.getByRole("combobox", { name: "Key" }).selectOption({ label: "Gudang" });
    await page.waitForURL(`**/alerts?*key=${keyId}*`);
    await page.reload();
    await page.getByText("“Gudang”", { exact: false }).first().waitFor();
    expect(await page.getByText("“Antar”", { exact: false }).count()).toBe(0);
    await page.getByRole("button", { name: /“Gudang”/ }).click();
    const sheet = page.getByRole("dialog");
    await sheet.getByRole("button", { name: "Noted" }).click();
    await sheet.getByText("You took note of it.", { exact: false }).waitFor();
    expect(await sheet.getByText("It was me").count()).toBe(0);
    expect((await person.dashboard(`/alerts/${alertId}`)).body.alert.answer).toBe("me");
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "Rotate gives the key a new secret on the spot and counts as the answer",
  async () => {
    const { keyId, alertId } = await stolenKey("Impor");
    const before = (await person.dashboard(`/keys/${keyId}`)).body.label;
    const { page, problems } = await open(DESK, `/alerts?alert=${alertId}`);
    await page.getByRole("button", { name: "Rotate" }).click();
    await page.getByRole("dialog", { name: "Rotate “Impor”" }).getByRole("button", { name: "Rotate" }).click();
    const rotated = page.getByRole("dialog", { name: "The new secret of your API key" });
    await rotated.getByRole("button", { name: "Done" }).click();
    await rotated.getByRole("button", { name: "Close anyway" }).click();
    await until(async () => (await person.dashboard(`/alerts/${alertId}`)).body.alert.answer === "rotate", 60_000);
    expect((await person.dashboard(`/keys/${keyId}`)).body.label).not.toBe(before);
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "a webhook is set up with a secret that is shown once, tested, and removed",
  async () => {
    const { page, problems } = await open(DESK, "/alerts?tab=sending");
    await page.getByRole("button", { name: "Set up: Webhook" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Address").fill("http://127.0.0.1:9/hook");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Please check this field.").waitFor();
    await dialog.getByLabel("Address").fill(hook.url);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("whsec_", { exact: false }).waitFor();
    await expectFine(page, "secret");
    await dialog.getByRole("button", { name: "I have copied it" }).click();
    await page.getByText(`Goes to ${hook.hostAndPort}`).waitFor();
    await page.getByRole("button", { name: "Send a test: Webhook" }).click();
    await page.getByText("The test has arrived.").waitFor();
    expect(JSON.parse(hook.received.at(-1)?.body ?? "{}")).toMatchObject({ type: "test" });
    expect(JSON.stringify((await person.dashboard("/alert-settings")).body)).not.toContain("whsec_");
    await page.getByRole("checkbox", { name: /Freeze a key by itself/ }).click();
    await until(async () => (await person.dashboard("/alert-settings")).body.autoFreeze, 60_000);
    await expectFine(page, "sending");
    await page.getByRole("button", { name: "Remove: Webhook" }).click();
    await page.getByRole("alertdialog").or(page.getByRole("dialog")).getByRole("button", { name: "Remove" }).click();
    await page.getByRole("button", { name: "Set up: Webhook" }).waitFor();
    await person.dashboard("/alert-settings", { autoFreeze: false }, "PATCH");
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "a phone in Indonesian and the dark shows alerts and their answers without scrolling sideways",
  async () => {
    const { alertId } = await stolenKey("Kunci untuk laporan bulanan cabang Surabaya dan Malang");
    const { page, problems } = await open(PHONE, "/alerts");
    await page.getByText("tidak seperti biasanya", { exact: false }).first().waitFor();
    await expectFine(page, "daftar");
    await page.goto(`${server.url}/alerts?alert=${alertId}`);
    await page.getByRole("button", { name: "Bekukan" }).waitFor();
    await expectFine(page, "rincian");
    await page.getByRole("button", { name: "Itu saya" }).click();
    await page.getByText("Anda menjawab bahwa itu Anda.", { exact: false }).waitFor();
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);
