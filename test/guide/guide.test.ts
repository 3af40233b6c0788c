/**
 * The founding guide, followed by its literal words: in a real Chromium, with a real mail server, the system's curl,
 * newman and the official openai package; in both languages and on both databases.
 */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import type { BrowserContext, Page } from "playwright-core";
import { createApiKey } from "../../src/kernel/api-key.ts";
import { chromiumForTests } from "../support/chromium.ts";
import { onEachEngine } from "../support/each-server.ts";
import { watchPage } from "../support/pages.ts";
import type { TestServer } from "../support/server.ts";
import { linkIn, startSmtp } from "../support/smtp.ts";
import { PASSWORD } from "../support/visitor.ts";

const ROOT = join(import.meta.dir, "..", "..");
const GUIDE_TIMEOUT_MS = 120_000;
const MODEL = "gpt-3.5";
const QUESTION = "Halo, apa kabar?";

/** The words that differ between the two languages; the guide's own button names stand in the test as they are. */
const languages = {
  id: {
    browser: "id-ID",
    fullName: "Nama lengkap",
    email: /email/i,
    password: "Kata sandi",
    mail: "Verifikasi alamat email Anda untuk Gapura",
  },
  en: {
    browser: "en-US",
    fullName: "Full name",
    email: /e-?mail/i,
    password: "Password",
    mail: "Verify your e-mail address for Gapura",
  },
} as const;
type Language = keyof typeof languages;

const chromium = chromiumForTests();

onEachEngine(({ start }) => {
  for (const language of ["id", "en"] as const) {
    test(
      `the guide works word for word (${language})`,
      async () => {
        const smtp = await startSmtp();
        try {
          const server = await start({ SMTP_URL: smtp.url });
          const words = languages[language];
          const context = await chromium.newContext({
            locale: words.browser,
            permissions: ["clipboard-read", "clipboard-write"],
          });
          const page = await context.newPage();
          const violations = watchPage(page);

          await signUp(page, server, language);
          const mail = await smtp.mailTo("siti@example.com");
          expect(mail.subject).toBe(words.mail);
          await verify(page, linkIn(mail));
          await login(page, language);
          const key = await generateKey(page, context);
          await expectWaiting(page, language);

          await tryWithCurl(server, key);
          await expectGreen(page, language);
          await tryWithPostman(server, key);
          await tryFromCode(server, key);
          await theThreeTips(page, server, key);
          await everyErrorIsDocumented(page, server, key);
          expect(violations).toEqual([]);
        } finally {
          await smtp.stop();
        }
      },
      GUIDE_TIMEOUT_MS,
    );
  }
});

