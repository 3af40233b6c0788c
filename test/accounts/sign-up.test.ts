import { expect, test } from "bun:test";
import { onEachEngine } from "../support/each-server.ts";
import { expectStatus, PASSWORD, until } from "../support/visitor.ts";

const withoutRequestId = (body: unknown) => JSON.stringify(body).replace(/req_\w+/g, "req");

onEachEngine(({ start, databases }) => {
  test("the first person who proves an address owns the instance, everybody after is a member", async () => {
    const server = await start();
    // Signed up first, never verified: this must not lock the instance.
    await server.visitor().signUp("mistyped@example.com");
    const owner = await server.visitor().join("owner@example.com");
    const member = await server.visitor().join("member@example.com");
    expect((await owner.dashboard("/account")).body.role).toBe("owner");
    expect((await member.dashboard("/account")).body.role).toBe("member");
    expect((await member.dashboard("/instance")).body.setup).toBe("done");
  });

  test("of two people who verify at the same time one owns the instance", async () => {
    const server = await start();
    const people = [server.visitor(), server.visitor(), server.visitor()];
    const tokens = await Promise.all(
      people.map(async (person, index) => {
        await person.signUp(`p${index}@example.com`);
        return person.mailedToken(`p${index}@example.com`);
      }),
    );
    await Promise.all(
      people.map((person, index) => person.dashboard("/account/verification", { token: tokens[index] })),
    );
    await Promise.all(people.map((person, index) => person.login(`p${index}@example.com`)));
    const roles = await Promise.all(people.map(async (person) => (await person.dashboard("/account")).body.role));
    expect(roles.sort()).toEqual(["member", "member", "owner"]);
  });

  test("nobody learns from an answer which addresses have an account", async () => {
    const server = await start();
    await server.visitor().join("known@example.com");
    await server.visitor().signUp("waiting@example.com");
    const ask = server.visitor();
    for (const [path, body] of [
      ["/account/sign-up", { name: "Eve", password: PASSWORD }],
      ["/account/verification/resend", {}],
      ["/account/password/forgot", {}],
      ["/account/login", { password: "wrong wrong wrong wrong" }],
    ] as const) {
      const answers = [];
      for (const email of ["known@example.com", "waiting@example.com", "nobody@example.com"]) {
        const { status, body: answer } = await ask.dashboard(path, { ...body, email });
        answers.push(`${status} ${withoutRequestId(answer)}`);
      }
      expect([path, new Set(answers).size]).toEqual([path, 1]);
    }
  });

  test("whoever has an account is told by mail that somebody tried to sign up with the address", async () => {
    const server = await start();
    const person = await server.visitor().join("known@example.com");
    await server.visitor().signUp("known@example.com", { password: "something else entirely 42" });
    await until(async () => (await person.mailsTo("known@example.com")).length === 2);
    expect((await person.login("known@example.com")).status).toBe(200);
  });

  test("a verification link is consumed by its button alone, once, however many press it", async () => {
    const server = await start();
    const person = server.visitor();
    await person.signUp("siti@example.com");
    const token = await person.mailedToken("siti@example.com");
    for (let scan = 0; scan < 10; scan++) await person.call(`/verify?token=${token}`);
    const pressed = await Promise.all(
      Array.from({ length: 15 }, () => person.dashboard("/account/verification", { token })),
    );
    expect(pressed.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(pressed.filter(({ body }) => body.error?.metadata.error_code === "link_expired")).toHaveLength(14);
  });

  test("a newer link voids the older, and time voids both", async () => {
    const server = await start();
    const person = server.visitor();
    await person.signUp("siti@example.com");
    const older = await person.mailedToken("siti@example.com");
    expectStatus(await person.dashboard("/account/verification/resend", { email: "siti@example.com" }), 202);
    await until(async () => (await person.mailsTo("siti@example.com")).length === 2);
    const newer = await person.mailedToken("siti@example.com");
    expect((await person.dashboard("/account/verification", { token: older })).status).toBe(400);
    const { db } = await databases.open(server.place);
    await db
      .updateTable("mail_token")
      .set({ expires_at: Date.now() - 1 })
      .execute();
    expect((await person.dashboard("/account/verification", { token: newer })).status).toBe(400);
  });

  test("whose link is used, whose password counts: a stranger's later sign-up changes nothing for the first", async () => {
    const server = await start({ TRUSTED_PROXIES: "127.0.0.1" });
    const victim = server.visitor();
    await victim.signUp("siti@example.com");
    const own = await victim.mailedToken("siti@example.com");
    const stolen = "kata sandi milik penyerang 7";
    const thief = server.visitor({ "x-forwarded-for": "203.0.113.9" });
    // The last ones come after the thief's share of mails is used up.
    for (let round = 0; round < 5; round++) await thief.signUp("siti@example.com", { password: stolen, name: "Eve" });
    await until(async () => (await victim.mailsTo("siti@example.com")).length === 3);
    expectStatus(await victim.dashboard("/account/verification", { token: own }), 200);
    expect((await thief.login("siti@example.com", stolen)).status).toBe(401);
    expect((await victim.login("siti@example.com")).body.name).toBe("Siti Rahma");
  });

  test("a link that is sent again brings in no password that somebody else has chosen", async () => {
    const server = await start({ TRUSTED_PROXIES: "127.0.0.1" });
    const stolen = "kata sandi milik penyerang 7";
    const thief = server.visitor({ "x-forwarded-for": "203.0.113.9" });
    await thief.signUp("siti@example.com", { password: stolen });
    const person = server.visitor();
    await person.signUp("siti@example.com");
    await until(async () => (await person.mailsTo("siti@example.com")).length === 2);
    expectStatus(await person.dashboard("/account/verification/resend", { email: "siti@example.com" }), 202);
    await until(async () => (await person.mailsTo("siti@example.com")).length === 3);
    const token = await person.mailedToken("siti@example.com");
    expect((await person.dashboard("/account/verification", { token })).status).toBe(400);
    expectStatus(await person.dashboard("/account/password/reset", { token, password: PASSWORD }), 200);
    expect((await thief.login("siti@example.com", stolen)).status).toBe(401);
    expect((await person.login("siti@example.com")).status).toBe(200);
  });

  test("the links of one address are all void once one of them was used", async () => {
    const server = await start();
    const person = server.visitor();
    await person.signUp("siti@example.com");
    const first = await person.mailedToken("siti@example.com");
    await person.signUp("siti@example.com", { password: "delapan belas burung gereja", name: "Siti R." });
    await until(async () => (await person.mailsTo("siti@example.com")).length === 2);
    const second = await person.mailedToken("siti@example.com");
    expectStatus(await person.dashboard("/account/verification", { token: second }), 200);
    expect((await person.dashboard("/account/verification", { token: first })).status).toBe(400);
    expect((await person.login("siti@example.com")).status).toBe(401);
    expect((await person.login("siti@example.com", "delapan belas burung gereja")).body.name).toBe("Siti R.");
  });

  test("links lead to the configured address, whatever the Host header says", async () => {
    const server = await start({ BASE_URL: "https://gapura.example.com", SMTP_URL: "smtp://127.0.0.1:9" });
    const person = server.visitor({
      host: "evil.example.com",
      "x-forwarded-host": "evil.example.com",
      origin: "https://gapura.example.com",
    });
    expectStatus(await person.signUp("siti@example.com", { setupToken: server.setupToken() }), 202);
    const { db } = await databases.open(server.place);
    const mail = await until(() => db.selectFrom("mail").selectAll().executeTakeFirst());
    expect(mail?.text_body).toContain("https://gapura.example.com/verify?token=");
    expect(mail?.text_body + (mail?.html_body ?? "")).not.toContain("evil");
  });

  test("before the address is verified there is no session, even with the right password", async () => {
    const server = await start();
    const person = server.visitor();
    await person.signUp("siti@example.com");
    const answer = await person.login("siti@example.com");
    expect([answer.status, answer.body.error.metadata.error_code]).toEqual([403, "email_not_verified"]);
    expect(person.cookie).toBe("");
  });

  test("names that could carry a link or a header into a mail are refused", async () => {
    const server = await start();
    for (const name of [
      "Win at https://evil.example.com",
      "www.evil.example.com",
      "A\r\nBcc: x@example.com",
      "<b>x</b>",
      "",
      " ",
    ]) {
      expect([name, (await server.visitor().signUp("siti@example.com", { name })).status]).toEqual([name, 400]);
    }
  });

  test("the policy says who may sign up after the first: the invited, or addresses of some domains", async () => {
    const byInvitation = await start({ SIGN_UP_POLICY: "invitation" });
    const owner = await byInvitation.visitor().join("owner@example.com");
    const refused = await byInvitation.visitor().signUp("friend@example.com");
    expect([refused.status, refused.body.error.metadata.error_code]).toEqual([403, "sign_up_by_invitation"]);
    expectStatus(await owner.dashboard("/invitations", { email: "friend@example.com" }), 201);
    const invitation = await owner.mailedToken("friend@example.com");
    expect((await byInvitation.visitor().signUp("other@example.com", { invitation })).status).toBe(403);
    const friend = byInvitation.visitor();
    expect((await friend.signUp("friend@example.com", { invitation })).body.status).toBe("ready_to_log_in");
    expect((await friend.login("friend@example.com")).status).toBe(200);
    expect((await owner.dashboard("/invitations")).body.invitations[0].acceptedAt).toBeNumber();

    const byDomain = await start({ SIGN_UP_POLICY: "domains", SIGN_UP_DOMAINS: "example.com, example.org" });
    await byDomain.visitor().join("owner@elsewhere.example");
    expect((await byDomain.visitor().signUp("a@evil.example")).body.error.metadata.error_code).toBe("sign_up_domain");
    expect((await byDomain.visitor().signUp("a@sub.example.com")).status).toBe(403);
    expect((await byDomain.visitor().signUp("a@example.org")).status).toBe(202);
  });

  test("an instance that strangers can reach answers nothing but setup until its owner brings the token", async () => {
    const server = await start({ HOST: "0.0.0.0", BASE_URL: "http://localhost:8787" });
    const person = server.visitor({ origin: "http://localhost:8787" });
    expect((await person.dashboard("/instance")).body.setup).toBe("token");
    for (const path of ["/api/v1/models", "/api/v1/openapi.json", "/api/dashboard/keys", "/api/dashboard/mailbox"]) {
      const answer = await person.call(path);
      expect([path, answer.status, answer.body.error.metadata.error_code]).toEqual([path, 503, "setup_required"]);
    }
    expect((await person.call("/health")).status).toBe(200);
    expect((await person.signUp("eve@example.com")).body.error.metadata.error_code).toBe("setup_token_wrong");
    const token = server.setupToken();
    expect((await person.signUp("owner@example.com", { setupToken: `${token}x` })).status).toBe(403);
    expect((await person.signUp("owner@example.com", { setupToken: token })).body.status).toBe("ready_to_log_in");
    expect((await person.login("owner@example.com")).body.role).toBe("owner");
    // Mails wait for somebody at the machine itself, and this listener is not only there.
    expect((await person.dashboard("/mailbox")).status).toBe(404);
    expect(JSON.stringify(server.log)).not.toContain(token);
  });

  test("an instance on loopback that a proxy shows to the world under another name needs the setup token too", async () => {
    const server = await start({ BASE_URL: "https://gapura.example.com" });
    const stranger = server.visitor({ origin: "https://gapura.example.com" });
    expect((await stranger.signUp("eve@example.com")).body.error.metadata.error_code).toBe("setup_token_wrong");
  });
});
