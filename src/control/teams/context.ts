/** What all operations on teams share. */
import { mayGiveRole, ROLES, type Role } from "../../contract/roles.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { Locale } from "../../kernel/locale.ts";
import type { MailMessage } from "../../mail/templates.ts";
import type { Storage } from "../../storage/open.ts";
import type { AccountStore } from "../../storage/stores/accounts.ts";
import type { AuditStore, RecordEntry } from "../../storage/stores/audit.ts";
import { createTeamInvitationStore, type TeamInvitationStore } from "../../storage/stores/team-invitations.ts";
import { createTeamStore, type TeamStore } from "../../storage/stores/teams.ts";
import type { Throttle } from "../accounts/throttle.ts";
import { personActor } from "../audit/actor.ts";
import type { SignedIn, Visitor } from "../http/handler.ts";
import type { OnKeyChanged } from "../keys/key-changes.ts";

export interface TeamContext {
  storage: Storage;
  audit: AuditStore;
  accounts: AccountStore;
  throttle: Throttle;
  clock: Clock;
  baseUrl: string;
  onKeyChanged: OnKeyChanged;
  /** Throws fresh_proof_needed where the last proof of a session is too old. */
  refuseStale(sessionId: string): Promise<void>;
  mail(to: string, locale: Locale, message: MailMessage): Promise<void>;
}

/** The stores of one transaction, and how its entries get into the audit log. */
export interface TeamChange {
  teams: TeamStore;
  invitations: TeamInvitationStore;
  record: RecordEntry;
}

/** A change and its entries: all or nothing. */
export function changeTeam<Result>(
  { audit, storage }: TeamContext,
  work: (change: TeamChange) => Promise<Result>,
): Promise<Result> {
  return audit.together((db, record) =>
    work({
      teams: createTeamStore(db, storage.engine),
      invitations: createTeamInvitationStore(db),
      record,
    }),
  );
}

/**
 * The same with the team held, so that nobody else changes who belongs to it meanwhile, and with the role that whoever asks
 * has at this moment. Throws team_needed in one's own account, and role_too_low for who may not manage the team any more.
 */
export function manageTeam<Result>(
  context: TeamContext,
  account: SignedIn,
  work: (change: TeamChange & { role: Role }) => Promise<Result>,
): Promise<Result> {
  if (account.accountId === account.userId) throw new GapuraError("team_needed");
  return changeTeam(context, async (change) => {
    if (!(await change.teams.lock(account.accountId))) throw notThere("This team");
    const role = await change.teams.roleIn(account.accountId, account.userId);
    if (role === null || !mayGiveRole(role, "viewer"))
      throw new GapuraError("role_too_low", { values: { role: role ?? "former" } });
    return work({ ...change, role });
  });
}

/** Nobody gives, changes or takes away a role above their own. */
export function refuseAbove(giver: Role, ...roles: Role[]): void {
  if (!roles.every((role) => mayGiveRole(giver, role)))
    throw new GapuraError("role_too_low", { values: { role: giver } });
}

/** What somebody with this role gives to nobody: neither now nor by an invitation of before. */
export function rolesAbove(giver: Role): Role[] {
  return ROLES.filter((role) => !mayGiveRole(giver, role));
}

/** To be asked before an owner stops being one. */
export async function refuseLastOwner(teams: TeamStore, accountId: string, role: Role): Promise<void> {
  if (role === "owner" && (await teams.owners(accountId)) < 2) throw new GapuraError("last_owner");
}

export function entry(
  action: Parameters<RecordEntry>[0]["action"],
  { account, visitor, team }: { account: SignedIn; visitor: Visitor; team: string },
  facts: { before?: JsonObject; after?: JsonObject } = {},
): Parameters<RecordEntry>[0] {
  return { actor: personActor(account.userId, visitor), action, target: { kind: "account", id: team }, ...facts };
}

export function notThere(what: string): GapuraError {
  return new GapuraError("resource_not_found", { values: { what } });
}
