/** In a real browser: a key is rotated, its new secret is shown once, and the old one is ended before its time. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { chromiumForTests } from "../support/chromium.ts";
import { bearer } from "../support/keys.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import type { Visitor } from "../support/visitor.ts";

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

const statusOf = async (key: string) => (await server.visitor(bearer(key)).call("/api/v1/key")).status;

for (const [name, options, words] of [
  [
    "desk-en",
    desk,
    {
      actions: "Actions for Nightly",
      rotate: "Rotate",
      overlap: "The old secret goes on working",
      custom: "Until a time of your choice",
      until: "Until",
      invalid: "Choose a time within the next seven days.",
      hour: "For 1 hour",
      done: "Done",
      closeAnyway: "Close anyway",
      inTable: /^Old secret until /,
      end: "End the old secret",
      stillWorks: /still works/,
    },
  ],
  [
    "phone-id",
    phone,
    {
      actions: "Tindakan untuk Nightly",
      rotate: "Rotasi",
      overlap: "Rahasia lama masih berlaku",
      custom: "Sampai waktu yang Anda pilih",
      until: "Sampai",
      invalid: "Pilih waktu dalam tujuh hari ke depan.",
      hour: "Selama 1 jam",
      done: "Selesai",
      closeAnyway: "Tetap tutup",
      inTable: /^Rahasia lama sampai /,
      end: "Akhiri rahasia lama",
      stillWorks: /masih berlaku/,
    },
  ],
] as const) {
  test(
    `a key is rotated with an overlap, the new secret is shown once, and the old one is ended (${name})`,
    async () => {
      const { id, secret: old } = await person.createKey("Nightly");
      const page = await open(options);
      const problems = watchPage(page);
      await page.goto(`${server.url}/keys`);
      const choose = async (item: string) => {
        await page.getByRole("button", { name: words.actions }).click();
        await page.getByRole("menuitem", { name: item, exact: true }).click();
      };
      await choose(words.rotate);
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(words.overlap).selectOption({ label: words.custom });
      await dialog.getByRole("button", { name: words.rotate, exact: true }).click();
      await dialog.getByText(words.invalid).waitFor();
      await expectFine(page, "a time that is missing");
      await dialog.getByLabel(words.overlap).selectOption({ label: words.hour });
      await dialog.getByRole("button", { name: words.rotate, exact: true }).click();
      const shown = dialog.locator("code", { hasText: /^gpr_\w{46}$/ });
      await shown.waitFor();
      const secret = (await shown.textContent()) ?? "";
      await expectFine(page, "the new secret");
      await dialog.getByRole("button", { name: words.done, exact: true }).click();
      await dialog.getByRole("button", { name: words.closeAnyway }).click();
      await dialog.waitFor({ state: "detached" });
      expect([await statusOf(old), await statusOf(secret)]).toEqual([200, 200]);

      await page.getByText(words.inTable).waitFor();
      await expectFine(page, "the list with an old secret");
      await choose(words.rotate);
      await dialog.getByText(words.stillWorks).waitFor();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await choose(words.end);
      await page.getByRole("alertdialog").getByRole("button", { name: words.end }).click();
      await page.getByText(words.inTable).waitFor({ state: "detached" });
      expect([await statusOf(old), await statusOf(secret)]).toEqual([401, 200]);
      expect(problems).toEqual([]);
      await person.dashboard(`/keys/${id}`, undefined, "DELETE");
    },
    TIMEOUT_MS,
  );
}
