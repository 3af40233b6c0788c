/** Authenticator app and recovery codes: what they let in, and what they keep out. */
import { describe, expect, test } from "bun:test";
import { stepOfCode, totpCode, totpStep } from "../../src/control/accounts/totp.ts";
import { onEachEngine } from "../support/each-server.ts";
import { runGapura } from "../support/process.ts";
import { codeOf, halfAMinuteLater, turnOnTwoSteps } from "../support/proof.ts";
import { type Answer, expectStatus, PASSWORD, type Visitor } from "../support/visitor.ts";

const EMAIL = "siti@example.com";
const NEW_PASSWORD = "delapan belas burung gereja";
const codeIn = (answer: Answer) => answer.body.error?.metadata?.error_code;

/** The first step of a log-in: the token for the second. */
async function firstStep(person: Visitor, password = PASSWORD): Promise<string> {
  const { body } = expectStatus(await person.login(EMAIL, password), 200);
  expect(Object.keys(body)).toEqual(["secondFactor"]);
  return body.secondFactor.token;
}

const finish = (person: Visitor, body: Record<string, unknown>) =>
  person.dashboard("/account/login/second-factor", body);

describe("a code of an authenticator app", () => {
  const secret = "Gk2m9Zt1QwErTyUiOpAsDfGhJkL";

  test("is what RFC 6238 says", async () => {
    // The RFC's own vectors, to six digits.
    const known = [
      [59, "287082"],
      [1_111_111_109, "081804"],
      [1_234_567_890, "005924"],
      [20_000_000_000, "353130"],
    ] as const;
    for (const [seconds, code] of known)
      expect(await totpCode("12345678901234567890", totpStep(seconds * 1000))).toBe(code);
  });

  test("counts in its half minute and in the one before and after, and names the step it belongs to", async () => {
    const nowMs = 1_800_000_000_000;
    const step = totpStep(nowMs);
    for (const away of [-3, -2, -1, 0, 1, 2, 3]) {
      const found = await stepOfCode(secret, await totpCode(secret, step + away), nowMs);
      expect([away, found]).toEqual([away, Math.abs(away) <= 1 ? step + away : null]);
    }
  });
});