/** Steps 1 and 2: open the address, Sign Up at the top right, name, address, password. */
async function signUp(page: Page, server: TestServer, language: Language): Promise<void> {
  const words = languages[language];
  await page.goto(server.url);
  expect(await page.locator("html").getAttribute("lang")).toBe(language);
  const button = page.getByRole("banner").getByRole("link", { name: "Sign Up", exact: true });
  const box = await button.boundingBox();
  const width = page.viewportSize()?.width ?? 0;
  expect(box && box.y < 120 && box.x > width / 2).toBe(true);
  await button.click();
  await page.getByLabel(words.fullName).fill("Siti Rahma");
  await page.getByLabel(words.email).fill("siti@example.com");
  await page.getByLabel(words.password, { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign Up", exact: true }).click();
  await page.waitForURL("**/check-your-mail**");
}

/** The mailed link shows a button; pressing it verifies. */
async function verify(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("main").getByRole("button").first().click();
  await page.getByRole("main").getByRole("link", { name: "Login", exact: true }).click();
}

async function login(page: Page, language: Language): Promise<void> {
  const words = languages[language];
  await page.waitForURL("**/login**");
  await page.getByLabel(words.email).fill("siti@example.com");
  await page.getByLabel(words.password, { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await page.waitForURL("**/dashboard**");
}

/** Steps 3 and 4: Dashboard, API Keys, Create New API Key, a description, Generate, copy. Returns the copied key. */
async function generateKey(page: Page, context: BrowserContext): Promise<string> {
  const menu = page.getByRole("navigation");
  await menu.getByRole("link", { name: "Dashboard" }).first().waitFor();
  await menu.getByText("API Management").first().waitFor();
  await menu.getByRole("link", { name: "API Keys" }).first().click();
  await page.getByRole("button", { name: "Create New API Key" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("Project Video Generator");
  await dialog.getByRole("button", { name: "Generate", exact: true }).click();
  const shown = page.getByText(/^gpr_[0-9A-Za-z]{46}$/).first();
  const key = (await shown.textContent()) ?? "";
  await page
    .getByRole("button", { name: /copy|salin/i })
    .first()
    .click();
  const copied = await page.evaluate("navigator.clipboard.readText()");
  expect(copied).toBe(key);
  await context.clearPermissions();
  return key;
}

async function expectWaiting(page: Page, language: Language): Promise<void> {
  const text = language === "id" ? /menunggu permintaan pertama/i : /waiting for your first request/i;
  await page.getByText(text).first().waitFor();
}

async function expectGreen(page: Page, language: Language): Promise<void> {
  const text =
    language === "id"
      ? /permintaan pertama.*(?:diterima|masuk|berhasil|sampai)/i
      : /first request.*(?:arrived|received|worked)/i;
  await page.getByText(text).first().waitFor();
}

/** Step 6 with curl: the guide's command, only host and key replaced. */
async function tryWithCurl(server: TestServer, key: string): Promise<void> {
  const command = `curl -X POST https://openrouter.ai/api/v1/chat/completions \\
-H "Authorization: Bearer <API_KEY_ANDA>" \\
-H "Content-Type: application/json" \\
-d '{
  "model": "gpt-3.5",
  "messages": [{"role": "user", "content": "Halo, apa kabar?"}]
}'`;
  const here = command.replace("https://openrouter.ai", server.url).replace("<API_KEY_ANDA>", key);
  const { out, code } = await run(["bash", "-c", here]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    object: "chat.completion",
    provider: "Sandbox",
    choices: [{ finish_reason: "stop", message: { role: "assistant", content: expect.stringContaining("sandbox") } }],
  });
}

/** Step 6 with Postman: the whole collection, as its command-line runner runs it. */
async function tryWithPostman(server: TestServer, key: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gapura-newman-"));
  try {
    const report = join(folder, "report.json");
    const newman = [
      join(ROOT, "node_modules/newman/bin/newman.js"),
      "run",
      join(ROOT, "postman/gapura.postman_collection.json"),
    ];
    const variables = ["--env-var", `baseUrl=${server.url}`, "--env-var", `apiKey=${key}`];
    const { out, code } = await run([
      process.execPath,
      ...newman,
      ...variables,
      "--reporters",
      "json",
      "--reporter-json-export",
      report,
    ]);
    const { run: result } = JSON.parse(await Bun.file(report).text());
    expect([code, result.failures, out]).toEqual([0, [], ""]);
    expect(result.stats.assertions.total).toBeGreaterThan(15);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Step 6 from an application: the official package, whole and streamed. */
async function tryFromCode(server: TestServer, apiKey: string): Promise<void> {
  const client = new OpenAI({ baseURL: `${server.url}/api/v1`, apiKey });
  const messages = [{ role: "user" as const, content: QUESTION }];
  const whole = await client.chat.completions.create({ model: MODEL, messages });
  let streamed = "";
  for await (const chunk of await client.chat.completions.create({ model: MODEL, messages, stream: true })) {
    streamed += chunk.choices[0]?.delta.content ?? "";
  }
  expect(streamed).toBe(whole.choices[0]?.message.content ?? "");
  expect(streamed).not.toBe("");
}

/** Keep it secret: it is nowhere to be read again. Watch it: Activity shows every request. Allowed addresses come later. */
async function theThreeTips(page: Page, server: TestServer, key: string): Promise<void> {
  await page.goto(`${server.url}/keys`);
  await page.getByText("Project Video Generator").first().waitFor();
  expect(await page.content()).not.toContain(key);
  expect(server.log.join("\n")).not.toContain(key);
  await page.goto(`${server.url}/activity`);
  await page.getByRole("row").getByText(MODEL).first().waitFor();
  await page.getByRole("row").getByText("Sandbox").first().waitFor();
}

async function everyErrorIsDocumented(page: Page, server: TestServer, key: string): Promise<void> {
  await page.goto(`${server.url}/keys`);
  const docs = await Bun.file(join(ROOT, "docs/errors.md")).text();
  const good = JSON.stringify({ model: MODEL, messages: [{ role: "user", content: QUESTION }] });
  const ask = async (authorization: string | null, body: string): Promise<string> => {
    const answer = await fetch(`${server.url}/api/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(authorization === null ? {} : { authorization }) },
      body,
    });
    const { error } = JSON.parse(await answer.text());
    expect(error.code).toBe(answer.status);
    expect(docs).toContain(`### ${error.metadata.error_code}\n`);
    return `${answer.status} ${error.metadata.error_code}`;
  };
  expect(await ask(null, good)).toBe("401 missing_credentials");
  expect(await ask(`Bearer ${key.slice(0, -1)}`, good)).toBe("401 malformed_key");
  expect(await ask(`Bearer ${createApiKey("inference").key}`, good)).toBe("401 unknown_key");
  expect(await ask(`Bearer ${key}`, '{"model": "gpt-3.5", "messages": [')).toBe("400 invalid_json");
  expect(await ask(`Bearer ${key}`, good.replace(MODEL, "gpt-99"))).toBe("400 model_unknown");
  const person = server.visitor({ cookie: await cookieOf(page) });
  expect((await person.dashboard(`/keys/${key.slice(4, 12)}`, { disabled: true }, "PATCH")).status).toBe(200);
  expect(await ask(`Bearer ${key}`, good)).toBe("401 disabled_key");
}

async function cookieOf(page: Page): Promise<string> {
  return (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
}

async function run(command: string[]): Promise<{ out: string; code: number }> {
  const child = Bun.spawn(command, { cwd: ROOT, stdin: "ignore", stdout: "pipe", stderr: "ignore" });
  const [out, code] = await Promise.all([child.stdout.text(), child.exited]);
  return { out, code };
}
