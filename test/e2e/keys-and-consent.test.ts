/** In a real browser: an app asks for a key, and keys are bounded, edited and made for administration. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import type { BrowserContextOptions, Page } from "playwright-core";
import { chromiumForTests } from "../support/chromium.ts";
import { bearer } from "../support/keys.ts";
import { expectFine, overflow, seriousViolations, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { PASSWORD, type Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 180_000;
const desk = { locale: "en-GB", viewport: { width: 1280, height: 900 } };
const phone = { locale: "id-ID", colorScheme: "dark" as const, viewport: { width: 360, height: 740 }, hasTouch: true };

let server: TestServer;
let person: Visitor;
let app: { url: string; stop(): Promise<void> };
const chromium = chromiumForTests();

beforeAll(async () => {
  server = await startServer();
  person = await server.visitor().join("siti@example.com");
  const page = Bun.serve({
    port: 0,
    fetch: () => new Response("<h1>The app</h1>", { headers: { "content-type": "text/html" } }),
  });
  app = { url: `http://localhost:${page.port}/callback?state=x%20y`, stop: () => page.stop(true) };
});
afterAll(async () => {
  await app.stop();
  await server.stop();
});

async function open(options: BrowserContextOptions, who: Visitor | null = person): Promise<Page> {
  const context = await chromium.newContext(options, who ? { server, visitor: who } : undefined);
  return context.newPage();
}

function proof() {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

const consent = (request: Record<string, string>) => `${server.url}/auth?${new URLSearchParams(request)}`;
const exchange = (code: string | null, verifier?: string) =>
  server.visitor().call("/api/v1/auth/keys", { body: { code, ...(verifier ? { code_verifier: verifier } : {}) } });

test(
  "somebody who is not signed in logs in, comes back, lowers the limit and allows; the app gets a key with that limit",
  async () => {
    const page = await open(desk, null);
    const problems = watchPage(page);
    const { verifier, challenge } = proof();
    await page.goto(
      consent({ callback_url: app.url, code_challenge: challenge, code_challenge_method: "S256", limit: "50.10" }),
    );
    await page.waitForURL("**/login**");
    await page.getByLabel(/e-?mail/i).fill("siti@example.com");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Login", exact: true }).click();
    await page.getByRole("heading", { name: `${new URL(app.url).host} asks for an API key` }).waitFor();
    const limit = page.getByLabel("Limit in USD");
    expect(await limit.inputValue()).toBe("50.1");
    await limit.fill("2.5");
    await page.getByLabel("Begins anew").selectOption({ label: "Every Monday" });
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.getByRole("heading", { name: "The app" }).waitFor();
    const back = new URL(page.url());
    expect([back.origin, back.searchParams.get("state")]).toEqual([new URL(app.url).origin, "x y"]);
    const made = await exchange(back.searchParams.get("code"), verifier);
    expect(made.status).toBe(200);
    const current = await server.visitor().call("/api/v1/key", { headers: bearer(made.body.key) });
    expect(current.body.data).toMatchObject({ limit: 2.5, limit_reset: "weekly" });
    const listens = page.waitForResponse(/dashboard\/changes$/);
    await page.goto(`${server.url}/keys`);
    await page.getByText(`Made for ${new URL(app.url).host}`).waitFor();
    // What is made elsewhere comes by itself.
    await listens;
    await person.createKey("Made elsewhere");
    await page.getByText("Made elsewhere").waitFor();
    // Several at once, and back.
    await page.getByRole("checkbox", { name: "Choose Made elsewhere" }).click();
    await page.getByText("1 key chosen").waitFor();
    await page.getByRole("button", { name: "Disable", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Disable 1 key" }).click();
    await page.getByText("1 key is changed.").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("1 key is as it was.").waitFor();
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Created" }).click();
    await page.waitForURL(/columns=lastUsed/);
    await page.keyboard.press("Escape");
    await page.getByRole("columnheader", { name: "Created" }).waitFor({ state: "detached" });
    await page.getByRole("combobox", { name: "State" }).selectOption({ label: "Disabled" });
    await page.getByText("No key fits what is chosen").waitFor();
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "who refuses is led back with access_denied and no code",
  async () => {
    const page = await open(phone);
    await page.goto(consent({ callback_url: app.url }));
    await page.getByRole("button", { name: "Tolak", exact: true }).click();
    await page.getByRole("heading", { name: "The app" }).waitFor();
    const { searchParams } = new URL(page.url());
    expect([searchParams.get("error"), searchParams.get("code")]).toEqual(["access_denied", null]);
  },
  TIMEOUT_MS,
);

test(
  "a program without a page gets its code by hand, and a challenge of digits stays as it was",
  async () => {
    const page = await open(desk);
    const verifier = "1234567890123456789012345678901234567890123";
    await page.goto(consent({ code_challenge: verifier, code_challenge_method: "plain", key_label: "Terminal" }));
    await page.getByRole("heading", { name: "A program asks for an API key" }).waitFor();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    const code = await page.getByText(/^[\w-]{43}$/).textContent();
    expect((await exchange(code, verifier)).status).toBe(200);
  },
  TIMEOUT_MS,
);

test(
  "a request that cannot be answered shows no button and the words that its maker needs",
  async () => {
    const page = await open(desk);
    for (const request of [{ callback_url: "http://app.example.com/" }, { callback_url: "javascript:alert(1)" }, {}]) {
      await page.goto(consent(request as Record<string, string>));
      await page
        .getByText(/callback_url|code_challenge/)
        .first()
        .waitFor();
      expect(await page.getByRole("main").getByRole("button").count()).toBe(0);
    }
  },
  TIMEOUT_MS,
);

for (const [name, options] of [
  ["desk-en", desk],
  ["phone-id", phone],
] as const) {
  test(
    `the dialog of a new key is accessible, and a key is shown, disabled and deleted on its own page (${name})`,
    async () => {
      const page = await open(options);
      const problems = watchPage(page);
      const look = async (what: string) => {
        expect([what, await seriousViolations(page)]).toEqual([what, []]);
        expect([what, await overflow(page)]).toEqual([what, 0]);
      };
      await page.goto(`${server.url}/keys?create=true`);
      await page.getByText(/^(More options|Opsi lainnya)$/).click();
      await page.getByLabel(/^(Limit in USD|Batas dalam USD)$/).waitFor();
      await look("create");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      const { id, secret } = await person.createKey("Page of its own");
      await person.dashboard(`/keys/${id}`, { allowedModels: ["openai/*"] }, "PATCH");
      const body = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };
      await server.visitor().call("/api/v1/chat/completions", { body, headers: bearer(secret) });
      await page.goto(`${server.url}/keys`);
      await page.getByRole("link", { name: "Page of its own" }).first().click();
      await page.getByRole("heading", { level: 1, name: "Page of its own" }).waitFor();
      await page.getByText(/^(Nothing bounds what it may spend|Tidak ada yang membatasi)/).waitFor();
      await page.getByRole("radio", { name: /^(Requests|Permintaan)$/ }).click();
      await page.waitForURL("**/keys/*?metric=requests");
      await page.getByText("openai/*", { exact: true }).waitFor();
      await page.getByRole("table", { name: "Model" }).getByRole("button").first().waitFor();
      if (process.env.GAPURA_PICTURES)
        await page.screenshot({ path: `${process.env.GAPURA_PICTURES}/key-${name}.png`, fullPage: true });
      await page.getByRole("button", { name: /^(Disable|Nonaktifkan)$/ }).click();
      const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog"));
      await dialog.getByRole("button", { name: /^(Disable|Nonaktifkan)$/ }).click();
      await dialog.waitFor({ state: "detached" });
      await page.getByRole("button", { name: /^(Enable|Aktifkan)$/ }).waitFor();
      await page.getByRole("button", { name: /^(Delete|Hapus)$/ }).click();
      await dialog.getByRole("button", { name: /^(Delete|Hapus)$/ }).click();
      await page.waitForURL("**/keys");
      await page.goto(`${server.url}/keys/nobodys`);
      await page.getByRole("link", { name: /^(All API keys|Semua API key)$/ }).waitFor();
      expect(problems).toEqual([]);
    },
    TIMEOUT_MS,
  );
}

