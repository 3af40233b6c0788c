/** The owner connects a provider in the browser: by keyboard, in both languages and looks, and takes it away again. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { chromiumForTests } from "../support/chromium.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import type { Answer, Visitor } from "../support/visitor.ts";

const KEY = "sk-invented-browser-0123456789wxyz";
const TIMEOUT_MS = 180_000;

let server: TestServer;
let upstream: Upstream;
let owner: Visitor;
let member: Visitor;
let secret: string;
const chromium = chromiumForTests();

beforeAll(async () => {
  upstream = startUpstream(["llama-3.3", "qwen3"], KEY);
  server = await startServer({ ALLOW_PRIVATE_UPSTREAM: upstream.host });
  owner = await server.visitor().join("siti@example.com");
  member = await server.visitor().join("budi@example.com");
  secret = (await owner.createKey()).secret;
});
afterEach(() => owner.removeProviders());
afterAll(async () => {
  await server.stop();
  await upstream.stop();
});

function ask(): Promise<Answer> {
  const body = { model: "lab/llama-3.3", messages: [{ role: "user", content: "Halo" }] };
  return owner.call("/api/v1/chat/completions", { body, headers: { authorization: `Bearer ${secret}` } });
}

async function openProviders(
  visitor: Visitor,
  options: BrowserContextOptions,
): Promise<{ page: Page; problems: string[] }> {
  const context = await chromium.newContext(options, { server, visitor: visitor });
  const page = await context.newPage();
  const problems = watchPage(page);
  await page.goto(`${server.url}/providers`);
  await page.getByRole("table").waitFor();
  return { page, problems };
}

const rowOf = (page: Page, name: string): Locator => page.getByRole("row").filter({ hasText: name });

async function choose(page: Page, action: string): Promise<void> {
  await page.getByRole("button", { name: "Actions for Lab" }).click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

test(
  "a key is typed, tested and saved, answers calls, is replaced, disabled, enabled and removed; then calls are refused",
  async () => {
    const { page, problems } = await openProviders(owner, { locale: "en-GB" });
    await page.getByRole("button", { name: "Add provider" }).click();
    await page.getByRole("searchbox", { name: "Search vendors" }).fill("nobody of this name");
    await page.getByText("No vendor of that name").waitFor();
    await page.getByRole("button", { name: "OpenAI-compatible server" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("This is needed.").first().waitFor();
    await dialog.getByLabel("Short name").fill("lab");
    await dialog.getByLabel("Base URL").fill("http://127.0.0.1:9/v1");
    await dialog.getByLabel("API key (optional)").fill("sk-wrong-0123456789");
    await dialog.getByRole("button", { name: "Test" }).click();
    await dialog.getByText("ALLOW_PRIVATE_UPSTREAM=127.0.0.1:9").waitFor();
    await dialog.getByLabel("Base URL").fill(upstream.url);
    await dialog.getByRole("button", { name: "Test" }).click();
    await dialog.getByText("The provider does not accept this key.").waitFor();
    await dialog.getByLabel("API key (optional)").fill(KEY);
    await dialog.getByRole("button", { name: "Test" }).click();
    await dialog.getByText("It works: 2 models.").waitFor();
    await dialog.getByText("More settings").click();
    await dialog.getByLabel("Display name").fill("Lab");
    expect(await dialog.getByLabel("Weight").inputValue()).toBe("1");
    await dialog.getByLabel("Weight").fill("1001");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Write a whole number from 1 to 1000.").waitFor();
    await dialog.getByLabel("Weight").fill("");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await rowOf(page, "Lab").getByText("Ready").waitFor();
    expect(await rowOf(page, "Lab").textContent()).not.toMatch(/Weight|Priority/);
    expect(await rowOf(page, "Lab").textContent()).toContain("sk-…wxyz");
    expect((await ask()).body).toMatchObject({ provider: "Lab" });

    await choose(page, "Edit");
    await dialog.getByText("More settings").click();
    await dialog.getByLabel("Priority").fill("2");
    await dialog.getByLabel("Weight").fill("5");
    await dialog.getByRole("button", { name: "Save" }).click();
    await rowOf(page, "Lab").getByText("Priority 2 · Weight 5").waitFor();
    await dialog.waitFor({ state: "detached" });

    await choose(page, "Prices");
    const priced = page.getByRole("listitem").filter({ hasText: "lab/llama-3.3" });
    await priced.getByText("Price unknown").waitFor();
    await page.getByRole("button", { name: "Set price: lab/llama-3.3" }).click();
    await dialog.getByLabel("Input").fill("1,25");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Write an amount from 0").waitFor();
    await dialog.getByLabel("Output").fill("0.000000001");
    await dialog.getByRole("button", { name: "Save" }).click();
    await priced.getByText("Set here").waitFor();
    // 1,000 tokens at 1.25 dollars a million, 2,000 at a nano-dollar a million: rounded up once.
    expect((await ask()).body.usage.cost).toBe(0.001250001);
    await page.getByRole("button", { name: "Change: lab/llama-3.3" }).click();
    expect(await dialog.getByLabel("Output").inputValue()).toBe("0.000000001");
    await dialog.getByRole("button", { name: "Take back" }).click();
    await priced.getByText("Price unknown").waitFor();
    expect((await ask()).body.usage.cost).toBeNull();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Prices of Lab" }).waitFor({ state: "detached" });
    expect(new URL(page.url()).search).toBe("");

    await choose(page, "Test the stored key");
    await page.getByText("It works: 2 models.").waitFor();
    await page.keyboard.press("Escape");
    await choose(page, "Replace key");
    await page.getByRole("dialog").getByLabel("API key (optional)").fill("sk-another-0123456789");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await rowOf(page, "Lab").getByText("Credentials refused").waitFor();
    expect((await ask()).status).toBe(502);
    expect(await rowOf(page, "Lab").textContent()).toContain("Priority 2 · Weight 5");

    await choose(page, "Disable");
    await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
    await rowOf(page, "Lab").getByText("Disabled").waitFor();
    await choose(page, "Enable");
    await rowOf(page, "Lab").getByText("Credentials refused").waitFor();
    await choose(page, "Edit");
    expect(await page.getByRole("dialog").getByLabel("API key (optional)").inputValue()).toBe("");
    await page.getByRole("dialog").getByLabel("Base URL").fill("https://elsewhere.example.com/v1");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("a stored key never goes along").waitFor();
    await page.keyboard.press("Escape");

    await choose(page, "Remove");
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
    await rowOf(page, "Lab").waitFor({ state: "detached" });
    expect((await ask()).status).toBe(400);
    expect(await page.content()).not.toContain(KEY);
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

describe.each([
  ["English, light, desk", { locale: "en-GB", colorScheme: "light", viewport: { width: 1280, height: 800 } }],
  ["Indonesian, dark, phone", { locale: "id-ID", colorScheme: "dark", viewport: { width: 360, height: 740 } }],
] as [string, BrowserContextOptions][])("%s", (look, options) => {
  test(
    "table, vendor list, form with errors, and menus are accessible and fit the window, by keyboard alone",
    async () => {
      const english = options.locale === "en-GB";
      await owner.dashboard("/providers/keys", {
        type: "openai-compatible",
        slug: "lab",
        name: `Lab ${"panjang".repeat(6)}`,
        weight: 1_000,
        priority: 100,
        fields: { baseUrl: upstream.url, apiKey: KEY },
      });
      const { page, problems } = await openProviders(owner, options);
      await page.getByText(english ? "Priority 100 · Weight 1000" : "Prioritas 100 · Bobot 1000").waitFor();
      await expectFine(page, `${look}: table`);
      const add = page.getByRole("button", { name: english ? "Add provider" : "Tambah penyedia" });
      await add.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("searchbox").waitFor();
      await expectFine(page, `${look}: vendors`);
      await page.getByRole("searchbox").focus();
      await page.keyboard.type("openai-comp");
      await page.getByRole("button", { name: "OpenAI-compatible server" }).focus();
      await page.keyboard.press("Enter");
      const save = page.getByRole("button", { name: english ? "Save" : "Simpan" });
      await save.waitFor();
      await save.focus();
      await page.keyboard.press("Enter");
      await page.locator("[aria-invalid=true]").first().waitFor();
      expect(await page.evaluate("document.activeElement?.getAttribute('aria-invalid')")).toBe("true");
      await page.locator("summary").last().focus();
      await page.keyboard.press("Enter");
      await expectFine(page, `${look}: form`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.getByRole("button", { name: english ? /Actions for Lab/ : /Tindakan untuk Lab/ }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("menuitem").first().waitFor();
      await expectFine(page, `${look}: menu`);
      await page.getByRole("menuitem", { name: english ? "Prices" : "Harga", exact: true }).click();
      await page.getByRole("button", { name: `${english ? "Set price" : "Tetapkan harga"}: lab/qwen3` }).click();
      await page.getByLabel(english ? "Written to the cache" : "Ditulis ke cache").waitFor();
      await expectFine(page, `${look}: price`);
      expect(problems).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

test("a member sees who answers, with nothing to change and no part of a key", async () => {
  await owner.dashboard("/providers/keys", {
    type: "openai-compatible",
    slug: "lab",
    name: "Lab",
    fields: { baseUrl: upstream.url, apiKey: KEY },
  });
  const { page, problems } = await openProviders(member, { locale: "en-GB" });
  await rowOf(page, "Lab").getByText("Ready").waitFor();
  await page.getByText("Only the owner of this instance").waitFor();
  expect(await page.getByRole("button", { name: "Add provider" }).count()).toBe(0);
  expect(await page.getByRole("button", { name: /Actions for/ }).count()).toBe(0);
  expect(await page.content()).not.toContain("wxyz");
  expect(problems).toEqual([]);
});