onEachEngine(({ start, databases }) => {
  test("it counts once a code was seen, and then a password alone opens nothing", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    expect(codeIn(await person.dashboard("/account/authenticator", { currentPassword: "not the right one" }))).toBe(
      "wrong_password",
    );
    expectStatus(await person.dashboard("/account/authenticator", { currentPassword: PASSWORD }), 201);
    expect((await server.visitor().login(EMAIL)).body.email).toBe(EMAIL);
    expect(codeIn(await person.dashboard("/account/authenticator/confirm", { code: "000000" }))).toBe("wrong_code");
    const { secret } = await turnOnTwoSteps(person);
    await halfAMinuteLater(server.place);
    const phone = server.visitor();
    const token = await firstStep(phone);
    expect(phone.cookie).toBe("");
    expect((await phone.dashboard("/account")).status).toBe(401);
    const signedIn = expectStatus(await finish(phone, { token, code: await codeOf(secret) }), 200);
    expect(signedIn.body.email).toBe(EMAIL);
    expect((await phone.dashboard("/account")).status).toBe(200);
  });

  test("turning it on ends every session that was begun with the password alone", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const thief = server.visitor();
    await thief.login(EMAIL);
    await turnOnTwoSteps(person);
    expect((await thief.dashboard("/account")).status).toBe(401);
    expect((await person.dashboard("/account")).status).toBe(200);
  });

  test("a code opens one session, however many send it at once, and an older one none after it", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const { secret } = await turnOnTwoSteps(person);
    await halfAMinuteLater(server.place);
    const code = await codeOf(secret);
    const tokens = await Promise.all(Array.from({ length: 4 }, () => firstStep(server.visitor())));
    const answers = await Promise.all(tokens.map((token) => finish(server.visitor(), { token, code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const again = await firstStep(server.visitor());
    expect(codeIn(await finish(server.visitor(), { token: again, code: await codeOf(secret, -1) }))).toBe("wrong_code");
  });

  test("each recovery code lets in once, however it is typed, and new ones void the old", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const { recoveryCodes } = await turnOnTwoSteps(person);
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = "", second = "", third = ""] = recoveryCodes;
    const typed = ` ${first.toUpperCase().replaceAll("-", " ")} `;
    const token = await firstStep(person);
    expectStatus(await finish(person, { token, recoveryCode: typed }), 200);
    expect(codeIn(await finish(server.visitor(), { token, recoveryCode: second }))).toBe("step_expired");
    const again = await firstStep(server.visitor());
    expect(codeIn(await finish(server.visitor(), { token: again, recoveryCode: first }))).toBe("wrong_code");
    const many = await Promise.all(Array.from({ length: 4 }, () => firstStep(server.visitor())));
    const racing = await Promise.all(many.map((one) => finish(server.visitor(), { token: one, recoveryCode: second })));
    expect(racing.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await person.dashboard("/account/security")).body.authenticator.recoveryCodesLeft).toBe(8);
    const renewed = expectStatus(await person.dashboard("/account/recovery-codes", {}), 201).body.recoveryCodes;
    expect(codeIn(await finish(server.visitor(), { token: again, recoveryCode: third }))).toBe("wrong_code");
    expectStatus(await finish(server.visitor(), { token: again, recoveryCode: renewed[0] }), 200);
  });

  test("guesses of the second step are slowed down for the account, from wherever and in however many log-ins", async () => {
    const server = await start({ TRUSTED_PROXIES: "127.0.0.1" });
    const person = await server.visitor().join(EMAIL);
    const { secret } = await turnOnTwoSteps(person);
    await halfAMinuteLater(server.place);
    const thieves: { thief: Visitor; token: string }[] = [];
    for (let place = 0; place < 12; place++) {
      const thief = server.visitor({ "x-forwarded-for": `203.0.113.${place}` });
      thieves.push({ thief, token: await firstStep(thief) });
    }
    server.hold();
    const answers = thieves.map(({ thief, token }, guess) => finish(thief, { token, code: String(100_000 + guess) }));
    const codes = (await Promise.all(answers)).map(codeIn);
    expect(codes.filter((code) => code !== "too_many_attempts")).toHaveLength(5);
    const late = await firstStep(person);
    expect(codeIn(await finish(person, { token: late, code: await codeOf(secret) }))).toBe("too_many_attempts");
  });

  test("the second step needs the token of a first one, and gives a session to whoever ends it alone", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const { secret } = await turnOnTwoSteps(person);
    await halfAMinuteLater(server.place);
    const code = await codeOf(secret);
    expect(codeIn(await finish(server.visitor(), { token: "x".repeat(43), code }))).toBe("step_expired");
    for (const body of [
      { code },
      { token: "x".repeat(43) },
      { token: "x".repeat(43), code, recoveryCode: "abcd-abcd" },
    ]) {
      expect(codeIn(await finish(server.visitor(), body))).toBe("invalid_field");
    }
    const token = await firstStep(person);
    const { db } = await databases.open(server.place);
    await db
      .updateTable("sign_in_challenge")
      .set({ expires_at: Date.now() - 1 })
      .execute();
    expect(codeIn(await finish(person, { token, code }))).toBe("step_expired");
  });

  test("a session without the second factor can neither take it away nor change it", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    await turnOnTwoSteps(person);
    const half = server.visitor();
    await firstStep(half);
    for (const [path, method] of [
      ["/account/authenticator", "DELETE"],
      ["/account/authenticator", "POST"],
      ["/account/recovery-codes", "POST"],
      ["/account/passkeys/options", "POST"],
      ["/account/security", "GET"],
    ] as const) {
      expect((await half.dashboard(path, method === "POST" ? {} : undefined, method)).status).toBe(401);
    }
    expect((await person.dashboard("/account/security")).body.authenticator.recoveryCodesLeft).toBe(10);
    // A second app in place of the first one needs the first one taken away.
    expect(codeIn(await person.dashboard("/account/authenticator", { currentPassword: PASSWORD }))).toBe("conflict");
  });

  test("a trusted browser is not asked again, another one is, and a new password ends the trust", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const { secret } = await turnOnTwoSteps(person);
    await halfAMinuteLater(server.place);
    const token = await firstStep(person);
    expectStatus(await finish(person, { token, code: await codeOf(secret), trustDevice: true }), 200);
    expectStatus(await person.dashboard("/account/logout", {}), 200);
    expect((await person.login(EMAIL)).body.email).toBe(EMAIL);
    await firstStep(server.visitor());
    const changed = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const elsewhere = server.visitor();
    await halfAMinuteLater(server.place);
    const other = await firstStep(elsewhere);
    expectStatus(await finish(elsewhere, { token: other, code: await codeOf(secret, 1) }), 200);
    expectStatus(await elsewhere.dashboard("/account/password/change", changed), 200);
    await firstStep(person, NEW_PASSWORD);
  });

  test("taking it away is told by mail, and lets the password in alone again", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const { recoveryCodes } = await turnOnTwoSteps(person);
    expectStatus(await person.dashboard("/account/authenticator", undefined, "DELETE"), 200);
    expect((await person.dashboard("/account/security")).body.authenticator).toBeNull();
    expect((await server.visitor().login(EMAIL)).body.email).toBe(EMAIL);
    const subjects = (await person.mailsTo(EMAIL)).map(({ subject }) => subject);
    expect(subjects.filter((subject) => /^Two-step login is (on|off)/.test(subject))).toHaveLength(2);
    const { db } = await databases.open(server.place);
    expect(await db.selectFrom("recovery_code").selectAll().execute()).toEqual([]);
    expect(recoveryCodes).toHaveLength(10);
  });

  test("what lies in the database gives neither the app's secret nor a recovery code away", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const { secret, recoveryCodes } = await turnOnTwoSteps(person);
    const token = await firstStep(server.visitor());
    const { db } = await databases.open(server.place);
    const tables = ["authenticator", "recovery_code", "sign_in_challenge", "known_device", "audit", "mail"] as const;
    const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()));
    const everything = JSON.stringify(rows);
    for (const text of [secret, token, ...recoveryCodes]) expect(everything).not.toContain(text);
    expect(server.log.join("\n")).not.toContain(secret);
  });

  test("a recovered password does not take the second factor away", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    await turnOnTwoSteps(person);
    await person.dashboard("/account/password/forgot", { email: EMAIL });
    const reset = await person.mailedToken(EMAIL, (subject) => subject.includes("new password"));
    expectStatus(await person.dashboard("/account/password/reset", { token: reset, password: NEW_PASSWORD }), 200);
    await firstStep(person, NEW_PASSWORD);
  });

  test("whoever has the machine lets a locked-out owner in again: without the second step, with a new password", async () => {
    const { place, ...server } = await start();
    const person = await server.visitor().join(EMAIL);
    await turnOnTwoSteps(person);
    for (let guess = 0; guess < 6; guess++) await server.visitor().login(EMAIL, `wrong guess number ${guess}`);
    const database = place.databaseUrl === undefined ? {} : { DATABASE_URL: place.databaseUrl };
    const env = { DATA_DIR: place.dataDir, BASE_URL: "https://gapura.example.com", ...database };
    const reset = await runGapura(["accounts", "reset-login", EMAIL, "--link", "--json"], { env });
    expect([reset.code, reset.error]).toEqual([0, expect.any(String)]);
    const { link } = JSON.parse(reset.out);
    expect(link).toStartWith("https://gapura.example.com/reset-password?token=");
    expect((await person.dashboard("/account")).status).toBe(401);
    expectStatus(await server.visitor().login(EMAIL), 200);
    const token = new URL(link).searchParams.get("token");
    expectStatus(await person.dashboard("/account/password/reset", { token, password: NEW_PASSWORD }), 200);
    const back = server.visitor();
    expect(expectStatus(await back.login(EMAIL, NEW_PASSWORD), 200).body.email).toBe(EMAIL);
    const { entries } = (await back.dashboard("/audit?action=account.second_factor")).body;
    expect(entries[0]).toMatchObject({ actor: { kind: "cli" }, after: { state: "reset" } });
    const nobody = await runGapura(["accounts", "reset-login", "sitti@example.com"], { env });
    expect([nobody.code !== 0, nobody.error.includes(`Did you mean ${EMAIL}?`)]).toEqual([true, true]);
  });
});
