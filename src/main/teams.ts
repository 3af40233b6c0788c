/** Accounts that several people share, in a running server. */
import type { Accounts } from "../control/accounts/accounts.ts";
import type { OnKeyChanged } from "../control/keys/key-changes.ts";
import type { TeamContext } from "../control/teams/context.ts";
import { allTeamHandlers } from "../control/teams/teams.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { Storage } from "../storage/open.ts";
import { createAccountStore } from "../storage/stores/accounts.ts";
import { createTeamStore } from "../storage/stores/teams.ts";
import type { Ground } from "./ground.ts";

interface Parts extends Pick<TeamContext, "refuseStale"> {
  accounts: Accounts;
  mailer: Mailer;
  onKeyChanged: OnKeyChanged;
}

export function handlersOfTeams({ storage, audit, clock, config }: Ground, { accounts, mailer, ...parts }: Parts) {
  return allTeamHandlers({
    ...{ ...parts, storage, audit, clock, baseUrl: config.baseUrl, throttle: accounts.throttle },
    accounts: createAccountStore(storage.db, storage.engine),
    mail: (to, locale, message) => mailer.send(to, locale, message),
  });
}

/** Who belongs to what, for whom decides by it. */
export function membershipsOf(storage: Storage) {
  const teams = createTeamStore(storage.db, storage.engine);
  return {
    roleOfKey: teams.roleOfKey,
    isMember: async (accountId: string, userId: string) => (await teams.roleIn(accountId, userId)) !== null,
  };
}
