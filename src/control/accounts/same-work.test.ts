/** Whether an address is known must not show in the time an answer takes: what costs time is done for both alike. */
import { expect, test } from "bun:test";
import { createAccountService, from } from "../../../test/support/accounts.ts";
import { eachEngine } from "../../../test/support/databases.ts";
import { PASSWORD } from "../../../test/support/visitor.ts";

const common = from("203.0.113.7");

eachEngine((databases) => {
  async function createService() {
    return await createAccountService(databases);
  }

  test("a log-in checks one password hash, whether the address is known, unverified or unknown", async () => {
    const { service, storage } = await createService();
    for (const email of ["known@example.com", "waiting@example.com"]) {
      await service.handlers.signUp({ ...common, body: { name: "Siti", email, password: PASSWORD } });
    }
    await service.settled();
    await storage.db.updateTable("user").set({ email_verified: 1 }).where("email", "=", "known@example.com").execute();
    for (const email of ["known@example.com", "waiting@example.com", "nobody@example.com"]) {
      const before = service.hasher.computed;
      const answer = await service.handlers
        .login({ ...common, body: { email, password: "a wrong one altogether" } })
        .catch((error: { code: string }) => error.code);
      expect([email, answer, service.hasher.computed - before]).toEqual([email, "wrong_login", 1]);
    }
  });

  test("a sign-up hashes one password before it answers, and mails after, whether the address is known or not", async () => {
    const { service, mails } = await createService();
    for (const email of ["first@example.com", "first@example.com", "second@example.com"]) {
      const before = { computed: service.hasher.computed, mails: mails.length };
      const { body } = await service.handlers.signUp({ ...common, body: { name: "Siti", email, password: PASSWORD } });
      const during = service.hasher.computed - before.computed;
      expect([email, body.status, during, mails.length - before.mails]).toEqual([email, "check_your_mail", 1, 0]);
      await service.settled();
      expect(mails.at(-1)?.to).toBe(email);
    }
  });
});
