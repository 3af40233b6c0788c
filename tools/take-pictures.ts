/**
 * Takes the pictures of README.md and README.id.md anew: `node tools/bun.mjs tools/take-pictures.ts`. It starts a Gapura
 * of its own, uses it like a person, and writes docs/pictures/<page>-<language>.png.
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../test/support/chromium.ts";
import { startServer, type TestServer } from "../test/support/server.ts";
import type { Visitor } from "../test/support/visitor.ts";
import { buildWeb } from "./build-web.ts";

const FOLDER = join(dirname(import.meta.dir), "docs/pictures");
const WINDOW = { width: 1200, height: 860 };
const languages = [
  { locale: "en-GB", suffix: "en", email: "siti@example.com", question: "Hello, how are you?" },
  { locale: "id-ID", suffix: "id", email: "siti@example.com", question: "Halo, apa kabar?" },
] as const;
type Language = (typeof languages)[number];

/** Keys and requests enough for a page to show what it is for. */
async function makeBusy(server: TestServer, person: Visitor, { question }: Language): Promise<void> {
  for (const [name, calls] of [
    ["Chatbot", 9],
    ["Notebook", 4],
    ["Project Video Generator", 6],
  ] as const) {
    const { secret } = await person.createKey(name);
    for (let call = 0; call < calls; call++) {
      const model = call === 3 ? "nobody/knows-this" : call % 2 === 0 ? "gpt-3.5" : "sandbox/reasoning";
      const body = { model, stream: call % 3 === 0, messages: [{ role: "user", content: question }] };
      await server.visitor().call("/api/v1/chat/completions", { body, headers: { authorization: `Bearer ${secret}` } });
    }
  }
}

/** Waits for the title of the page, or of the dialog that covers it. */
async function take(page: Page, name: string): Promise<void> {
  await page.getByRole("heading").first().waitFor();
  await page.waitForLoadState("networkidle");
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

async function takeAll(browser: Browser, language: Language): Promise<void> {
  const server = await startServer({ BASE_URL: "http://localhost:8787" });
  const context = await browser.newContext({ locale: language.locale, viewport: WINDOW, reducedMotion: "reduce" });
  try {
    const page = await context.newPage();
    await page.goto(server.url);
    await take(page, `landing-${language.suffix}`);
    const person = await server.visitor().join(language.email);
    await makeBusy(server, person, language);
    const [name = "", value = ""] = person.cookie.split("=");
    await context.addCookies([{ name, value, url: server.url }]);
    for (const path of ["dashboard", "keys", "activity", "models"]) {
      await page.goto(`${server.url}/${path}`);
      await take(page, `${path}-${language.suffix}`);
    }
    await page.goto(`${server.url}/playground?models=sandbox%2Fchat,sandbox%2Freasoning`);
    await page.getByRole("textbox").last().fill(language.question);
    await page.getByRole("textbox").last().press("Control+Enter");
    await page.getByRole("article").nth(1).waitFor();
    await take(page, `playground-${language.suffix}`);
    await page.goto(`${server.url}/keys`);
    await page.getByRole("button", { name: "Create New API Key" }).first().click();
    await page.getByRole("dialog").getByRole("textbox").fill("Project Video Generator");
    await page.getByRole("button", { name: "Generate", exact: true }).click();
    await page.getByText(/^gpr_/).first().waitFor();
    await take(page, `created-key-${language.suffix}`);
  } finally {
    await context.close();
    await server.stop();
  }
}

mkdirSync(FOLDER, { recursive: true });
await buildWeb();
const browser = await launchChromium();
try {
  for (const language of languages) await takeAll(browser, language);
} finally {
  await browser.close();
}
