/** The Playground in a real browser: models answer side by side, call tools, are stopped, and are found again later. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chromiumForTests } from "../support/chromium.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import type { Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 120_000;
const TOOLS = JSON.stringify([
  { type: "function", function: { name: "get_weather", parameters: { type: "object", properties: {} } } },
]);
const looks = [
  {
    options: { locale: "en-GB", colorScheme: "light", viewport: { width: 1440, height: 900 } },
    say: {
      message: "Your message",
      system: "System prompt",
      tools: "Tools (JSON)",
      result: "What the tool answers",
      give: "Send the answers",
    },
    do: {
      add: "Add a model",
      search: "Search models",
      swap: "sandbox/chat: choose another model",
      code: "Show code",
      stop: "Stop",
      fresh: "New",
      history: "History",
      settings: "Settings",
    },
    open: "Open in the Playground",
    stopped: "Stopped. What had come by then counts.",
  },
  {
    options: { locale: "id-ID", colorScheme: "dark", viewport: { width: 360, height: 740 } },
    say: {
      message: "Pesan Anda",
      system: "Prompt sistem",
      tools: "Alat (JSON)",
      result: "Jawaban alat",
      give: "Kirim jawaban",
    },
    do: {
      add: "Tambah model",
      search: "Cari model",
      swap: "sandbox/chat: pilih model lain",
      code: "Lihat kode",
      stop: "Hentikan",
      fresh: "Baru",
      history: "Riwayat",
      settings: "Pengaturan",
    },
    open: "Buka di Playground",
    stopped: "Dihentikan. Yang sudah datang tetap dihitung.",
  },
] as const;

let server: TestServer;
let person: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  server = await startServer({ PAYLOAD_LOGGING: "on" });
  person = await server.visitor().join("siti@example.com");
  await person.createKey("Chatbot");
});
afterAll(() => server.stop());

for (const { options, say, do: press, open, stopped } of looks) {
  test(
    `models are talked to (${options.locale}, ${options.colorScheme}, ${options.viewport.width} px)`,
    async () => {
      const context = await chromium.newContext({ reducedMotion: "reduce", ...options }, { server, visitor: person });
      const page = await context.newPage();
      const problems = watchPage(page);
      await page.goto(`${server.url}/playground?models=sandbox%2Fchat`);
      const message = page.getByLabel(say.message, { exact: true });
      const send = async (text: string) => {
        await message.fill(text);
        await message.press("Control+Enter");
      };
      const choose = async (picker: string, words: string, judged?: string) => {
        await page.getByRole("combobox", { name: picker, exact: true }).press("Enter");
        await page.getByRole("combobox", { name: press.search }).fill(words);
        await page
          .getByRole("option", { name: /sandbox\// })
          .first()
          .waitFor();
        if (judged) await expectFine(page, judged);
        await page.keyboard.press("Enter");
      };
      await choose(press.swap, "reasoning");
      await page.waitForURL(/models=sandbox%2Freasoning$/);
      await choose(press.add, "sandbox chat", "models to choose from");
      await page.waitForURL(/chat/);
      await send('[sandbox: text="**Bold** and [a link](javascript:alert(1)) <img src=x onerror=alert(1)>"]');
      await page.getByRole("article").nth(1).locator("strong").waitFor();
      await page.locator("article[aria-busy=true], [aria-busy=true]").first().waitFor({ state: "detached" });
      expect(await page.locator("article img, article a").count()).toBe(0);
      await expectFine(page, "two answers");

      await page.goto(`${server.url}/playground?models=sandbox%2Fchat`);
      if (options.viewport.width < 1280) await page.getByText(press.settings, { exact: true }).click();
      await page.getByLabel(say.system).fill("Be brief.");
      await page.getByLabel(say.tools).fill("{");
      await send("Hello");
      expect(await page.getByRole("article").count()).toBe(0);
      // Nothing of it has been sent, and a page without an address of its own has it all the same.
      await page.goto(`${server.url}/playground`);
      await page.getByRole("combobox", { name: press.swap }).waitFor();
      expect(await page.getByLabel(say.system).inputValue()).toBe("Be brief.");
      await page.getByLabel(say.tools).fill(TOOLS);
      await send("Please get weather");
      await page.getByLabel(say.result).fill("24 C");
      await page.getByRole("button", { name: say.give }).click();
      await page.getByRole("article").getByText("24 C", { exact: true }).waitFor();
      await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
      await page.getByRole("button", { name: press.code }).click();
      await page.getByRole("dialog", { name: press.code }).getByText("get_weather").first().waitFor();
      await expectFine(page, "code");
      await page.keyboard.press("Escape");

      await page.getByRole("button", { name: press.fresh, exact: true }).click();
      await send("[sandbox: chunks=500 token_delay=200ms]");
      await page.getByRole("button", { name: press.stop }).click();
      await page.getByText(stopped).waitFor();
      await page.getByRole("button", { name: press.history }).click();
      await page.getByRole("button", { name: /^Please get weather/ }).click();
      await page.getByRole("article").getByText("24 C", { exact: true }).waitFor();
      await page.waitForURL(/chat=/);
      await page.reload();
      await page.getByRole("article").getByText("24 C", { exact: true }).waitFor();
      const { rows } = (await person.dashboard("/activity")).body;
      expect(rows.length).toBeGreaterThanOrEqual(4);
      expect(
        rows.every(
          ({ app, keyName }: { app: string; keyName: string }) => app === "Playground" && keyName === "Chatbot",
        ),
      ).toBe(true);
      const asked = rows.find(({ finishReason }: { finishReason: string | null }) => finishReason === "tool_calls");
      await page.goto(`${server.url}/logs?request=${asked.id}`);
      await page.getByRole("link", { name: open }).click();
      await page.getByText("Please get weather").waitFor();
      expect(await page.evaluate("Object.values(localStorage).join().includes('gpr_')")).toBe(false);
      expect(problems).toEqual([]);
    },
    TIMEOUT_MS,
  );
}
