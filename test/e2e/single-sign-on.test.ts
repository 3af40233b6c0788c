/** In a real browser: the way in through an OpenID provider, and what is said where it leads nowhere. */
import { expect, test } from "bun:test";
import { chromiumForTests } from "../support/chromium.ts";
import { CLIENT_ID, CLIENT_SECRET, startOpenidProvider } from "../support/openid-provider.ts";
import { expectFine, watchPage } from "../support/pages.ts";
import { startServer } from "../support/server.ts";

const desk = { locale: "en-GB", viewport: { width: 1280, height: 900 } };
const phone = { locale: "id-ID", colorScheme: "dark" as const, viewport: { width: 360, height: 740 }, hasTouch: true };
const chromium = chromiumForTests();
const SAID = {
  email: "tidak menjamin alamat email Anda",
  invitation: "lewat undangan",
  state: "Mulai lagi dari awal",
  unsigned: "tidak membuktikan siapa Anda",
  back: "Kembali ke Login",
};

test("the button leads through the provider to the dashboard, and each way that leads nowhere says why", async () => {
  const provider = await startOpenidProvider();
  const client = { OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET, OIDC_NAME: "Acme" };
  const server = await startServer({ OIDC_ISSUER: provider.issuer, ...client, SIGN_UP_POLICY: "invitation" });
  try {
    provider.next.claims = { sub: "1", email: "siti@example.com", email_verified: true, name: "Siti" };
    const first = await (await chromium.newContext(desk)).newPage();
    first.setDefaultTimeout(60_000);
    const problems = watchPage(first);
    await first.goto(`${server.url}/login?next=%2Fkeys`);
    await expectFine(first, "login");
    await first.getByRole("button", { name: "Continue with Acme" }).click();
    await first.waitForURL(`${server.url}/keys`);
    await first.goto(`${server.url}/account`);
    await first.getByText(provider.issuer, { exact: false }).first().waitFor();

    const page = await (await chromium.newContext(phone)).newPage();
    page.setDefaultTimeout(60_000);
    const tryWith = async (claims: typeof provider.next.claims, said: string) => {
      provider.next.claims = claims;
      await page.goto(`${server.url}/login`);
      await page.getByRole("button", { name: "Lanjut dengan Acme" }).click();
      await page.getByText(said, { exact: false }).waitFor();
      await expectFine(page, said);
    };
    await tryWith({ sub: "2", email: "budi@example.com", email_verified: false }, SAID.email);
    await tryWith({ sub: "2", email: "budi@example.com", email_verified: true }, SAID.invitation);
    await page.goto(`${server.url}/login/single-sign-on?code=x&state=of-somebody-else`);
    await page.getByText(SAID.state, { exact: false }).waitFor();
    await page.getByRole("link", { name: SAID.back }).click();
    await page.waitForURL(`${server.url}/login`);
    provider.next.fault = "signature";
    await tryWith({ sub: "1", email: "siti@example.com", email_verified: true }, SAID.unsigned);
    expect(problems).toEqual([]);
  } finally {
    await server.stop();
    provider.stop();
  }
}, 120_000);