test(
  "a key is bounded when it is made and edited afterwards, and a management key is made under the same fold",
  async () => {
    const page = await open(desk);
    await page.goto(`${server.url}/keys?create=true`);
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("Bounded");
    expect(await dialog.getByRole("textbox").count()).toBe(1);
    await dialog.getByText("More options").click();
    await dialog.getByLabel("Limit in USD").fill("much");
    await dialog.getByRole("button", { name: "Generate", exact: true }).click();
    await dialog.getByText(/Enter an amount/).waitFor();
    await dialog.getByLabel("Limit in USD").fill("1,5");
    await dialog.getByLabel("Begins anew").selectOption({ label: "Every day" });
    await dialog.getByLabel("Requests a minute").fill("60");
    await dialog.getByLabel("Last day").fill("2099-12-31");
    await dialog.getByRole("button", { name: "Generate", exact: true }).click();
    await dialog.getByRole("button", { name: "Copy key" }).waitFor();
    await page.keyboard.press("Escape");
    await dialog.getByRole("button", { name: "Close anyway" }).click();
    await page.getByText("$0.00 of $1.50 a day").waitFor();
    await page.getByRole("meter", { name: "Spent by “Bounded”" }).waitFor();
    const [bounded] = (await person.dashboard("/keys?q=Bounded")).body.keys;
    expect(bounded).toMatchObject({
      limitUsd: "1.5",
      rpm: 60,
      parallel: null,
      expiresAt: Date.UTC(2099, 11, 31, 23, 59, 59),
    });

    await page.getByRole("button", { name: "Actions for Bounded" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await dialog.getByLabel("Limit in USD").fill("");
    expect(await dialog.getByLabel("Last day").inputValue()).toBe("2099-12-31");
    await dialog.getByLabel("Requests a minute").fill("no");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Enter a whole number above zero.").waitFor();
    await dialog.getByLabel("Requests a minute").fill("");
    await dialog.getByLabel("Calls at once").fill("3");
    await dialog.getByRole("radio", { name: "Only these models" }).click({ force: true });
    const model = dialog.getByRole("combobox", { name: "Model or pattern" });
    await dialog.getByText("The list is empty, so this key may call no model.").waitFor();
    await model.fill("sandbox/chat:nitro");
    await model.press("Enter");
    await dialog.getByText(/also says how the model answers/).waitFor();
    await model.fill("sandbox/*, acme/*");
    await model.press("Enter");
    await dialog.getByText("The catalogue has no model at present for: acme/*.").waitFor();
    await expectFine(page, "the models of a key");
    await dialog.getByRole("button", { name: "Remove acme/*" }).click();
    await model.fill("gpt-3.5");
    await dialog.getByLabel("Last day").fill("2098-01-01");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    expect((await person.dashboard(`/keys/${bounded.id}`)).body).toMatchObject({
      limitUsd: null,
      rpm: null,
      parallel: 3,
      // What is typed and not added counts too.
      allowedModels: ["sandbox/*", "openai/gpt-3.5-turbo"],
      expiresAt: Date.UTC(2098, 0, 1, 23, 59, 59),
    });

    await page.getByRole("button", { name: "Create New API Key" }).first().click();
    await dialog.getByRole("textbox").fill("Key service");
    await dialog.getByText("More options").click();
    await dialog.getByRole("radio", { name: "Management key" }).click({ force: true });
    expect(await dialog.getByLabel("Limit in USD").count()).toBe(0);
    await dialog.getByRole("button", { name: "Generate", exact: true }).click();
    const key = await dialog
      .getByText(/^gprm_[0-9A-Za-z]{46}$/)
      .first()
      .textContent();
    expect((await server.visitor().call("/api/v1/keys", { headers: bearer(key ?? "") })).status).toBe(200);
  },
  TIMEOUT_MS,
);
