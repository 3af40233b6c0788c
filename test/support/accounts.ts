/** Accounts as one service on a database of their own, for tests that need no server. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccounts } from "../../src/control/accounts/accounts.ts";
import type { Visitor } from "../../src/control/http/handler.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { Secret } from "../../src/kernel/secret.ts";
import type { MailMessage } from "../../src/mail/templates.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createAuditStore } from "../../src/storage/stores/audit.ts";

const request = new Request("http://localhost:8787/", { method: "POST" });

/** What every call of a handler brings with it, from somebody at an address. */
export function from(ipAddress: string) {
  const visitor: Visitor = { ipAddress, userAgent: null, requestId: "req_1", isLocal: true, locale: "en" };
  return { visitor, request, account: null, key: null, query: undefined, params: undefined };
}

export async function createAccountService() {
  const dataDir = mkdtempSync(join(tmpdir(), "gapura-accounts-"));
  const storage = await openStorage({ dataDir });
  const mails: { to: string; message: MailMessage }[] = [];
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
    mail: async (to, _locale, message) => void mails.push({ to, message }),
    singleSignOn: null,
    onNewDevice: async () => {},
    onBackgroundFailure: (error) => {
      throw error;
    },
  });
  return {
    service,
    storage,
    mails,
    close: async () => {
      await service.settled();
      await storage.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
