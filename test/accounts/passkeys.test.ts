/** Passkeys: what they let in, and every answer of a device that they must not. */
import { expect, test } from "bun:test";
import { createAuthenticator, type Wrongly } from "../support/authenticator.ts";
import { onEachEngine } from "../support/each-server.ts";
import { halfAMinuteLater, proofOf, turnOnTwoSteps } from "../support/proof.ts";
import { type Answer, expectStatus, PASSWORD, type Visitor } from "../support/visitor.ts";

const EMAIL = "siti@example.com";
const codeIn = (answer: Answer) => answer.body.error?.metadata?.error_code;

async function addPasskey(person: Visitor, origin: string) {
  const device = createAuthenticator(origin);
  const { token, options } = expectStatus(await person.dashboard("/account/passkeys/options", {}), 200).body;
  const body = { token, name: "Laptop", response: device.register(options) };
  const { id } = expectStatus(await person.dashboard("/account/passkeys", body), 201).body;
  return { device, id };
}

async function show(person: Visitor, device: ReturnType<typeof createAuthenticator>, wrongly: Wrongly = {}) {
  const { token, options } = expectStatus(await person.dashboard("/account/login/passkey/options", {}), 200).body;
  return { token, response: device.show(options, wrongly) };
}

const login = (person: Visitor, body: unknown) => person.dashboard("/account/login/passkey", body);

