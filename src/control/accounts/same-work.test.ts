/** Whether an address is known must not show in the time an answer takes: what costs time is done for both alike. */
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../kernel/clock.ts";
import { Secret } from "../../kernel/secret.ts";
import { openStorage } from "../../storage/open.ts";
import { createAuditStore } from "../../storage/stores/audit.ts";
import type { Visitor } from "../http/handler.ts";
import { createAccounts } from "./accounts.ts";

const PASSWORD = "kucing oranye lompat tinggi";
const visitor: Visitor = { ipAddress: "203.0.113.7", userAgent: null, requestId: "req_1", isLocal: true, locale: "en" };
const request = new Request("http://localhost:8787/", { method: "POST" });
const common = { visitor, request, account: null, key: null, query: undefined, params: undefined };

let close = async () => {};
afterEach(() => close());

async function createService() {
  const dataDir = mkdtempSync(join(tmpdir(), "gapura-accounts-"));
  const storage = await openStorage({ dataDir });
  const mails: string[] = [];
  const secret = new Secret("s".repeat(48));
  const service = createAccounts({
    storage,
    audit: createAuditStore(storage.db, { secret, clock: systemClock }),
    clock: systemClock,
    baseUrl: "http://localhost:8787",
    secret,
    signUp: { policy: "open", domains: [] },
    isReachable: false,
    sendsRealMail: true,
    mail: async (to) => void mails.push(to),
    singleSignOn: null,
    onNewDevice: async () => {},
    onBackgroundFailure: (error) => {
      throw error;
    },
  });
  close = async () => {
    await service.settled();
    await storage.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { service, storage, mails };
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
    expect(mails.at(-1)).toBe(email);
  }
});
