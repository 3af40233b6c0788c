/** Reports of leaked keys, put together from the parts of a running server. */
import type { Config } from "../config/schema.ts";
import type { Accounts } from "../control/accounts/accounts.ts";
import type { KeyAdministration } from "../control/keys/key-administration.ts";
import { leakHandlers } from "../control/leaks/leak-handlers.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { Storage } from "../storage/open.ts";
import { createAccountStore } from "../storage/stores/accounts.ts";
import type { KeyStore } from "../storage/stores/keys.ts";

interface Ground {
  config: Config;
  clock: Clock;
  storage: Storage;
  keys: KeyStore;
}

interface Parts {
  accounts: Accounts;
  administration: KeyAdministration;
  mailer: Mailer;
}

export function leaksOf({ config, clock, storage, keys }: Ground, { accounts, administration, mailer }: Parts) {
  return leakHandlers({
    keys,
    administration,
    accounts: createAccountStore(storage.db, storage.engine),
    throttle: accounts.throttle,
    clock,
    baseUrl: config.baseUrl,
    mail: (to, locale, message) => mailer.send(to, locale, message),
    inBackground: accounts.inBackground,
  });
}
