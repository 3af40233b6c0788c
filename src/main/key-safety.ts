/** What keeps keys safe, put together from the parts of a running server: rotation, ends, risks, addresses, leaks. */
import type { Accounts } from "../control/accounts/accounts.ts";
import type { KeyAdministration } from "../control/keys/key-administration.ts";
import type { OnKeyChanged } from "../control/keys/key-changes.ts";
import { lifecycleHandlers } from "../control/keys/lifecycle-handlers.ts";
import { rotationHandlers } from "../control/keys/rotation-handlers.ts";
import { leakHandlers } from "../control/leaks/leak-handlers.ts";
import { addressHandlers } from "../control/security/address-handlers.ts";
import { riskHandlers } from "../control/security/risk-handlers.ts";
import type { Mailer } from "../mail/mailer.ts";
import { createAccountStore } from "../storage/stores/accounts.ts";
import { createAccountNetworkStore } from "../storage/stores/allowed-networks.ts";
import type { Ground } from "./ground.ts";

interface Parts {
  accounts: Accounts;
  administration: KeyAdministration;
  mailer: Mailer;
  onKeyChanged: OnKeyChanged;
}

export function keySafetyHandlers(ground: Ground, { accounts, administration, mailer, onKeyChanged }: Parts) {
  const { config, storage, audit, keys, clock } = ground;
  const { db } = storage;
  const networks = createAccountNetworkStore(db);
  return {
    ...rotationHandlers({ keys, administration, clock }),
    ...lifecycleHandlers({ db, audit, clock }),
    ...addressHandlers({ networks, audit, clock, onKeyChanged }),
    ...riskHandlers({
      db,
      keys,
      administration,
      accountNetworks: (userId) => networks.get(userId),
      networksUsed: async () => new Map(),
      clock,
    }),
    ...leakHandlers({
      keys,
      administration,
      accounts: createAccountStore(db, storage.engine),
      throttle: accounts.throttle,
      clock,
      baseUrl: config.baseUrl,
      mail: (to, locale, message) => mailer.send(to, locale, message),
      inBackground: accounts.inBackground,
    }),
  };
}
