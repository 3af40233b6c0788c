/** The pages about models in a real browser: finding, sorting and comparing them, and what is known of one. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chromiumForTests } from "../support/chromium.ts";
import { closeFilters, openFilters, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import type { Visitor } from "../support/visitor.ts";

const KEY = "sk-invented-browser-0123456789";
const TIMEOUT_MS = 120_000;
const looks = [
  {
    options: { locale: "en-GB", colorScheme: "light", viewport: { width: 1280, height: 800 } },
    tools: "Tools",
    side: "See side by side",
    compare: /^Compare /,
    latency: "Time to the first token",
  },
  {
    options: { locale: "id-ID", colorScheme: "dark", viewport: { width: 360, height: 740 } },
    tools: "Alat",
    side: "Lihat berdampingan",
    compare: /^Bandingkan /,
    latency: "Waktu sampai token pertama",
  },
] as const;

let upstream: Upstream;
let server: TestServer;
let person: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  const ids = ["gpt-4.1", "gpt-4.1-mini", "gpt-4o", "o3", "o4-mini", "text-embedding-3-small"];
  upstream = startUpstream([...ids, ...Array.from({ length: 60 }, (_, index) => `house-${index}`)], KEY);
  const config = `providers:\n  - {type: openai, baseUrl: "${upstream.url}", apiKey: "${KEY}"}`;
  server = await startServer(
    { ALLOW_PRIVATE_UPSTREAM: upstream.host, DISPLAY_CURRENCY: "IDR", DISPLAY_RATE: "16500" },
    undefined,
    config,
  );
  person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey("Chatbot");
  const headers = { authorization: `Bearer ${secret}` };
  const body = { model: "sandbox/chat", stream: true, messages: [{ role: "user", content: "Halo" }] };
  for (let call = 0; call < 3; call++) await server.visitor().call("/api/v1/chat/completions", { body, headers });
});
afterAll(async () => {
  await server.stop();
  await upstream.stop();
});

for (const { options, tools, side, compare, latency } of looks) {
  test(
    `models are found, compared and looked into (${options.locale}, ${options.colorScheme}, ${options.viewport.width} px)`,
    async () => {
      const context = await chromium.newContext({ reducedMotion: "reduce", ...options }, { server, visitor: person });
      const page = await context.newPage();
      const problems = watchPage(page);
      await page.goto(`${server.url}/models`);
      await page.getByRole("row").nth(5).waitFor();

      await openFilters(page);
      await page.getByRole("button", { name: tools, exact: true }).click();
      await closeFilters(page);
      await page.getByRole("searchbox").fill("gpt-4.1");
      await page.waitForURL(/can=tools.*q=gpt-4\.1|q=gpt-4\.1.*can=tools/);
      await page.getByRole("checkbox", { name: compare }).nth(1).waitFor();
      expect(await page.getByText("house-1").count()).toBe(0);
      await page.getByRole("checkbox", { name: compare }).first().click();
      await page.waitForURL(/compare=/);
      await page.getByRole("checkbox", { name: compare }).nth(1).click();
      await page.getByRole("link", { name: side }).click();
      await page.getByRole("rowheader").nth(5).waitFor();
      expect(await page.getByRole("columnheader").count()).toBe(2);

      await page.goto(`${server.url}/models/openai/gpt-4.1`);
      await page.getByRole("heading", { name: latency }).waitFor();
      await page.getByText("os.environ").or(page.getByText("curl http")).first().waitFor();
      await page.goto(`${server.url}/models/sandbox/chat`);
      await page.getByRole("heading", { name: latency }).waitFor();
      await page.getByRole("slider").waitFor();
      await page.goto(`${server.url}/models/acme/nothing`);
      await page.getByRole("heading", { name: /acme\/nothing/ }).waitFor();
      expect(problems).toEqual([]);
    },
    TIMEOUT_MS,
  );
}
