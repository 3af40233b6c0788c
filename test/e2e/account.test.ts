/** In a real browser: two-step login, passkeys of a virtual device, and the question whether it is still the same person. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { chromiumForTests } from "../support/chromium.ts";
import { expectFine, seriousViolations, watchPage } from "../support/pages.ts";
import { codeOf, fromBase32, halfAMinuteLater, proofOf } from "../support/proof.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { PASSWORD, type Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 240_000;
const EMAIL = "siti@example.com";
const desk = { locale: "en-GB", viewport: { width: 1280, height: 900 } };
/** Where pictures go, if anybody wants them. */
const PICTURES = process.env.GAPURA_TEST_PICTURES;

let server: TestServer;
let person: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  server = await startServer();
  person = await server.visitor().join(EMAIL);
});
afterAll(() => server.stop());

async function open(options: BrowserContextOptions, isSignedIn = true): Promise<Page> {
  const context = await chromium.newContext(options, isSignedIn ? { server, visitor: person } : undefined);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  return page;
}

/** A device with passkeys whose holder is always there and agrees. */
async function withDevice(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

async function fillLogin(page: Page): Promise<void> {
  await page.getByLabel("E-mail", { exact: true }).fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Login", exact: true }).click();
}

test(
  "a passkey is added and named, lets in without a password, and is asked for where a fresh proof is needed",
  async () => {
    const page = await open(desk);
    const problems = watchPage(page);
    await withDevice(page);
    await page.goto(`${server.url}/account`);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name of the passkey").fill("My laptop");
    await expectFine(page, "name of a passkey");
    await dialog.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Actions for the passkey My laptop" }).waitFor();
    await picture(page, "account-desk-en");
    await expectFine(page, "account");

    // Somebody who is signed in is shown no form: without the cookie the device is a stranger's.
    await page.context().clearCookies({ name: "gapura_session" });
    await page.goto(`${server.url}/login`);
    await expectFine(page, "login");
    await picture(page, "login-desk-en");
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.waitForURL(/\/dashboard/);

    const cookies = await page.context().cookies(server.url);
    const session = cookies.find(({ name }) => name === "gapura_session");
    const visitor = server.visitor({ cookie: `gapura_session=${session?.value}` });
    await proofOf(server, visitor, Date.now() - 16 * 60_000);
    await page.goto(`${server.url}/account`);
    await page.getByRole("button", { name: "Actions for the passkey My laptop" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    const proof = page.getByRole("dialog", { name: "Is it still you?" });
    await proof.waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await picture(page, "proof-desk-en");
    await proof.getByRole("button", { name: "Use a passkey" }).click();
    // What was begun goes on by itself.
    await page.getByText("You have no passkey yet.").waitFor();
    expect(problems).toEqual([]);
    await person.login(EMAIL);
  },
  TIMEOUT_MS,
);

test(
  "an authenticator app is set up by its picture, and its code or a recovery code lets in after the password",
  async () => {
    const page = await open(desk);
    const problems = watchPage(page);
    await page.goto(`${server.url}/account`);
    await page.getByRole("button", { name: "Set up an authenticator app" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Current password", { exact: true }).fill("not the right one");
    await dialog.getByRole("button", { name: "Continue" }).click();
    await dialog.getByText("The current password is wrong.").waitFor();
    await dialog.getByLabel("Current password", { exact: true }).fill(PASSWORD);
    await dialog.getByRole("button", { name: "Continue" }).click();
    await dialog.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
    await dialog.getByText("Type the secret instead").click();
    await expectFine(page, "QR code");
    await picture(page, "qr-desk-en");
    const secret = fromBase32(((await dialog.locator("code").textContent()) ?? "").replace(/\s/g, ""));
    await dialog.getByLabel("Code of your authenticator app").fill(await codeOf(secret));
    await dialog.getByRole("button", { name: "Confirm and turn on" }).click();
    const codes = dialog.getByRole("list", { name: "Your recovery codes" }).getByRole("listitem");
    await codes.first().waitFor();
    expect(await codes.count()).toBe(10);
    const [recoveryCode = ""] = await codes.allInnerTexts();
    await expectFine(page, "recovery codes");
    await picture(page, "recovery-desk-en");
    await dialog.getByRole("checkbox", { name: "I have kept these codes" }).click();
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByText("10 recovery codes are left.").waitFor();

    const other = await open(desk, false);
    await other.goto(`${server.url}/login`);
    await fillLogin(other);
    await other.getByRole("heading", { name: "One more step" }).waitFor();
    await expectFine(other, "second step");
    await picture(other, "second-step-desk-en");
    await halfAMinuteLater({ dataDir: server.dataDir });
    await other.getByLabel("Code of your authenticator app").fill("000000");
    await other.getByRole("button", { name: "Continue" }).click();
    await other.getByText("This code is wrong, or was used already.", { exact: false }).waitFor();
    await other.getByLabel("Code of your authenticator app").fill(await codeOf(secret));
    await other.getByRole("button", { name: "Continue" }).click();
    await other.waitForURL(/\/dashboard/);

    const third = await open(desk, false);
    await third.goto(`${server.url}/login`);
    await fillLogin(third);
    await third.getByRole("button", { name: "Use a recovery code" }).click();
    await third.getByLabel("Recovery code", { exact: true }).fill(recoveryCode);
    await third.getByRole("button", { name: "Continue" }).click();
    await third.waitForURL(/\/dashboard/);
    await third.goto(`${server.url}/account`);
    await third.getByText("9 recovery codes are left.").waitFor();
    expect(problems).toEqual([]);
  },
  TIMEOUT_MS,
);
