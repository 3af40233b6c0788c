/** In a real browser: risky keys, one action on several of them, how long keys may live, and reminders of their end. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { openStorage } from "../../src/storage/open.ts";
import { chromiumForTests } from "../support/chromium.ts";
import { managementKey } from "../support/keys.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { expectStatus, type Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 180_000;
const desk = { locale: "en-GB", viewport: { width: 1280, height: 900 } };
const phone = { locale: "id-ID", colorScheme: "dark" as const, viewport: { width: 360, height: 740 }, hasTouch: true };

let server: TestServer;
let person: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  server = await startServer();
  person = await server.visitor().join("siti@example.com");
});
afterAll(() => server.stop());

async function open(options: BrowserContextOptions): Promise<Page> {
  const context = await chromium.newContext(options, { server, visitor: person });
  return context.newPage();
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.GAPURA_PICTURES;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

for (const [name, options, words] of [
  [
    "desk-en",
    desk,
    {
      show: "Show",
      noExpiry: /^Never ends \(3\)$/,
      limit: "Set limit",
      amount: "Limit in USD",
      confirmLimit: "Set for 3 keys",
      some: "2 of 3 are changed. These were refused:",
      managed: "A management key spends nothing, so it has no limit.",
      close: "Close",
      disable: "Disable",
      confirmDisable: "Disable 1 key",
      disabled: "1 key is changed.",
      undo: "Undo",
      undone: "1 key is as it was.",
      days: "Days at most",
      save: "Save",
      saved: "How long keys may live is saved.",
      wrong: "Enter a whole number of days from 1 to 3650.",
      tooLong: "Lives too long for this instance",
    },
  ],
  [
    "phone-id",
    phone,
    {
      show: "Tampilkan",
      noExpiry: /^Tidak pernah berakhir \(3\)$/,
      limit: "Atur batas",
      amount: "Batas dalam USD",
      confirmLimit: "Atur untuk 3 kunci",
      some: "2 dari 3 sudah diubah. Yang ini ditolak:",
      managed: "Kunci pengelola tidak berbelanja, jadi tidak punya batas.",
      close: "Tutup",
      disable: "Nonaktifkan",
      confirmDisable: "Nonaktifkan 1 kunci",
      disabled: "1 kunci sudah diubah.",
      undo: "Urungkan",
      undone: "1 kunci kembali seperti semula.",
      days: "Paling lama, dalam hari",
      save: "Simpan",
      saved: "Masa berlaku kunci disimpan.",
      wrong: "Isi bilangan bulat dari 1 sampai 3650.",
      tooLong: "Terlalu lama untuk instans ini",
    },
  ],
] as const) {
  test(
    `risky keys are ranked, filtered by the address of the page, and changed together (${name})`,
    async () => {
      const made = [await person.createKey("Risky one"), await person.createKey("Risky two")];
      const manager = await managementKey(person, "Manager");
      const page = await open(options);
      const problems = watchPage(page);
      await page.goto(`${server.url}/security`);
      await page.getByText("Risky one").waitFor();
      await picture(page, `security-${name}`);
      const filter = page.getByLabel(words.show, { exact: true });
      const option = filter.locator("option", { hasText: words.noExpiry });
      await filter.selectOption((await option.getAttribute("value")) ?? "");
      await page.waitForURL("**/security?risk=no_expiry");
      await page.reload();
      await page.getByText("Risky two").waitFor();
      for (const box of await page.getByRole("table").getByRole("checkbox").all()) await box.click();
      await page.getByRole("button", { name: words.limit, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(words.amount).fill("7.5");
      await expectFine(page, "one limit for all");
      await dialog.getByRole("button", { name: words.confirmLimit }).click();
      await dialog.getByText(words.some).waitFor();
      await dialog.getByText(words.managed).waitFor();
      await expectFine(page, "what was refused");
      await picture(page, `security-refused-${name}`);
      await dialog.getByRole("button", { name: words.close, exact: true }).last().click();
      await dialog.waitFor({ state: "detached" });
      for (const { id } of made) expect((await person.dashboard(`/keys/${id}`)).body.limitUsd).toBe("7.5");

      await page.getByRole("checkbox", { name: "Risky two" }).click();
      await page.getByRole("button", { name: words.disable, exact: true }).click();
      await dialog.getByRole("button", { name: words.confirmDisable }).click();
      await page.getByText(words.disabled).waitFor();
      await page.getByText("Risky two").waitFor({ state: "detached" });
      await page.getByRole("button", { name: words.undo, exact: true }).click();
      await page.getByText(words.undone).waitFor();
      await page.getByText("Risky two").waitFor();
      expect((await person.dashboard(`/keys/${made[1]?.id}`)).body.state).toBe("active");

      const days = page.getByLabel(words.days);
      await days.fill("0");
      await page.getByRole("button", { name: words.save, exact: true }).last().click();
      await page.getByText(words.wrong).waitFor();
      await days.fill("30");
      await page.getByRole("button", { name: words.save, exact: true }).last().click();
      await page.getByText(words.saved).waitFor();
      await page.goto(`${server.url}/security?risk=over_lifetime`);
      await page.getByText("Risky one").waitFor();
      await page
        .getByLabel(words.show, { exact: true })
        .locator("option", { hasText: words.tooLong })
        .waitFor({ state: "attached" });
      expect(problems).toEqual([]);
      expectStatus(await person.dashboard("/security/policy", { maxLifetimeDays: null }, "PATCH"), 200);
      for (const { id } of [...made, manager]) await person.dashboard(`/keys/${id}`, undefined, "DELETE");
    },
    TIMEOUT_MS,
  );
}

