/** When sessions end by themselves, and what their cookies allow. */
import { expect, test } from "bun:test";
import { onEachEngine, type Servers } from "../support/each-server.ts";
import { expectStatus, PASSWORD } from "../support/visitor.ts";

const EMAIL = "siti@example.com";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Times of sessions are better-auth's. */
const at = (ms: number) => new Date(ms).toISOString();
const timeOf = (time: string | Date | undefined) => new Date(time ?? Number.NaN).getTime();

onEachEngine(({ start, databases }: Servers) => {
  test("a session ends after seven days without use, and after thirty however much it is used", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const { db } = await databases.open(server.place);
    const only = () => db.selectFrom("session").selectAll().executeTakeFirst();
    const expiresAt = timeOf((await only())?.expires_at);
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(30 * DAY_MS);
    const unusedFor = (ms: number) =>
      db
        .updateTable("session")
        .set({ updated_at: at(Date.now() - ms) })
        .execute();
    await unusedFor(7 * DAY_MS - HOUR_MS);
    expectStatus(await person.dashboard("/account"), 200);
    // Used again, it may be unused for seven days more, but lives no longer.
    expect(timeOf((await only())?.updated_at)).toBeGreaterThan(Date.now() - HOUR_MS);
    expect(timeOf((await only())?.expires_at)).toBe(expiresAt);
    await unusedFor(7 * DAY_MS + HOUR_MS);
    expectStatus(await person.dashboard("/account"), 401);
    expect(await only()).toBeUndefined();

    expectStatus(await person.login(EMAIL), 200);
    await db
      .updateTable("session")
      .set({ expires_at: at(Date.now() - 1) })
      .execute();
    expectStatus(await person.dashboard("/account"), 401);
  });

  test("the session that a browser had is dead after a log-in, a log-out and a new password", async () => {
    const server = await start();
    const person = await server.visitor().join(EMAIL);
    const isDead = async (jar: string) =>
      (await server.visitor().call("/api/dashboard/account", { headers: { cookie: jar } })).status === 401;
    const first = person.jar;
    expectStatus(await person.login(EMAIL), 200);
    expect([await isDead(first), await isDead(person.jar)]).toEqual([true, false]);
    const second = person.jar;
    const change = { currentPassword: PASSWORD, newPassword: "delapan belas burung gereja" };
    expectStatus(await person.dashboard("/account/password/change", change), 200);
    expect([await isDead(second), await isDead(person.jar)]).toEqual([true, false]);
    const third = person.jar;
    expectStatus(await person.dashboard("/account/logout", {}), 200);
    expect(await isDead(third)).toBe(true);
  });

  test("every cookie that is ever set is out of reach for scripts and for requests of other sites", async () => {
    const server = await start({ BASE_URL: "https://gapura.example.com" });
    const person = server.visitor({ origin: "https://gapura.example.com" });
    expectStatus(await person.signUp(EMAIL, { setupToken: server.setupToken() }), 202);
    const { db } = await databases.open(server.place);
    await db.updateTable("user").set({ email_verified: 1 }).execute();
    const change = { currentPassword: PASSWORD, newPassword: "delapan belas burung gereja" };
    const answers = [
      expectStatus(await person.login(EMAIL), 200),
      expectStatus(await person.dashboard("/account/password/change", change), 200),
      expectStatus(await person.dashboard("/account/logout", {}), 200),
    ];
    const cookies = answers.flatMap(({ headers }) => headers.getSetCookie());
    const names = new Set(cookies.map((cookie) => cookie.slice(0, cookie.indexOf("="))));
    expect([...names].sort()).toEqual(["__Host-gapura_device", "__Host-gapura_session"]);
    for (const cookie of cookies) {
      const attributes = cookie.toLowerCase().split(/; */).slice(1);
      expect([cookie, attributes]).toEqual([
        cookie,
        expect.arrayContaining(["path=/", "httponly", "samesite=lax", "secure"]),
      ]);
      expect(cookie).not.toMatch(/domain=/i);
    }
  });
});
