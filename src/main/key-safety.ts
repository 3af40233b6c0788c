/** What keeps keys safe, put together for a running server: rotation, ends, risks, addresses, leaks, the audit log. */
import type { Accounts } from "../control/accounts/accounts.ts";
import { auditHandlers } from "../control/audit/audit-handlers.ts";
import { checkpointFile, readCheckpoints } from "../control/audit/checkpoints.ts";
import type { KeyAdministration } from "../control/keys/key-administration.ts";
import type { OnKeyChanged } from "../control/keys/key-changes.ts";
import { lifecycleHandlers } from "../control/keys/lifecycle-handlers.ts";
import { rotationHandlers } from "../control/keys/rotation-handlers.ts";
import { githubLeakHandlers } from "../control/leaks/github-handlers.ts";
import { type LeakDeps, leakHandlers } from "../control/leaks/leak-handlers.ts";
import { addressHandlers } from "../control/security/address-handlers.ts";
import { riskHandlers } from "../control/security/risk-handlers.ts";
import type { Mailer } from "../mail/mailer.ts";
import { createAccountStore } from "../storage/stores/accounts.ts";
import { createAccountNetworkStore } from "../storage/stores/allowed-networks.ts";
import { auditNames } from "../storage/stores/audit-names.ts";
import { githubKeysFor } from "./github-keys.ts";
import type { Ground } from "./ground.ts";
import { networksUsedBy } from "./networks-used.ts";

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
  const people = createAccountStore(db, storage.engine);
  const leaks: LeakDeps = {
    keys,
    administration,
    accounts: people,
    throttle: accounts.throttle,
    clock,
    baseUrl: config.baseUrl,
    mail: (to, locale, message) => mailer.send(to, locale, message),
    inBackground: accounts.inBackground,
  };
  return {
    ...rotationHandlers({ keys, administration, clock }),
    ...lifecycleHandlers({ db, audit, clock }),
    ...addressHandlers({ networks, audit, clock, onKeyChanged }),
    ...riskHandlers({
      db,
      keys,
      administration,
      accountNetworks: (userId) => networks.get(userId),
      networksUsed: networksUsedBy({ db, clock }),
      clock,
    }),
    ...auditHandlers({
      audit,
      accountOf: async (email) => (await people.findByEmail(email))?.id ?? null,
      names: (ids, within) => auditNames(db, ids, within),
      isOwner: async (userId) => (await people.ownerId()) === userId,
      checkpoints: () => readCheckpoints(checkpointFile(config.dataDir)),
      clock,
    }),
    ...leakHandlers(leaks),
    ...githubLeakHandlers({ ...leaks, githubKeys: githubKeysFor(config, clock) }),
  };
}
