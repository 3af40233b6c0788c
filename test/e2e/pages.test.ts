/** What holds of pages that have nothing else in common: wide tables, hostile names, languages, keyboards, sessions. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { createApiKey } from "../../src/kernel/api-key.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createKeyStore } from "../../src/storage/stores/keys.ts";
import { chromiumForTests } from "../support/chromium.ts";
import { watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import type { Visitor } from "../support/visitor.ts";

const LONG_NAME = `Proyek ${"sangat".repeat(25)} panjang`;
const BOUNDED = {
  expiresAt: Date.UTC(2099, 11, 31),
  limitNano: 1_234_567_000_000_001n,
  limitReset: "monthly",
  appOrigin: "https://a-rather-long-name-of-an-app.example.com",
} as const;
let server: TestServer;
let person: Visitor;
let newcomer: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  server = await startServer();
  person = await server.visitor().join("siti@example.com");
  newcomer = await server.visitor().join("baru@example.com");
  await fillWithKeys();
  const { secret } = await person.createKey();
  for (const model of ["gpt-3.5", "sandbox/chat"]) {
    const body = { model, messages: [{ role: "user", content: "Halo" }] };
    await server.visitor().call("/api/v1/chat/completions", { body, headers: { authorization: `Bearer ${secret}` } });
  }
});
afterAll(() => server.stop());

/** Hundreds of keys, some with names that test the layout. */
async function fillWithKeys(): Promise<void> {
  const { id } = (await person.dashboard("/account")).body;
  const storage = await openStorage({ dataDir: server.dataDir });
  const store = createKeyStore(storage.db);
  for (let index = 0; index < 240; index++) {
    const name = index % 40 === 0 ? `${LONG_NAME} ${index}` : `Kunci ${index}`;
    const bounds = index % 40 === 1 ? BOUNDED : { expiresAt: null };
    const kind = index % 40 === 2 ? "management" : "inference";
    await store.create(createApiKey(kind), { userId: id, name, ...bounds }, Date.now() - index * 1000);
  }
  await storage.close();
}

async function openAs(
  visitor: Visitor | null,
  options: BrowserContextOptions,
): Promise<{ page: Page; problems: string[] }> {
  const context = await chromium.newContext(options, visitor ? { server, visitor } : undefined);
  const page = await context.newPage();
  return { page, problems: watchPage(page) };
}

async function settled(page: Page, path: string): Promise<void> {
  await page.goto(server.url + path);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
}

test("on a small desk every column of a table is in sight, the actions of a key too", async () => {
  for (const locale of ["en-GB", "id-ID"]) {
    const { page } = await openAs(person, { locale, viewport: { width: 1024, height: 768 } });
    for (const path of ["/keys", "/activity", "/logs", "/models"]) {
      await settled(page, path);
      await page.getByRole("table").first().waitFor();
      const hidden = await page.evaluate(
        "Math.max(...[...document.querySelectorAll('th')].map((head) => head.getBoundingClientRect().right)) - innerWidth",
      );
      expect([locale, path, Number(hidden) <= 0]).toEqual([locale, path, true]);
    }
  }
});

test("strings that try to be code stay text, wherever they are shown", async () => {
  const code = "window.pwned=1";
  const nasty = [
    `<img src=x onerror="${code}">`,
    `"><script>${code}</script>`,
    `javascript:${code}`,
    `{{constructor.constructor('${code}')()}}`,
    `<svg onload=${code}>`,
    `<svg/onload='${code}'>`,
    `<svg><script>${code}</script></svg>`,
    `<svg><animate onbegin=${code} attributeName=x dur=1s>`,
    `<body onload=${code}>`,
    `<details open ontoggle=${code}>`,
    `<input autofocus onfocus=${code}>`,
    `<video><source onerror=${code}></video>`,
    `<iframe srcdoc="<script>parent.pwned=1</script>">`,
    `<iframe src="javascript:parent.pwned=1">`,
    `<a href="javascript:${code}">x</a>`,
    `<math><mtext></form><form><mglyph><style></math><img src onerror=${code}>`,
    `<style>@import 'javascript:${code}'</style>`,
    `<link rel=stylesheet href="javascript:${code}">`,
    `<meta http-equiv=refresh content="0;javascript:${code}">`,
    `<object data="javascript:${code}">`,
    `<form action="javascript:${code}"><button>x</button></form>`,
    "<img src=x onerror=&#119;indow.pwned=1>",
    `\u003cscript\u003e${code}\u003c/script\u003e`,
    `%3Cscript%3E${code}%3C/script%3E`,
    `";${code}//`,
    `';${code}//`,
    `</script><script>${code}</script>`,
    `</title><script>${code}</script>`,
    `--><script>${code}</script>`,
    `\${${code}}`,
    `<scr<script>ipt>${code}</scr</script>ipt>`,
  ];
  for (const name of nasty) {
    const { secret } = await newcomer.createKey(name);
    const body = { model: name, messages: [{ role: "user", content: "Halo" }] };
    await server
      .visitor({ "user-agent": name.replace(/[^\x20-\x7e]/g, "") })
      .call("/api/v1/chat/completions", { body, headers: { authorization: `Bearer ${secret}` } });
  }
  const { page, problems } = await openAs(newcomer, { locale: "en-GB" });
  for (const path of ["/dashboard", "/keys", "/activity", "/logs", "/settings"]) {
    await settled(page, path);
    expect([path, await page.evaluate("'pwned' in window")]).toEqual([path, false]);
  }
  await settled(page, "/keys");
  await page
    .getByText(nasty[0] ?? "")
    .first()
    .waitFor();
  expect(problems).toEqual([]);
});

test("the language can be switched and stays switched", async () => {
  const { page } = await openAs(null, { locale: "en-GB" });
  await settled(page, "/");
  await page
    .getByRole("banner")
    .getByRole("button", { name: /language/i })
    .click();
  await page.getByRole("menuitemradio", { name: "Bahasa Indonesia" }).click();
  await page.locator("html[lang=id]").waitFor();
  await settled(page, "/login");
  expect(await page.locator("html").getAttribute("lang")).toBe("id");
});

test("the keys page can be worked with the keyboard alone", async () => {
  const { page } = await openAs(newcomer, { locale: "en-GB" });
  await settled(page, "/keys");
  await page.getByRole("button", { name: "Create New API Key" }).first().focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await page
    .getByText(/^gpr_[0-9A-Za-z]{46}$/)
    .first()
    .waitFor();
  // A key that was not copied is not closed away by one key press.
  await page.keyboard.press("Escape");
  await dialog.getByRole("alert").waitFor();
  await dialog.getByRole("button", { name: "Close anyway" }).press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.getByText("By keyboard").first().waitFor();
});

test("a session that has ended elsewhere leads to the login and back to where one was", async () => {
  const somebody = await server.visitor().join("kembali@example.com");
  const { page } = await openAs(somebody, { locale: "en-GB" });
  await settled(page, "/activity");
  await somebody.dashboard("/account/logout", {});
  await page.reload();
  await page.waitForURL("**/login**");
  await page.getByLabel(/e-?mail/i).fill("kembali@example.com");
  await page.getByLabel("Password", { exact: true }).fill("kucing oranye lompat tinggi");
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await page.waitForURL("**/activity");
});
