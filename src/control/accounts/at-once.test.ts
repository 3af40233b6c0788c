/** What happens while something else is under way, or after it was refused. */
import { expect, test } from "bun:test";
import { createAccountService, from, joinedPerson } from "../../../test/support/accounts.ts";
import { eachEngine } from "../../../test/support/databases.ts";
import { PASSWORD } from "../../../test/support/visitor.ts";

const NEW_PASSWORD = "delapan belas burung gereja";
const EMAIL = "siti@example.com";

eachEngine((databases) => {
  async function createService() {
    const made = await createAccountService(databases);
    const { service, mails } = made;
    await joinedPerson(made, EMAIL);
    mails.length = 0;
    const askForLink = async (email: string, address: string) => {
      const answer = await service.handlers.forgotPassword({ ...from(address), body: { email } });
      await service.settled();
      return answer;
    };
    const newestToken = () => new URL(mails.at(-1)?.message.url ?? "").searchParams.get("token") ?? "";
    return { ...made, askForLink, newestToken };
  }

  test("a log-in that was checking the old password when a new one was chosen leaves no session behind", async () => {
    const { service, storage } = await createService();
    const fresh = await service.hasher.hash(NEW_PASSWORD);
    const before = service.hasher.computed;
    const login = service.handlers
      .login({ ...from("203.0.113.9"), body: { email: EMAIL, password: PASSWORD } })
      .catch(() => {});
    while (service.hasher.computed === before) await new Promise((resolve) => setImmediate(resolve));
    // What a reset does to the database, in the middle of the check.
    await storage.db.updateTable("credential").set({ password: fresh }).execute();
    await storage.db.deleteFrom("session").execute();
    await login;
    expect(await storage.db.selectFrom("session").selectAll().execute()).toEqual([]);
  });

  test("a reset that is refused because too many hashes wait does not use its link up", async () => {
    const { service, askForLink, newestToken } = await createService();
    await askForLink(EMAIL, "203.0.113.7");
    const token = newestToken();
    const flood = Array.from({ length: 60 }, () => service.hasher.hash(PASSWORD).catch(() => null));
    const reset = () =>
      service.handlers.resetPassword({ ...from("203.0.113.7"), body: { token, password: NEW_PASSWORD } });
    expect(await reset().catch((error: { code: string }) => error.code)).toBe("too_many_attempts");
    await Promise.all(flood);
    expect((await reset()).body).toEqual({ done: true });
  });

  test("strangers who guess a password do not keep its holder from proving a session with it", async () => {
    const { service, storage } = await createService();
    for (let guess = 0; guess < 6; guess++) {
      const body = { email: EMAIL, password: `wrong guess number ${guess}` };
      await service.handlers.login({ ...from(`198.51.100.${guess}`), body }).catch(() => {});
    }
    const { id: userId } = await storage.db.selectFrom("user").select("id").executeTakeFirstOrThrow();
    const holder = { userId, sessionId: "session_1", name: "Siti", email: EMAIL, locale: null, createdAt: 0 };
    const account = { ...holder, role: "owner", accountId: userId, teamRole: "owner", onlyBy: null } as const;
    const proof = service.handlers.giveProof({ ...from("203.0.113.7"), account, body: { password: PASSWORD } });
    expect((await proof).body).toEqual({ done: true });
  });

  test("somebody who may send no more mails uses up nothing of what others may still get", async () => {
    const { mails, askForLink, service } = await createService();
    const thief = "198.51.100.7";
    for (let other = 0; other < 10; other++) {
      const email = `other${other}@example.com`;
      await service.handlers.signUp({ ...from(thief), body: { name: "Other", email, password: PASSWORD } });
      await service.settled();
    }
    mails.length = 0;
    for (let round = 0; round < 12; round++) await askForLink(EMAIL, thief);
    expect(mails).toEqual([]);
    await askForLink(EMAIL, "203.0.113.7");
    expect(mails.map(({ to }) => to)).toEqual([EMAIL]);
  });
});
