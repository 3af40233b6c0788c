/** In a real browser: from where keys may be called. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { chromiumForTests } from "../support/chromium.ts";
import { bearer } from "../support/keys.ts";
import { overflow, seriousViolations, watchPage } from "../support/pages.ts";
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

async function look(page: Page, what: string): Promise<void> {
  expect([what, await seriousViolations(page)]).toEqual([what, []]);
  expect([what, await overflow(page)]).toEqual([what, 0]);
}

test(
  "a key is bound to addresses; the form shows the person's own and asks before it shuts them out",
  async () => {
    const { id, secret } = await person.createKey("Office");
    const page = await open(desk);
    const problems = watchPage(page);
    await page.goto(`${server.url}/keys`);
    await page.getByRole("button", { name: "Actions for Office" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    // What is said of success at the edge of the page counts as a dialog too.
    const dialog = page.getByRole("dialog", { name: "Edit the key" });
    await dialog.getByRole("radio", { name: "Only these addresses" }).click({ force: true });
    const list = dialog.getByLabel("IP addresses and networks");
    expect(await list.inputValue()).toBe("127.0.0.1");
    await list.fill("10.0.0.0/8\nnonsense");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("“nonsense” is neither an IP address nor a network.").waitFor();
    await list.fill("10.0.0.0/8");
    await dialog.getByText("You are at 127.0.0.1 now.", { exact: false }).waitFor();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Add your own address, or tick that it is meant.").waitFor();
    await look(page, "locked out");
    await dialog.getByRole("button", { name: "Add my address" }).click();
    expect(await list.inputValue()).toBe("10.0.0.0/8\n127.0.0.1");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    expect((await person.dashboard(`/keys/${id}`)).body.allowedAddresses).toEqual(["10.0.0.0/8", "127.0.0.1"]);
    expect((await server.visitor(bearer(secret)).call("/api/v1/key")).status).toBe(200);

    await page.getByRole("button", { name: "Actions for Office" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await list.fill("10.0.0.0/8");
    await dialog.getByRole("checkbox", { name: "I mean it" }).check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    expect((await server.visitor(bearer(secret)).call("/api/v1/key")).status).toBe(403);
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

for (const [name, options, words] of [
  ["desk-en", desk, { listed: "Only these addresses", save: "Save", saved: "The allowed addresses are saved." }],
  [
    "phone-id",
    phone,
    { listed: "Alamat tertentu saja", save: "Simpan", saved: "Alamat yang diizinkan sudah disimpan." },
  ],
] as const) {
  test(
    `the Security page sets the addresses of the whole account, is accessible and fits the window (${name})`,
    async () => {
      await person.dashboard("/security/addresses", { allowedAddresses: null }, "PATCH");
      const page = await open(options);
      const problems = watchPage(page);
      await page.goto(`${server.url}/security`);
      await page.getByRole("radio", { name: words.listed }).click({ force: true });
      await look(page, "security");
      await page.getByRole("button", { name: words.save }).first().click();
      await page.getByText(words.saved).waitFor();
      expect((await person.dashboard("/security/addresses")).body.allowedAddresses).toEqual(["127.0.0.1"]);
      expect(problems).toEqual([]);
    },
    TIMEOUT_MS,
  );
}
