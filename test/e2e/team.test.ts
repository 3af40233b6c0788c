/** In a real browser: a team is made, somebody is invited and joins, and each sees what their role lets them see. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { chromiumForTests } from "../support/chromium.ts";
import { bearer } from "../support/keys.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { expectStatus, type Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 120_000;
const desk = { locale: "en-GB", viewport: { width: 1280, height: 900 } };
const phone = { locale: "id-ID", colorScheme: "dark" as const, viewport: { width: 360, height: 740 }, hasTouch: true };

let server: TestServer;
let owner: Visitor;
let member: Visitor;
const chromium = chromiumForTests();

beforeAll(async () => {
  server = await startServer();
  owner = await server.visitor().join("siti@example.com");
  member = await server.visitor().join("budi@example.com");
}, TIMEOUT_MS);
afterAll(() => server.stop());

async function open(options: BrowserContextOptions, visitor: Visitor): Promise<Page> {
  const context = await chromium.newContext(options, { server, visitor });
  // As a browser has it in which somebody has logged in: public pages ask who it is only then.
  await context.addInitScript('localStorage.setItem("gapura.signed-in", "yes")');
  return context.newPage();
}

test(
  "a team is made, somebody is invited, and the page shows who belongs to it and what each role may do",
  async () => {
    const page = await open(desk, owner);
    const problems = watchPage(page);
    await page.goto(`${server.url}/team`);
    await page.getByText("This is your own account").waitFor();
    await page.getByRole("button", { name: "Make a team" }).click();
    await page.getByLabel("Name of the team").fill("Tim Kopi");
    await page.getByRole("dialog", { name: "Make a team" }).getByRole("button", { name: "Make a team" }).click();
    await page.getByText("Who works in Tim Kopi").waitFor();
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    await page.getByLabel("E-mail").fill("budi@example.com");
    await page
      .getByRole("dialog", { name: "Invite somebody" })
      .getByRole("button", { name: "Invite", exact: true })
      .click();
    await page.getByRole("button", { name: "Withdraw the invitation to budi@example.com" }).waitFor();
    await page.getByRole("table", { name: "What each role may do" }).waitFor();
    await page.getByRole("dialog", { name: "Invite somebody" }).waitFor({ state: "detached" });
    const { secret } = await owner.createKey("Owner's program");
    const body = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };
    expectStatus(await owner.call("/api/v1/chat/completions", { body, headers: bearer(secret) }), 200);
    expect(problems).toEqual([]);
    await page.context().close();
  },
  TIMEOUT_MS,
);

test(
  "whoever is invited accepts by the mailed link, works in the team, and finds the way back to the own account",
  async () => {
    const token = await member.mailedToken("budi@example.com", (subject) => subject.includes("Tim Kopi"));
    const page = await open(phone, member);
    const problems = watchPage(page);
    await page.goto(`${server.url}/join?token=${token}`);
    await page.getByRole("button", { name: "Terima" }).waitFor();
    await expectFine(page, "the invitation");
    await page.getByRole("button", { name: "Terima" }).click();
    await page.getByText("Siapa yang bekerja di Tim Kopi").waitFor();
    const people = page.getByRole("table", { name: "Anggota", exact: true });
    await people.getByText("siti@example.com").waitFor();
    // What others used is not for a member to see, and neither are invitations.
    expect(await people.getByText("–").count()).toBeGreaterThan(0);
    expect(await page.getByRole("button", { name: "Undang", exact: true }).count()).toBe(0);
    await expectFine(page, "the team of a member");
    await page.goto(`${server.url}/dashboard`);
    await page.getByRole("button", { name: "Menu" }).click();
    const menu = page.getByRole("dialog").filter({ has: page.getByRole("navigation") });
    await menu.getByRole("link", { name: "Tim" }).waitFor();
    expect(await menu.getByRole("link", { name: "Anggaran" }).count()).toBe(0);
    await menu.getByRole("button", { name: "Akun: Tim Kopi" }).click();
    await page.getByRole("menuitem", { name: /Akun sendiri/ }).click();
    await menu.getByRole("link", { name: "Anggaran" }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  },
  TIMEOUT_MS,
);

test(
  "use can be split and narrowed down by member, and a page that shows a team which one has left loads itself again",
  async () => {
    const page = await open(desk, owner);
    await page.goto(`${server.url}/activity?by=member&metric=requests`);
    await page.getByRole("table", { name: "Member" }).getByText("Siti Rahma").waitFor();
    await page.getByRole("combobox", { name: "Member" }).waitFor();
    await page.goto(`${server.url}/keys`);
    await page.getByText("Owner's program").waitFor();
    await page.getByText("by Siti Rahma").waitFor();
    // In another window somebody works in the own account.
    const { accounts } = expectStatus(await owner.dashboard("/accounts"), 200).body;
    expectStatus(await owner.dashboard("/accounts/active", { id: accounts[0].id }), 200);
    await page.getByRole("searchbox").fill("program");
    await page.getByText("Owner's program").waitFor({ state: "detached" });
    await page.context().close();
  },
  TIMEOUT_MS,
);
