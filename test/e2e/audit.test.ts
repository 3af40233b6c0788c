/** In a real browser: who changed what, narrowed down by the address of the page, and whether it is what was written. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { chromiumForTests } from "../support/chromium.ts";
import { closeFilters, expectFine, openFilters, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import type { Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 180_000;
const desk = { locale: "en-GB", viewport: { width: 1280, height: 900 } };
const phone = { locale: "id-ID", colorScheme: "dark" as const, viewport: { width: 360, height: 740 }, hasTouch: true };

let server: TestServer;
let owner: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  server = await startServer();
  owner = await server.visitor().join("siti@example.com");
  const { id } = await owner.createKey("Nightly job");
  await owner.dashboard(`/keys/${id}`, { name: "Daily job", limitUsd: "5" }, "PATCH");
  for (let key = 0; key < 55; key++) await owner.createKey(`Key ${key}`);
});
afterAll(() => server.stop());

async function open(options: BrowserContextOptions): Promise<Page> {
  const context = await chromium.newContext(options, { server, visitor: owner });
  return context.newPage();
}

for (const [name, options, words] of [
  [
    "desk-en",
    desk,
    {
      action: "Action",
      changed: "Key changed",
      limit: "Limit (USD):",
      check: "Check the log",
      whole: "The log is what was written",
      who: "Who",
      none: "No such entries",
      clear: "Clear filters",
      more: "Show more",
    },
  ],
  [
    "phone-id",
    phone,
    {
      action: "Tindakan",
      changed: "Kunci diubah",
      limit: "Batas (USD):",
      check: "Periksa log",
      whole: "Log masih seperti yang ditulis",
      who: "Siapa",
      none: "Tidak ada entri seperti itu",
      clear: "Hapus saringan",
      more: "Tampilkan lagi",
    },
  ],
] as const) {
  test(
    `an entry shows each field before and after, filters stand in the address, and the log is checked (${name})`,
    async () => {
      const page = await open(options);
      const problems = watchPage(page);
      await page.goto(`${server.url}/audit`);
      const rows = page.getByRole("row");
      await page.getByText("Key 54").first().waitFor();
      const before = await rows.count();
      await page.getByRole("button", { name: words.more }).click();
      await page.getByText("Daily job").first().waitFor();
      expect(await rows.count()).toBeGreaterThan(before);
      await openFilters(page);
      await page.getByLabel(words.action, { exact: true }).selectOption({ label: words.changed });
      await page.waitForURL("**/audit?action=key.change");
      await closeFilters(page);
      await page.getByRole("deletion").getByText("Nightly job").waitFor();
      await page.getByRole("insertion").getByText("Daily job").waitFor();
      await page.getByText(words.limit).first().waitFor();
      await page.reload();
      await page.getByRole("deletion").getByText("Nightly job").waitFor();
      await expectFine(page, "before and after");
      const folder = process.env.GAPURA_PICTURES;
      await page.getByRole("button", { name: words.check }).click();
      await page.getByText(words.whole).waitFor();
      if (folder) await page.screenshot({ path: `${folder}/audit-${name}.png` });
      await openFilters(page);
      await page.getByLabel(words.who, { exact: true }).fill("nobody@example.com");
      await closeFilters(page);
      await page.getByText(words.none).waitFor();
      await page.getByRole("button", { name: words.clear }).click();
      await page.getByText("Key 54").first().waitFor();
      await openFilters(page);
      expect(await page.getByLabel(words.who, { exact: true }).inputValue()).toBe("");
      expect(problems).toEqual([]);
    },
    TIMEOUT_MS,
  );
}
