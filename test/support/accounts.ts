/** Accounts as one service on a database of their own, for tests that need no server. */
import { createAccounts } from "../../src/control/accounts/accounts.ts";
import type { Visitor } from "../../src/control/http/handler.ts";
import { Secret } from "../../src/kernel/secret.ts";
import type { MailMessage } from "../../src/mail/templates.ts";
import { createAuditStore } from "../../src/storage/stores/audit.ts";
import type { Databases } from "./databases.ts";
import { movableClock } from "./later.ts";
import { PASSWORD } from "./visitor.ts";

const request = new Request("http://localhost:8787/", { method: "POST" });

/** What every call of a handler brings with it, from somebody at an address. */
export function from(ipAddress: string) {
  const visitor: Visitor = { ipAddress, userAgent: null, requestId: "req_1", isLocal: true, locale: "en" };
  return { visitor, request, account: null, key: null, query: undefined, params: undefined };
}

/** Ends after the test with its database. `hold` makes it the same moment for good, so that bounds in time are exact. */
export async function createAccountService(databases: Databases) {
  const storage = await databases.open();
  const { clock, hold } = movableClock();
  const mails: { to: string; message: MailMessage }[] = [];
  const secret = new Secret("s".repeat(48));
  const service = createAccounts({
    storage,
    audit: createAuditStore(storage.db, { secret, clock }),
    clock,
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
  databases.afterwards(() => service.settled());
  return { service, storage, mails, hold };
}

/** Somebody who has signed up and proved the address. */
export async function joinedPerson(
  { service, storage }: Pick<Awaited<ReturnType<typeof createAccountService>>, "service" | "storage">,
  email: string,
): Promise<void> {
  await service.handlers.signUp({ ...from("203.0.113.7"), body: { name: "Siti", email, password: PASSWORD } });
  await service.settled();
  await storage.db.updateTable("user").set({ email_verified: 1 }).where("email", "=", email).execute();
}
