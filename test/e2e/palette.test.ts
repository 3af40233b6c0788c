/** In a real browser, with the keyboard alone: the command palette leads to pages, actions, keys and models. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chromiumForTests } from "../support/chromium.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import type { Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 120_000;
const looks = [
  {
    options: { locale: "en-GB", colorScheme: "light", viewport: { width: 1280, height: 900 } },
    say: { open: "Search", title: "Search and commands", create: "Create New API Key", none: "Nothing fits." },
    type: { page: "budg", dark: "dark theme", light: "light theme", create: "create key", owners: "administration" },
  },
  {
    options: { locale: "id-ID", colorScheme: "dark", viewport: { width: 360, height: 740 }, hasTouch: true },
    say: { open: "Cari", title: "Pencarian dan perintah", create: "Create New API Key", none: "Tidak ada yang cocok." },
    type: { page: "angg", dark: "gelap tema", light: "terang tema", create: "create key", owners: "administrasi" },
  },
] as const;

let server: TestServer;
let owner: Visitor;
let guest: Visitor;
let keyId: string;
const chromium = chromiumForTests();

beforeAll(async () => {
  server = await startServer();
  owner = await server.visitor().join("siti@example.com");
  keyId = (await owner.createKey("Café robot")).id;
  await owner.createKey("Nightly job");
  guest = await server.visitor().join("budi@example.com");
}, TIMEOUT_MS);
afterAll(() => server.stop());

for (const { options, say, type } of looks) {
  test(
    `what is typed leads to pages, actions, keys and models without a mouse (${options.locale}, ${options.viewport.width} px)`,
    async () => {
      const page = await (await chromium.newContext(options, { server, visitor: owner })).newPage();
      const problems = watchPage(page);
      const dialog = page.getByRole("dialog", { name: say.title });
      const field = dialog.getByRole("combobox");
      const chosen = dialog.getByRole("option", { selected: true });
      const search = async (text: string) => {
        await page.keyboard.press("Control+k");
        await field.fill(text);
      };
      await page.goto(`${server.url}/dashboard`);
      const button = page.getByRole("button", { name: say.open, exact: true });
      await button.focus();
      await page.keyboard.press("Enter");
      await chosen.waitFor();
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowDown");
      expect(await chosen.textContent()).toBe("Dashboard");
      expect(await field.getAttribute("aria-activedescendant")).toBe(await chosen.getAttribute("id"));
      await expectFine(page, "everything");
      await picture(`palette-${options.locale}`);
      await field.fill("zzzz");
      await dialog.getByText(say.none).waitFor();
      await expectFine(page, "nothing");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await page.locator("[aria-haspopup=dialog]:focus").waitFor();

      await search(type.page);
      await page.keyboard.press("Enter");
      await page.waitForURL("**/budgets");
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator("#content:focus").waitFor();

      await search("cafe");
      await chosen.getByText("Café robot").waitFor();
      await picture(`palette-key-${options.locale}`);
      await page.keyboard.press("Enter");
      await page.waitForURL(`**/keys/${keyId}`);
      await page.getByRole("heading", { level: 1, name: "Café robot" }).waitFor();

      await search("nightly");
      await chosen.getByText("Nightly job").waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Nightly job" }).waitFor();

      await search("sandbox/chat");
      await chosen.getByText("sandbox/chat", { exact: true }).waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL("**/models/sandbox/chat");

      await search(options.colorScheme === "dark" ? type.light : type.dark);
      await page.keyboard.press("Enter");
      await dialog.waitFor({ state: "detached" });
      expect(await page.evaluate("document.documentElement.dataset.theme")).not.toBe(options.colorScheme);

      await search(type.create);
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: say.create }).getByRole("textbox").first().waitFor();
      await page.keyboard.press("Control+k");
      expect(await dialog.count()).toBe(0);
      expect(problems).toEqual([]);

      async function picture(name: string): Promise<void> {
        const folder = process.env.GAPURA_PICTURES;
        if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
      }
    },
    TIMEOUT_MS,
  );
}

test(
  "nobody is offered a page that the menu does not have for them",
  async () => {
    const [{ options, say, type }] = looks;
    const page = await (await chromium.newContext(options, { server, visitor: guest })).newPage();
    await page.goto(`${server.url}/dashboard`);
    await page.getByRole("button", { name: say.open, exact: true }).click();
    const dialog = page.getByRole("dialog", { name: say.title });
    await dialog.getByRole("combobox").fill(type.owners);
    await dialog.getByText(say.none).waitFor();
    expect(await dialog.getByRole("option").count()).toBe(0);
  },
  TIMEOUT_MS,
);
