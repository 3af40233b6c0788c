/** In a real browser: the Administration page, walked once in English on a desk and once in Indonesian on a phone. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { BrowserContextOptions } from "playwright-core";
import { chromiumForTests } from "../support/chromium.ts";
import { bearer } from "../support/keys.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { until, type Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 180_000;
const DESK: BrowserContextOptions = { locale: "en-GB", viewport: { width: 1280, height: 900 } };
const PHONE: BrowserContextOptions = {
  ...{ locale: "id-ID", colorScheme: "dark", viewport: { width: 360, height: 740 }, hasTouch: true },
  reducedMotion: "reduce",
};

let server: TestServer;
let owner: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  server = await startServer();
  owner = await server.visitor().join("siti@example.com");
});
afterAll(() => server.stop());

const walks = [
  {
    name: "desk-en",
    options: DESK,
    email: "budi@example.com",
    suspend: "Suspend",
    suspended: "budi@example.com is suspended.",
    filter: "Suspended",
    readmit: "Let in again",
    readmitted: "budi@example.com can come in again.",
    tabs: { system: "System", mail: "Mail", configuration: "Configuration", backup: "Backup", about: "About" },
    job: "Sending mail",
    sendTest: "Send a test mail",
    kept: "lies on the mailbox page",
    search: "Search settings",
    makeCopy: "Make a copy",
    download: "Download",
    updates: "Updates",
  },
  {
    name: "phone-id",
    options: PHONE,
    email: "cici@example.com",
    suspend: "Tangguhkan",
    suspended: "cici@example.com ditangguhkan.",
    filter: "Ditangguhkan",
    readmit: "Izinkan masuk lagi",
    readmitted: "cici@example.com boleh masuk lagi.",
    tabs: { system: "Sistem", mail: "Surel", configuration: "Konfigurasi", backup: "Cadangan", about: "Tentang" },
    job: "Pengiriman surel",
    sendTest: "Kirim surel uji",
    kept: "ada di halaman kotak surat",
    search: "Cari pengaturan",
    makeCopy: "Buat salinan",
    download: "Unduh",
    updates: "Pembaruan",
  },
] as const;

for (const words of walks) {
  test(
    `the owner suspends somebody, whose key is refused at once, sees how the server does, and takes a copy (${words.name})`,
    async () => {
      const member = await server.visitor().join(words.email);
      const { secret } = await member.createKey("Bot");
      const callWithKey = async () => (await server.visitor().call("/api/v1/key", { headers: bearer(secret) })).status;
      const context = await chromium.newContext(words.options, { server, visitor: owner });
      const page = await context.newPage();
      const problems = watchPage(page);
      const picture = async (part: string) => {
        const folder = process.env.GAPURA_PICTURES;
        if (folder) await page.screenshot({ path: `${folder}/administration-${part}-${words.name}.png` });
      };
      const askToChange = async (name: string) => {
        await page.getByRole("button", { name: new RegExp(words.email) }).click();
        await page.getByRole("menuitem", { name }).click();
        await page.getByRole("alertdialog").getByRole("button", { name }).click();
      };

      await page.goto(`${server.url}/administration`);
      await page.getByText(words.email).first().waitFor();
      await picture("users");
      expect(await callWithKey()).toBe(200);
      await askToChange(words.suspend);
      await page.getByText(words.suspended).waitFor();
      expect(await callWithKey()).toBe(401);
      expect((await member.dashboard("/account")).status).toBe(401);
      await page.getByText(words.filter, { exact: true }).first().click();
      await page.waitForURL("**/administration?state=suspended");
      await page.getByText(words.email).first().waitFor();
      await expectFine(page, "somebody suspended");
      await askToChange(words.readmit);
      await page.getByText(words.readmitted).waitFor();
      await until(async () => (await callWithKey()) === 200);

      await page.getByRole("tab", { name: words.tabs.system }).click();
      await page.waitForURL("**/administration?tab=system");
      await page.getByText(words.job).first().waitFor();
      await picture("system");
      await page.getByRole("tab", { name: words.tabs.mail }).click();
      await page.getByRole("button", { name: words.sendTest }).click();
      await page.getByText(words.kept).waitFor();
      await expectFine(page, "mail");
      await page.getByRole("tab", { name: words.tabs.configuration }).click();
      await page.getByLabel(words.search).fill("data_dir");
      await page.waitForURL("**/administration?tab=configuration&q=data_dir");
      await page.getByText(server.dataDir).first().waitFor();
      await picture("configuration");
      await page.getByRole("tab", { name: words.tabs.backup }).click();
      await page.getByRole("button", { name: words.makeCopy }).click();
      const link = page.getByRole("link", { name: words.download });
      await link.waitFor();
      await expectFine(page, "backup");
      const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
      expect(
        readFileSync(await download.path())
          .subarray(0, 15)
          .toString(),
      ).toBe("SQLite format 3");
      await page.getByRole("tab", { name: words.tabs.about }).click();
      await page.getByRole("heading", { name: words.updates }).waitFor();
      expect(problems).toEqual([]);
    },
    TIMEOUT_MS,
  );
}

test(
  "a member has no such page",
  async () => {
    const member = await server.visitor().join("dewi@example.com");
    const context = await chromium.newContext(DESK, { server, visitor: member });
    const page = await context.newPage();
    await page.goto(`${server.url}/administration`);
    await page.waitForURL("**/dashboard");
    expect(await page.getByRole("link", { name: "Administration" }).count()).toBe(0);
  },
  TIMEOUT_MS,
);