test(
  "under a policy a new key gets the latest day that is allowed, and a key without an end is rotated with one",
  async () => {
    const old = await person.createKey("Old style");
    expectStatus(await person.dashboard("/security/policy", { maxLifetimeDays: 30 }, "PATCH"), 200);
    const page = await open(desk);
    await page.goto(`${server.url}/keys`);
    await page.getByRole("button", { name: "Create New API Key" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Description").fill("Bounded");
    await dialog.getByText("This instance allows", { exact: false }).waitFor({ state: "attached" });
    await dialog.getByRole("button", { name: "Generate" }).click();
    await dialog.getByText("This is the only time you see it").waitFor();
    const { keys } = (await person.dashboard("/keys?q=Bounded")).body;
    expect(keys[0].expiresAt).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    await page.goto(`${server.url}/keys`);
    await page.getByRole("button", { name: "Actions for Old style" }).click();
    await page.getByRole("menuitem", { name: "Rotate", exact: true }).click();
    await dialog.getByLabel("Last day").waitFor();
    await expectFine(page, "rotating under a policy");
    await dialog.getByRole("button", { name: "Rotate", exact: true }).click();
    await dialog.getByText("This is the only time you see it").waitFor();
    expect((await person.dashboard(`/keys/${old.id}`)).body.expiresAt).toBeGreaterThan(Date.now());
    expectStatus(await person.dashboard("/security/policy", { maxLifetimeDays: null }, "PATCH"), 200);
    for (const { id } of [keys[0], old]) await person.dashboard(`/keys/${id}`, undefined, "DELETE");
  },
  TIMEOUT_MS,
);

test(
  "a key that ends soon is announced on the pages until that is put away",
  async () => {
    const { id } = await person.createKey("Ends soon");
    const { id: userId } = (await person.dashboard("/account")).body;
    const expiresAt = Date.now() + 3 * 86_400_000;
    await person.dashboard(`/keys/${id}`, { expiresAt }, "PATCH");
    const storage = await openStorage({ dataDir: server.dataDir });
    const told = {
      key_id: id,
      expires_at: expiresAt,
      days: 7,
      user_id: userId,
      created_at: Date.now(),
      dismissed_at: null,
    };
    await storage.db
      .insertInto("key_reminder")
      .values(told)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await storage.close();
    const page = await open(phone);
    await page.goto(`${server.url}/dashboard`);
    const notice = page.getByText(/“Ends soon” berakhir pada/);
    await notice.waitFor();
    await expectFine(page, "a reminder");
    await page.getByRole("button", { name: /^Singkirkan: “Ends soon”/ }).click();
    await notice.waitFor({ state: "detached" });
    expect((await person.dashboard("/security/reminders")).body.reminders).toEqual([]);
  },
  TIMEOUT_MS,
);
