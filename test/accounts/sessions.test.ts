import { expect, test } from "bun:test";
import { onEachEngine } from "../support/each-server.ts";
import { expectStatus, PASSWORD, until } from "../support/visitor.ts";

const NEW_PASSWORD = "delapan belas burung gereja";
const EMAIL = "siti@example.com";

onEachEngine(({ start, databases }) => {
  test("logging out ends the session on the server, not only in the browser", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const cookie = person.cookie;
    expect((await person.call("/api/dashboard/account", { headers: { cookie } })).status).toBe(200);
    expectStatus(await person.dashboard("/account/logout", {}), 200);
    expect(person.cookie).toBe("");
    expect((await person.call("/api/dashboard/account", { headers: { cookie } })).status).toBe(401);
  });

  test("every log-in is a session of its own that can be seen and ended from another", async () => {
    const server = await start();
    const laptop = await server.visitor({ "user-agent": "Laptop" }).join(EMAIL);
    const phone = server.visitor({ "user-agent": "Phone" });
    await phone.login(EMAIL);
    const { sessions } = (await laptop.dashboard("/account/sessions")).body;
    expect(
      sessions.map((session: { userAgent: string; current: boolean }) => [session.userAgent, session.current]).sort(),
    ).toEqual([
      ["Laptop", true],
      ["Phone", false],
    ]);
    const other = sessions.find((session: { current: boolean }) => !session.current);
    expectStatus(await laptop.dashboard(`/account/sessions/${other.id}`, undefined, "DELETE"), 200);
    expect((await phone.dashboard("/account")).status).toBe(401);
    await phone.login(EMAIL);
    expectStatus(await laptop.dashboard("/account/sessions/revoke-others", {}), 200);
    expect((await phone.dashboard("/account")).status).toBe(401);
    expect((await laptop.dashboard("/account")).status).toBe(200);
  });

  test("changing the password needs the present one, ends all other sessions and is told by mail", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const thief = server.visitor();
    await thief.login(EMAIL);
    const before = person.cookie;
    const change = (currentPassword: string) =>
      person.dashboard("/account/password/change", { currentPassword, newPassword: NEW_PASSWORD });
    expect((await change("not the right one at all")).body.error.metadata.error_code).toBe("wrong_password");
    expectStatus(await change(PASSWORD), 200);
    expect((await thief.dashboard("/account")).status).toBe(401);
    expect((await person.dashboard("/account")).status).toBe(200);
    expect((await person.call("/api/dashboard/account", { headers: { cookie: before } })).status).toBe(401);
    expect((await server.visitor().login(EMAIL)).status).toBe(401);
    expect((await server.visitor().login(EMAIL, NEW_PASSWORD)).status).toBe(200);
    await until(async () => (await person.mailsTo(EMAIL)).length === 2);
  });

  test("a forgotten password is set anew by a mailed link, once, and every session ends", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const stranger = server.visitor();
    expectStatus(await stranger.dashboard("/account/password/forgot", { email: EMAIL }), 202);
    await until(async () => (await stranger.mailsTo(EMAIL)).length === 2);
    const token = await stranger.mailedToken(EMAIL);
    const weak = await stranger.dashboard("/account/password/reset", { token, password: "passwordpassword" });
    expect(weak.body.error.metadata.error_code).toBe("weak_password");
    // A verification button must not take a reset link.
    expect((await stranger.dashboard("/account/verification", { token })).status).toBe(400);
    expectStatus(await stranger.dashboard("/account/password/reset", { token, password: NEW_PASSWORD }), 200);
    expect((await stranger.dashboard("/account/password/reset", { token, password: PASSWORD })).status).toBe(400);
    expect((await person.dashboard("/account")).status).toBe(401);
    expect((await stranger.login(EMAIL, NEW_PASSWORD)).status).toBe(200);
  });

  test("a new address counts once its own link is pressed, and the old one is told", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const elsewhere = server.visitor();
    await elsewhere.login(EMAIL);
    const change = (currentPassword: string) =>
      person.dashboard("/account/email/change", { currentPassword, newEmail: "baru@example.com" });
    expect((await change("not the right one at all")).status).toBe(403);
    expectStatus(await change(PASSWORD), 202);
    expect((await person.dashboard("/account")).body.email).toBe(EMAIL);
    const token = await person.mailedToken("baru@example.com");
    expect((await person.dashboard("/account/verification", { token })).body.purpose).toBe("email_change");
    expect((await person.dashboard("/account")).body.email).toBe("baru@example.com");
    expect((await elsewhere.dashboard("/account")).status).toBe(401);
    await until(async () => (await person.mailsTo(EMAIL)).length === 2);
    expect((await server.visitor().login(EMAIL)).status).toBe(401);
    expect((await server.visitor().login("baru@example.com")).status).toBe(200);
  });

  test("a reset password voids every link that was asked for before it, a change of address too", async () => {
    const server = await start();
    const thief = await server.visitor().join(EMAIL);
    await thief.dashboard("/account/email/change", { currentPassword: PASSWORD, newEmail: "eve@example.com" });
    const link = await thief.mailedToken("eve@example.com");
    const owner = server.visitor();
    await owner.dashboard("/account/password/forgot", { email: EMAIL });
    await until(async () => (await owner.mailsTo(EMAIL)).length === 2);
    const token = await owner.mailedToken(EMAIL);
    expectStatus(await owner.dashboard("/account/password/reset", { token, password: NEW_PASSWORD }), 200);
    expect((await thief.dashboard("/account/verification", { token: link })).status).toBe(400);
    expect((await owner.login(EMAIL, NEW_PASSWORD)).body.email).toBe(EMAIL);
  });

  test("guesses that come at once are counted one by one", async () => {
    const server = await start({ TRUSTED_PROXIES: "127.0.0.1" });
    await server.visitor().join(EMAIL);
    server.hold();
    const guesses = Array.from({ length: 40 }, (_, guess) =>
      server.visitor({ "x-forwarded-for": `203.0.113.${guess}` }).login(EMAIL, `wrong guess number ${guess}`),
    );
    const codes = (await Promise.all(guesses)).map(({ body }) => body.error.metadata.error_code);
    expect(codes.filter((code) => code !== "too_many_attempts")).toHaveLength(5);
  });

  test("guessing a password is slowed down for the account, and a mailed link always gets its owner in", async () => {
    const server = await start({ TRUSTED_PROXIES: "127.0.0.1" });
    const person = await server.visitor().join(EMAIL);
    const codes: string[] = [];
    server.hold();
    for (let guess = 0; guess < 12; guess++) {
      // From another address each time: the bound is the account's.
      const thief = server.visitor({ "x-forwarded-for": `203.0.113.${guess}` });
      const { body, headers } = await thief.login(EMAIL, `wrong guess number ${guess}`);
      codes.push(body.error.metadata.error_code);
      if (codes.at(-1) === "too_many_attempts") expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(codes.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => "wrong_login"));
    expect(codes.slice(5)).toEqual(Array.from({ length: 7 }, () => "too_many_attempts"));
    await person.dashboard("/account/password/forgot", { email: EMAIL });
    await until(async () => (await person.mailsTo(EMAIL)).length === 2);
    const token = await person.mailedToken(EMAIL);
    expectStatus(await person.dashboard("/account/password/reset", { token, password: NEW_PASSWORD }), 200);
    expect((await server.visitor({ "x-forwarded-for": "203.0.113.99" }).login(EMAIL, NEW_PASSWORD)).status).toBe(200);
  });

  test("one address gets twenty tries a minute, whoever it says it is", async () => {
    const server = await start();
    const statuses: number[] = [];
    server.hold();
    for (let guess = 0; guess < 25; guess++) {
      // Without a trusted proxy a forwarding header changes nothing.
      const thief = server.visitor({ "x-forwarded-for": `203.0.113.${guess}` });
      statuses.push((await thief.login(`somebody${guess}@example.com`)).status);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    expect(statuses.slice(20).every((status) => status === 429)).toBe(true);
  });

  test("what lies in the database opens nothing: tokens are hashed, passwords are argon2id", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const { secret } = await person.createKey();
    await person.dashboard("/account/password/forgot", { email: EMAIL });
    const token = await until(async () => (await person.mailsTo(EMAIL))[0] && person.mailedToken(EMAIL));
    const { db } = await databases.open(server.place);
    const tables = [
      "user",
      "session",
      "credential",
      "verification",
      "mail_token",
      "known_device",
      "sign_in_challenge",
      "api_key",
      "usage",
      "instance",
    ] as const;
    const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()));
    const everything = JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? String(value) : value));
    const cookie = (name: string) => new RegExp(`${name}=([^;.]+)`).exec(person.jar)?.[1] ?? "";
    for (const secretText of [cookie("gapura_session"), cookie("gapura_device"), token, secret, PASSWORD]) {
      expect(secretText.length).toBeGreaterThan(10);
      expect(everything).not.toContain(secretText);
    }
    const { password } = await db.selectFrom("credential").select("password").executeTakeFirstOrThrow();
    const [, memory, time] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$/.exec(password ?? "") ?? [];
    expect(Number(memory)).toBeGreaterThanOrEqual(19_456);
    expect(Number(time)).toBeGreaterThanOrEqual(2);
  });

  test("a password that was hashed with weaker settings is hashed anew at the next log-in", async () => {
    const server = await start();
    await server.visitor().join(EMAIL);
    const { db } = await databases.open(server.place);
    const weak = await Bun.password.hash(PASSWORD, { algorithm: "argon2id", memoryCost: 8192, timeCost: 1 });
    await db.updateTable("credential").set({ password: weak }).execute();
    expectStatus(await server.visitor().login(EMAIL), 200);
    const { password } = await db.selectFrom("credential").select("password").executeTakeFirstOrThrow();
    expect(password).not.toBe(weak);
    expect(password).not.toContain("m=8192");
    expectStatus(await server.visitor().login(EMAIL), 200);
  });

  test("the session cookie is out of reach for scripts and other sites, and bound to https where there is https", async () => {
    const plain = await start();
    await plain.visitor().join(EMAIL);
    const cookie = (await plain.visitor().login(EMAIL)).headers.getSetCookie()[0] ?? "";
    expect(cookie).toMatch(/^gapura_session=/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).not.toMatch(/Domain=/i);
    const secure = await start({ BASE_URL: "https://gapura.example.com" });
    const person = secure.visitor({ origin: "https://gapura.example.com" });
    await person.signUp(EMAIL, { setupToken: secure.setupToken() });
    const answer = await person.login(EMAIL);
    const secureCookie = answer.headers.getSetCookie()[0] ?? "";
    expect(secureCookie).toMatch(/^__Host-gapura_session=/);
    expect(secureCookie).toMatch(/; Secure/);
    expect(answer.headers.get("strict-transport-security")).toContain("max-age=");
  });
});
