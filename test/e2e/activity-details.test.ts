/** The details of a request, beside the list of all: complete, accessible, and reached with the keyboard alone. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { chromiumForTests } from "../support/chromium.ts";
import { managementKeyOf } from "../support/management-key.ts";
import { overflow, seriousViolations, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { until, type Visitor } from "../support/visitor.ts";

const QUESTION = "Apa ibu kota Jawa Tengah?";
const NASTY = `<img src=x onerror="window.pwned=1">`;
const TIMEOUT_MS = 180_000;

let server: TestServer;
let person: Visitor;
let id: string;
const chromium = chromiumForTests();

beforeAll(async () => {
  server = await startServer({ PAYLOAD_LOGGING: "on", PAYLOAD_RETENTION_DAYS: "7" });
  person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  const answer = await person.call("/api/v1/chat/completions", {
    body: { model: "gpt-3.5", messages: [{ role: "user", content: `${QUESTION} ${NASTY}` }], user: "customer-7" },
    headers: {
      authorization: `Bearer ${secret}`,
      "x-title": `Kasir ${NASTY}`,
      "http-referer": "https://kasir.example.com",
    },
  });
  id = answer.headers.get("x-generation-id") ?? "";
  const management = await managementKeyOf((await person.dashboard("/account")).body.id, { dataDir: server.dataDir });
  await person.call("/api/v1/generation/feedback", {
    body: { generation_id: id, category: "latency", comment: "Lama sekali" },
    headers: { authorization: `Bearer ${management}` },
  });
});
afterAll(() => server.stop());

async function openPage(path: string, options: BrowserContextOptions): Promise<{ page: Page; problems: string[] }> {
  const context = await chromium.newContext(options, { server, visitor: person });
  const page = await context.newPage();
  const problems = watchPage(page);
  await page.goto(server.url + path);
  return { page, problems };
}

const looks: [string, BrowserContextOptions, string[]][] = [
  [
    "English, light, desk",
    { locale: "en-GB", colorScheme: "light", viewport: { width: 1280, height: 800 } },
    [
      "Tokens and media",
      "Attempts",
      "Feedback",
      "HTTP 200",
      "Saved",
      "Request and answer",
      "for 7 days",
      "only endpoint",
    ],
  ],
  [
    "Indonesian, dark, phone",
    { locale: "id-ID", colorScheme: "dark", viewport: { width: 360, height: 740 }, hasTouch: true },
    [
      "Token dan media",
      "Percobaan",
      "Umpan balik",
      "HTTP 200",
      "Permintaan dan jawaban",
      "selama 7 hari",
      "Satu-satunya endpoint",
    ],
  ],
];

for (const [look, options, words] of looks) {
  test(
    `in ${look} the details are complete, accessible and fit the window`,
    async () => {
      const { page, problems } = await openPage(`/logs?request=${id}`, options);
      const sheet = page.getByRole("dialog");
      await sheet.getByText("customer-7").waitFor();
      const shown = await page.evaluate("document.body.innerText");
      const facts = [id, "Sandbox", "sandbox", "Kasir", "https://kasir.example.com", "Lama sekali", QUESTION];
      const said = words.filter((word) => word !== "Saved");
      for (const fact of [...facts, ...said]) expect([fact, String(shown).includes(fact)]).toEqual([fact, true]);
      expect(await seriousViolations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(await page.evaluate("'pwned' in window")).toBe(false);
      expect(problems).toEqual([]);
    },
    TIMEOUT_MS,
  );
}

test(
  "a row opens with the keyboard, Escape closes it and gives the focus back, and its address can be shared",
  async () => {
    const { page } = await openPage("/logs", { locale: "en-GB", viewport: { width: 1280, height: 800 } });
    const row = page.getByRole("button", { name: /^Details of the request of/ });
    await row.focus();
    await page.keyboard.press("Enter");
    const sheet = page.getByRole("dialog");
    await sheet.getByText(id).waitFor();
    expect(new URL(page.url()).searchParams.get("request")).toBe(id);
    expect(await page.evaluate("document.querySelector('[role=dialog]').contains(document.activeElement)")).toBe(true);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    expect(new URL(page.url()).searchParams.has("request")).toBe(false);
    const focused = "document.activeElement?.getAttribute('aria-label')?.startsWith('Details of the request') === true";
    await until(async () => (await page.evaluate(focused)) === true);
    await page.goBack();
    await sheet.getByText(id).waitFor();
  },
  TIMEOUT_MS,
);

test(
  "a request that is not there, or is somebody else's, says so and does not break the page",
  async () => {
    const { page, problems } = await openPage("/logs?request=gen-1-never", { locale: "en-GB" });
    await page
      .getByRole("dialog")
      .getByText(/This is not there any more/)
      .waitFor();
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);
