/** Logging in with an OpenID provider: who gets in, to which account, and which answers let nobody in. */
import { expect, test } from "bun:test";
import { onEachEngine } from "../support/each-server.ts";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type Fault,
  type OpenidProvider,
  startOpenidProvider,
} from "../support/openid-provider.ts";
import { codeOf, halfAMinuteLater, turnOnTwoSteps } from "../support/proof.ts";
import { type Answer, expectStatus, PASSWORD, type Visitor } from "../support/visitor.ts";

const EMAIL = "siti@example.com";
const codeIn = (answer: Answer) => answer.body.error?.metadata?.error_code;

function settingsFor(provider: OpenidProvider, more: Record<string, string> = {}): Record<string, string> {
  const client = { OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET, OIDC_NAME: "Acme" };
  return { OIDC_ISSUER: provider.issuer, ...client, ...more };
}

async function begin(person: Visitor): Promise<string> {
  return expectStatus(await person.dashboard("/account/login/single-sign-on", {}), 200).body.url;
}

const finish = (person: Visitor, query: string) => person.dashboard("/account/login/single-sign-on/answer", { query });

async function signOn(person: Visitor, provider: OpenidProvider): Promise<Answer> {
  return finish(person, provider.visit(await begin(person)));
}

onEachEngine(({ start, databases }) => {
  const provide = async (options?: Parameters<typeof startOpenidProvider>[0]) => {
    const provider = await startOpenidProvider(options);
    databases.afterwards(() => provider.stop());
    return provider;
  };

  test("whom the provider vouches for gets an account, and the same one the next time", async () => {
    const provider = await provide();
    const server = await start(settingsFor(provider));
    provider.next.claims = { sub: "7", email: "Siti@Example.com", email_verified: true, name: "Siti <b>Rahma" };
    const person = server.visitor();
    const url = new URL(await begin(person));
    expect(url.searchParams.get("redirect_uri")).toBe(`${server.url}/login/single-sign-on`);
    expect([url.searchParams.get("code_challenge_method"), url.searchParams.get("scope")]).toEqual([
      "S256",
      "openid email profile",
    ]);
    const first = expectStatus(await finish(person, provider.visit(url.href)), 200);
    expect(first.body).toMatchObject({ email: EMAIL, name: "Siti bRahma", role: "owner" });
    provider.next.claims = { sub: "7", email: "other@example.com", email_verified: true };
    const second = expectStatus(await signOn(server.visitor(), provider), 200);
    expect(second.body.id).toBe(first.body.id);
    const { sessions } = (await person.dashboard("/account/sessions")).body;
    expect(sessions.map(({ signedInWith }: { signedInWith: string[] }) => signedInWith)).toEqual([
      ["single_sign_on"],
      ["single_sign_on"],
    ]);
  });

  test("no answer lets anybody in that is not signed, addressed, timely and meant as it must be", async () => {
    const provider = await provide();
    const server = await start(settingsFor(provider));
    provider.next.claims = { sub: "7", email: EMAIL, email_verified: true };
    const faults: Fault[] = ["signature", "nonce", "audience", "expired", "issuer", "no token", "unsigned"];
    for (const fault of faults) {
      provider.next.fault = fault;
      const person = server.visitor();
      expect([fault, codeIn(await signOn(person, provider)), person.cookie]).toEqual([
        fault,
        "single_sign_on_failed",
        "",
      ]);
    }
    const { db } = await databases.open(server.place);
    expect(await db.selectFrom("user").selectAll().execute()).toEqual([]);
    provider.next.fault = null;
    expectStatus(await signOn(server.visitor(), provider), 200);
  });

  test("a provider that names another issuer than the operator did is not asked", async () => {
    const provider = await provide({ wrongIssuer: true });
    const server = await start(settingsFor(provider));
    expect(codeIn(await server.visitor().dashboard("/account/login/single-sign-on", {}))).toMatch(/^single_sign_on_/);
    expect(provider.tokenRequests).toEqual([]);
  });

  test("an answer counts in the browser that asked, once, and with the state that it asked with", async () => {
    const provider = await provide();
    const server = await start(settingsFor(provider));
    provider.next.claims = { sub: "7", email: EMAIL, email_verified: true };
    const thief = server.visitor();
    const stolen = provider.visit(await begin(thief));
    expect(codeIn(await finish(server.visitor(), stolen))).toBe("step_expired");
    const victim = server.visitor();
    await begin(victim);
    expect(codeIn(await finish(victim, stolen))).toBe("single_sign_on_failed");
    const person = server.visitor();
    const query = provider.visit(await begin(person));
    expectStatus(await finish(person, query), 200);
    expect(codeIn(await finish(person, query))).toBe("step_expired");
    const cancelled = server.visitor();
    const state = new URL(await begin(cancelled)).searchParams.get("state") ?? "";
    const refusal = new URLSearchParams({ error: "access_denied", state }).toString();
    expect(codeIn(await finish(cancelled, refusal))).toBe("single_sign_on_failed");
  });

  test("an account is linked by an address that the provider has verified, and by no other", async () => {
    const provider = await provide();
    const server = await start(settingsFor(provider));
    const person = await server.visitor().join(EMAIL);
    const { id } = (await person.dashboard("/account")).body;
    for (const claims of [
      { sub: "7", email: EMAIL, email_verified: false },
      { sub: "7", email: EMAIL },
      { sub: "7" },
    ]) {
      provider.next.claims = claims;
      expect(codeIn(await signOn(server.visitor(), provider))).toBe("single_sign_on_email");
    }
    provider.next.claims = { sub: "7", email: EMAIL, email_verified: true };
    expect(expectStatus(await signOn(server.visitor(), provider), 200).body.id).toBe(id);
    const { identities } = (await person.dashboard("/account/security")).body;
    expect(identities).toHaveLength(1);
    expect((await server.visitor().login(EMAIL)).body.id).toBe(id);
    expectStatus(await person.dashboard(`/account/identities/${identities[0].id}`, undefined, "DELETE"), 200);
  });

  test("a password that somebody chose for an address that is not theirs ends when its holder comes", async () => {
    const provider = await provide();
    const server = await start(settingsFor(provider));
    await server.visitor().join("owner@example.com");
    expectStatus(await server.visitor().signUp(EMAIL), 202);
    provider.next.claims = { sub: "7", email: EMAIL, email_verified: true };
    expectStatus(await signOn(server.visitor(), provider), 200);
    expect(codeIn(await server.visitor().login(EMAIL, PASSWORD))).toBe("wrong_login");
  });

  test("who has a second factor is asked for it all the same", async () => {
    const provider = await provide();
    const server = await start(settingsFor(provider));
    const person = await server.visitor().join(EMAIL);
    const { secret } = await turnOnTwoSteps(person);
    await halfAMinuteLater(server.place);
    provider.next.claims = { sub: "7", email: EMAIL, email_verified: true };
    const browser = server.visitor();
    const asked = expectStatus(await signOn(browser, provider), 200).body.secondFactor;
    expect(browser.cookie).toBe("");
    const body = { token: asked.token, code: await codeOf(secret) };
    expectStatus(await browser.dashboard("/account/login/second-factor", body), 200);
  });

  test("domains and the policy of sign-up say who may come this way", async () => {
    const provider = await provide();
    const settings = settingsFor(provider, { OIDC_DOMAINS: "example.com", SIGN_UP_POLICY: "single-sign-on" });
    const server = await start(settings);
    await server.visitor().join("owner@example.com");
    expect(codeIn(await server.visitor().signUp("late@example.com"))).toBe("sign_up_single_sign_on");
    provider.next.claims = { sub: "8", email: "eve@example.org", email_verified: true };
    expect(codeIn(await signOn(server.visitor(), provider))).toBe("sign_up_domain");
    provider.next.claims = { sub: "9", email: "late@example.com", email_verified: true };
    expect(expectStatus(await signOn(server.visitor(), provider), 200).body.role).toBe("member");
    const invited = await start(settingsFor(provider, { SIGN_UP_POLICY: "invitation" }));
    await invited.visitor().join("owner@example.com");
    expect(codeIn(await signOn(invited.visitor(), provider))).toBe("sign_up_by_invitation");
  });

  test("it is off until it is configured, and a provider that is away is said to be", async () => {
    const plain = await start();
    expect((await plain.visitor().dashboard("/instance")).body.singleSignOn).toBeNull();
    expect((await plain.visitor().dashboard("/account/login/single-sign-on", {})).status).toBe(404);
    const provider = await provide();
    const server = await start(settingsFor(provider));
    expect((await server.visitor().dashboard("/instance")).body.singleSignOn).toEqual({ name: "Acme" });
    provider.stop();
    const answer = await server.visitor().dashboard("/account/login/single-sign-on", {});
    expect([answer.status, codeIn(answer)]).toEqual([503, "single_sign_on_down"]);
  });
});