onEachEngine(({ start }) => {
  test("a passkey lets in without an address, even where a code is asked after a password", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const { device } = await addPasskey(person, server.url);
    await turnOnTwoSteps(person);
    const browser = server.visitor();
    expect(expectStatus(await login(browser, await show(browser, device)), 200).body.email).toBe(EMAIL);
    expect((await browser.dashboard("/account")).status).toBe(200);
    const { passkeys } = (await browser.dashboard("/account/security")).body;
    expect(passkeys).toHaveLength(1);
    expect(passkeys[0].lastUsedAt).toBeGreaterThan(0);
  });

  test("an answer for another address, challenge or key, or of a device that did not check its holder, is refused", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const { device } = await addPasskey(person, server.url);
    const wrong: Wrongly[] = [
      { origin: "https://evil.example.com" },
      { rpId: "evil.example.com" },
      { challenge: "YW5vdGhlciBjaGFsbGVuZ2U" },
      { unverified: true },
      { forged: true },
    ];
    for (const wrongly of wrong) {
      const browser = server.visitor();
      expect([wrongly, codeIn(await login(browser, await show(browser, device, wrongly))), browser.cookie]).toEqual([
        wrongly,
        "passkey_refused",
        "",
      ]);
    }
    for (const wrongly of wrong.slice(0, 4)) {
      const { token, options } = (await person.dashboard("/account/passkeys/options", {})).body;
      const response = createAuthenticator(server.url).register(options, wrongly);
      const answer = await person.dashboard("/account/passkeys", { token, name: "Wrong", response });
      expect([wrongly, codeIn(answer)]).toEqual([wrongly, "passkey_refused"]);
    }
  });

  test("an answer counts once, and a device whose counter goes back is a copy", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const { device } = await addPasskey(person, server.url);
    const browser = server.visitor();
    const shown = await show(browser, device);
    const answers = await Promise.all([shown, shown, shown].map((body) => login(server.visitor(), body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(codeIn(await login(browser, shown))).toBe("step_expired");
    const { token, options } = (await browser.dashboard("/account/login/passkey/options", {})).body;
    // The same counter again: signed before the one that was seen last.
    const early = device.show({ ...options });
    expectStatus(await login(browser, await show(browser, device)), 200);
    expect(codeIn(await login(server.visitor(), { token, response: early }))).toBe("passkey_refused");
  });

  test("a passkey belongs to one account, goes with its deletion, and is out of reach for others", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const other = await server.visitor().join("budi@example.com");
    const { device, id } = await addPasskey(person, server.url);
    const { token, options } = (await other.dashboard("/account/passkeys/options", {})).body;
    const body = { token, name: "Mine", response: device.register(options) };
    expect(codeIn(await other.dashboard("/account/passkeys", body))).toBe("passkey_refused");
    expect((await other.dashboard(`/account/passkeys/${id}`, { name: "Mine" }, "PATCH")).status).toBe(404);
    expect((await other.dashboard(`/account/passkeys/${id}`, undefined, "DELETE")).status).toBe(404);
    expectStatus(await person.dashboard(`/account/passkeys/${id}`, { name: "Phone" }, "PATCH"), 200);
    expect((await person.dashboard("/account/security")).body.passkeys[0].name).toBe("Phone");
    expectStatus(await person.dashboard(`/account/passkeys/${id}`, undefined, "DELETE"), 200);
    const browser = server.visitor();
    expect(codeIn(await login(browser, await show(browser, device)))).toBe("passkey_refused");
  });

  test("after the password a passkey is a second step, of the same person alone", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const other = await server.visitor().join("budi@example.com");
    const mine = await addPasskey(person, server.url);
    const theirs = await addPasskey(other, server.url);
    await turnOnTwoSteps(person);
    for (const [device, expected] of [
      [theirs.device, "passkey_refused"],
      [mine.device, undefined],
    ] as const) {
      const browser = server.visitor();
      const { secondFactor } = expectStatus(await browser.login(EMAIL), 200).body;
      expect(secondFactor.ways).toContain("passkey");
      const asked = await browser.dashboard("/account/login/passkey/options", { token: secondFactor.token });
      const passkey = { token: asked.body.token, response: device.show(asked.body.options) };
      const answer = await browser.dashboard("/account/login/second-factor", { token: secondFactor.token, passkey });
      expect(codeIn(answer)).toBe(expected);
    }
  });

  test("what needs a fresh proof is done after one, in this session alone, and by a way that the account has", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const elsewhere = server.visitor();
    expectStatus(await elsewhere.login(EMAIL), 200);
    const { device } = await addPasskey(person, server.url);
    const change = () => person.dashboard("/account/passkeys/options", {});
    const makeStale = () => proofOf(server, person, Date.now() - 16 * 60_000);
    await makeStale();
    expect(codeIn(await change())).toBe("fresh_proof_needed");
    expect(codeIn(await person.dashboard("/account/proof", { password: "not the right one" }))).toBe("wrong_password");
    expect(codeIn(await person.dashboard("/account/proof", { code: "123456" }))).toBe("conflict");
    expect(codeIn(await change())).toBe("fresh_proof_needed");
    expectStatus(await person.dashboard("/account/proof", { password: PASSWORD }), 200);
    expectStatus(await change(), 200);
    await makeStale();
    const foreign = (await elsewhere.dashboard("/account/proof/options", {})).body.passkey;
    const stolen = { token: foreign.token, response: device.show(foreign.options) };
    expect(codeIn(await person.dashboard("/account/proof", { passkey: stolen }))).toBe("step_expired");
    const own = (await person.dashboard("/account/proof/options", {})).body.passkey;
    const passkey = { token: own.token, response: device.show(own.options) };
    expectStatus(await person.dashboard("/account/proof", { passkey }), 200);
    expectStatus(await change(), 200);
    await turnOnTwoSteps(person);
    await halfAMinuteLater(server.place);
    await makeStale();
    expect(codeIn(await person.dashboard("/account/proof", { password: PASSWORD }))).toBe("conflict");
    expect(codeIn(await change())).toBe("fresh_proof_needed");
  });

  test("a session that was left open makes no management key, which would never be asked for a proof again", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    await proofOf(server, person, Date.now() - 16 * 60_000);
    const create = (kind: string) => person.dashboard("/keys", { name: "Mine", kind });
    expectStatus(await create("inference"), 201);
    expect(codeIn(await create("management"))).toBe("fresh_proof_needed");
    expectStatus(await person.dashboard("/account/proof", { password: PASSWORD }), 200);
    expectStatus(await create("management"), 201);
  });

  test("where browsers allow no passkeys the answer says so instead of failing in the browser", async () => {
    const server = await start({ BASE_URL: "http://gateway.example.com" });
    const person = server.visitor({ origin: "http://gateway.example.com" });
    await person.signUp(EMAIL, { setupToken: server.setupToken() });
    expectStatus(await person.login(EMAIL), 200);
    expect((await person.dashboard("/account/security")).body.passkeyProblem).toBe("needs_https");
    expect(codeIn(await person.dashboard("/account/passkeys/options", {}))).toBe("passkeys_unavailable");
  });
});
