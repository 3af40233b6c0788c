/** The page about routing in a real browser: who would answer and why, what is set for every request, and presets. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContextOptions } from "playwright-core";
import { chromiumForTests } from "../support/chromium.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import type { Visitor } from "../support/visitor.ts";

const KEY = "sk-invented-browser-0123456789";
const TIMEOUT_MS = 180_000;

let upstreams: Upstream[];
let server: TestServer;
let owner: Visitor;
let member: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  upstreams = [startUpstream(["acme/m"], KEY), startUpstream(["acme/m"], KEY)];
  const providers = upstreams.map(
    ({ url }, index) =>
      `  - {type: openai-compatible, slug: p${index}, name: Provider ${index}, baseUrl: "${url}", apiKey: "${KEY}", models: [acme/m]}`,
  );
  const allowed = upstreams.map(({ host }) => host).join(",");
  server = await startServer({ ALLOW_PRIVATE_UPSTREAM: allowed }, undefined, ["providers:", ...providers].join("\n"));
  owner = await server.visitor().join("siti@example.com");
  member = await server.visitor().join("budi@example.com");
});
afterEach(async () => {
  const nothing = {
    only: null,
    ignore: [],
    sort: null,
    zeroDataRetention: false,
    denyDataCollection: false,
    defaultModel: null,
  };
  await owner.dashboard("/routing", nothing, "PATCH");
  await owner.dashboard("/routing/instance", nothing, "PATCH");
  for (const { slug } of (await owner.dashboard("/presets")).body.presets) {
    await owner.dashboard(`/presets/${slug}`, undefined, "DELETE");
  }
});
afterAll(async () => {
  await server.stop();
  for (const upstream of upstreams) await upstream.stop();
});

async function open(visitor: Visitor, options: BrowserContextOptions, path: string) {
  const context = await chromium.newContext({ reducedMotion: "reduce", ...options }, { server, visitor: visitor });
  const page = await context.newPage();
  const problems = watchPage(page);
  await page.goto(`${server.url}${path}`);
  await page.getByRole("tab").first().waitFor();
  return { page, problems };
}

test(
  "the order of providers is shown with reasons, and a provider that is avoided is passed over from the next request on",
  async () => {
    const { page, problems } = await open(owner, { locale: "en-GB" }, "/routing");
    await page.getByLabel("Model").fill("acme/m");
    await page.getByRole("button", { name: "Show the route" }).click();
    const order = page.getByRole("table", { name: "In this order" });
    await order.getByText("Provider 0").waitFor();
    await order.getByText("Provider 1").waitFor();
    await page.getByText("Nobody was passed over.").waitFor();

    await page.getByRole("tab", { name: "Defaults" }).click();
    expect(new URL(page.url()).search).toBe("?tab=defaults");
    await page.getByLabel("Provider to avoid").fill("not a slug!");
    await page.keyboard.press("Enter");
    await page.getByText("A short name has letters").waitFor();
    await page.getByLabel("Provider to avoid").fill("P1");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Remove p1" }).waitFor();
    await page.getByText("Highest price").click();
    await page.getByLabel("Prompt, a million tokens").fill("much");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("An amount such as 1.50").waitFor();
    await page.getByLabel("Prompt, a million tokens").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. It holds from the next request on.").waitFor();

    await page.getByRole("tab", { name: "Try it" }).click();
    await page.getByLabel("Model").fill("acme/m");
    await page.getByRole("button", { name: "Show the route" }).click();
    const passed = page.getByRole("table", { name: "Passed over" });
    await passed.getByText("Among the avoided providers").or(passed.getByText("among the avoided providers")).waitFor();
    await page.getByLabel("Nothing kept").check();
    await page.getByRole("button", { name: "Show the route" }).click();
    await page.getByText("This request would be refused").waitFor();
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "a preset is created, edited into a second version, taken back to the first, disabled and deleted",
  async () => {
    const { page, problems } = await open(owner, { locale: "en-GB" }, "/routing?tab=presets");
    await page.getByRole("button", { name: "New preset" }).click();
    // What is said of success at the edge of the page counts as a dialog too.
    const dialog = page.getByRole("dialog", { name: /Create a preset|Edit Email writer/ });
    await dialog.getByRole("button", { name: "Create preset" }).click();
    await dialog.getByText("1 to 64 letters").waitFor();
    await dialog.getByLabel("Short name").fill("email-writer");
    await dialog.getByText("@preset/email-writer").waitFor();
    await dialog.getByLabel("Name", { exact: true }).fill("Email writer");
    await dialog.getByLabel("Models").fill("acme/m");
    await dialog.getByLabel("System prompt").fill("Be brief.");
    await dialog.getByLabel("Further fields").fill('{"temperature": "hot", "provider": {"sort": "x"}}');
    await dialog.getByRole("button", { name: "Create preset" }).click();
    await dialog.getByText("config.provider.sort").waitFor();
    await dialog.getByLabel("Further fields").fill('{"temperature": 0.3}');
    await dialog.getByRole("button", { name: "Create preset" }).click();
    await dialog.waitFor({ state: "detached" });
    const row = page.getByRole("row").filter({ hasText: "@preset/email-writer" });
    await row.getByText("acme/m").waitFor();

    const choose = async (action: string) => {
      await page.getByRole("button", { name: "Actions for Email writer" }).click();
      await page.getByRole("menuitem", { name: action, exact: true }).click();
    };
    await choose("Edit");
    await dialog.getByLabel("System prompt").fill("Be long.");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await choose("Versions");
    await page.getByText("Version 2").waitFor();
    await page.getByRole("button", { name: "Take this one" }).click();
    await page.getByText("Version 1 counts now").waitFor();
    expect((await owner.dashboard("/presets")).body.presets[0].version).toMatchObject({
      number: 1,
      systemPrompt: "Be brief.",
    });
    await page.keyboard.press("Escape");
    await choose("Use it");
    await page.getByText('"model": "@preset/email-writer"').waitFor();
    await page.keyboard.press("Escape");
    await choose("Disable");
    await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
    await row.getByText("Disabled").waitFor();
    await choose("Enable");
    await row.getByText("Active").waitFor();
    await choose("Delete");
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("No presets yet").waitFor();
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test("a member sees what the owner has set for everybody, and cannot change it", async () => {
  await owner.dashboard("/routing/instance", { ignore: ["p0"], denyDataCollection: true }, "PATCH");
  const { page, problems } = await open(member, { locale: "en-GB" }, "/routing?tab=defaults");
  await page.getByText("never p0").waitFor();
  await page.getByText("no provider that keeps prompts for training", { exact: true }).waitFor();
  expect(await page.getByText("Whole instance").count()).toBe(0);
  expect(problems).toEqual([]);
});

describe.each([
  ["English, light, desk", { locale: "en-GB", colorScheme: "light", viewport: { width: 1280, height: 800 } }],
  ["Indonesian, dark, phone", { locale: "id-ID", colorScheme: "dark", viewport: { width: 360, height: 740 } }],
] as [string, BrowserContextOptions][])("%s", (look, options) => {
  test(
    "all three parts and their dialogs are accessible and fit the window, by keyboard alone",
    async () => {
      const english = options.locale === "en-GB";
      const long = "panjang".repeat(8);
      await owner.dashboard("/presets", {
        slug: "mail",
        name: `Mail ${long}`,
        systemPrompt: "x",
        config: { model: `acme/${long}` },
      });
      await owner.dashboard("/routing", { ignore: [`p-${long}`], maxPrice: { audio: "1" } }, "PATCH");
      const { page, problems } = await open(owner, options, "/routing?model=acme%2Fm");
      const press = async (name: string | RegExp) => {
        await page.getByRole("button", { name }).first().focus();
        await page.keyboard.press("Enter");
      };
      await press(english ? "Show the route" : "Tunjukkan rutenya");
      await page.getByRole("table").first().waitFor();
      await expectFine(page, `${look}: dry run`);
      await page.getByRole("tab").first().focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      await page.locator("select[name=sort]").waitFor();
      await page.getByText(english ? "Whole instance" : "Seluruh instans").waitFor();
      await expectFine(page, `${look}: defaults`);
      await page.getByRole("tab").nth(1).focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      await page.getByRole("table").waitFor();
      await expectFine(page, `${look}: presets`);
      await press(english ? "New preset" : "Preset baru");
      await page.getByRole("dialog").waitFor();
      await page.getByRole("checkbox").focus();
      await page.keyboard.press("Space");
      await press(english ? "Create preset" : "Buat preset");
      await page.locator("[aria-invalid=true]").first().waitFor();
      expect(await page.evaluate("document.activeElement?.getAttribute('aria-invalid')")).toBe("true");
      await expectFine(page, `${look}: form`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await press(english ? /Actions for Mail/ : /Tindakan untuk Mail/);
      await page.getByRole("menuitem").nth(1).waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.locator("summary").last().waitFor();
      await page.locator("summary").last().focus();
      await page.keyboard.press("Enter");
      await expectFine(page, `${look}: versions`);
      expect(problems).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
