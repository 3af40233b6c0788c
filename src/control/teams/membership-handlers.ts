/**
 * To which accounts a person belongs: making a team, changing over, joining and leaving.
 *
 * Invariants: in which account a session works stands in the session's row, and counts only while its person belongs to
 * that account; an invitation is worth one membership, to the one address that it was sent to; no answer tells whether an
 * address has an account.
 */
import type { ReceivedTeamInvitation } from "../../contract/schemas/teams.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { createAccountCapsStore } from "../../storage/stores/account-caps.ts";
import { createBudgetStore } from "../../storage/stores/budgets.ts";
import { createTeamInvitationStore, type ReceivedInvitation } from "../../storage/stores/team-invitations.ts";
import { createTeamStore } from "../../storage/stores/teams.ts";
import { hashToken } from "../accounts/mail-tokens.ts";
import { addressName, refuseIfWaiting, rules } from "../accounts/throttle.ts";
import type { HandlerInput, Handlers, SignedIn } from "../http/handler.ts";
import { changeTeam, entry, notThere, refuseLastOwner, type TeamContext } from "./context.ts";

type MembershipOperations =
  | "listMyAccounts"
  | "createTeam"
  | "switchAccount"
  | "showTeamInvitation"
  | "joinTeam"
  | "declineTeamInvitation"
  | "leaveTeam";

/** So many teams can somebody belong to. */
const MOST_TEAMS = 50;

export function membershipHandlers(context: TeamContext): Handlers<MembershipOperations> {
  const { storage, clock, throttle } = context;
  const teams = createTeamStore(storage.db, storage.engine);
  const invitations = createTeamInvitationStore(storage.db);
  return {
    listMyAccounts: async ({ account }) => {
      const shared = await teams.teamsOf(account.userId);
      const received = await invitations.received(account.email, clock.nowMs());
      const own = { id: account.userId, name: account.name, kind: "person", role: "owner" } as const;
      const accounts = [own, ...shared.map(({ accountId: id, name, kind, role }) => ({ id, name, kind, role }))];
      return { body: { active: account.accountId, accounts, invitations: received.map(receivedView) } };
    },
    createTeam: async ({ account, body: { name }, visitor }) => {
      await refuseTooMany(context, account.userId);
      await refuseBounded(context, account);
      const id = await changeTeam(context, async (change) => {
        const team = await change.teams.create({ name, owner: account.userId }, clock.nowMs());
        await change.teams.setActive(account, team);
        await change.record(entry("team.create", { account, visitor, team }, { after: { name } }));
        return team;
      });
      return { body: { id } };
    },
    switchAccount: async ({ account, body: { id } }) => {
      const isOwn = id === account.userId;
      const isTheirs = isOwn || (await teams.teamsOf(account.userId)).some(({ accountId }) => accountId === id);
      if (!isTheirs) throw notThere("This account");
      await teams.setActive(account, isOwn ? null : id);
      return { body: { done: true } };
    },
    showTeamInvitation: async ({ body: { token }, visitor }) => {
      refuseIfWaiting(await throttle.take(addressName("token", visitor.ipAddress), rules.addressAttempts));
      const found = await invitations.findByToken(hashToken(token), clock.nowMs());
      if (found === null) throw new GapuraError("link_expired");
      return { body: { ...receivedView(found), email: found.email } };
    },
    joinTeam: (input) => join(context, input),
    declineTeamInvitation: async ({ account, params: { id }, visitor }) => {
      await changeTeam(context, async (change) => {
        const used = await change.invitations.consume({ id }, { email: account.email, nowMs: clock.nowMs() });
        if (used === null) throw notThere("This invitation");
        await change.record(entry("team.decline", { account, visitor, team: used.accountId }));
      });
      return { body: { done: true } };
    },
    leaveTeam: async ({ account, params: { id: team }, visitor }) => {
      await changeTeam(context, async (change) => {
        const isThere = team !== account.userId && (await change.teams.lock(team));
        const role = isThere ? await change.teams.roleIn(team, account.userId) : null;
        if (role === null) throw notThere("This team");
        await refuseLastOwner(change.teams, team, role);
        await change.teams.end(team, account.userId, clock.nowMs());
        await change.record(entry("team.leave", { account, visitor, team }, { before: { role } }));
      });
      return { body: { done: true } };
    },
  };
}

async function join(context: TeamContext, { account, body, visitor }: HandlerInput<"joinTeam">) {
  const { clock, throttle, storage } = context;
  refuseIfWaiting(await throttle.take(addressName("token", visitor.ipAddress), rules.addressAttempts));
  await refuseTooMany(context, account.userId);
  const nowMs = clock.nowMs();
  const wanted = "id" in body ? body : { tokenHash: hashToken(body.token) };
  const id = await changeTeam(context, async (change) => {
    const used = await change.invitations.consume(wanted, { email: account.email, nowMs });
    if (used === null || !(await change.teams.lock(used.accountId))) return null;
    const { accountId: team, role, invitedBy } = used;
    await change.teams.setActive(account, team);
    // Whoever belongs to the team already keeps the role that they have.
    if ((await change.teams.roleIn(team, account.userId)) !== null) return team;
    await change.teams.add({ accountId: team, userId: account.userId, role, invitedBy }, nowMs);
    const facts = { after: { member: account.userId, role, invitedBy } };
    await change.record(entry("team.join", { account, visitor, team }, facts));
    return team;
  });
  if (id !== null) return { body: { id } };
  if ("id" in body) throw notThere("This invitation");
  const invitations = createTeamInvitationStore(storage.db);
  const isAnothers = (await invitations.findByToken(hashToken(body.token), nowMs)) !== null;
  throw new GapuraError(isAnothers ? "invitation_for_another" : "link_expired");
}

async function refuseTooMany({ storage }: TeamContext, userId: string): Promise<void> {
  const shared = await createTeamStore(storage.db, storage.engine).teamsOf(userId);
  if (shared.length >= MOST_TEAMS) throw new GapuraError("team_full", { values: { limit: MOST_TEAMS, what: "teams" } });
}

/** A new account begins without the limits that the owner of the instance has set for its maker's: it is no way around them. */
async function refuseBounded({ storage }: TeamContext, { userId, role }: SignedIn): Promise<void> {
  if (role === "owner") return;
  const budgets = createBudgetStore(storage.db);
  const caps = (await createAccountCapsStore(storage.db).of([userId])).get(userId);
  const isBounded =
    (await budgets.billing(userId)) === "prepaid" ||
    (await budgets.settings("account", [userId])).some(({ ownerNano }) => ownerNano !== null) ||
    Object.values(caps ?? {}).some((cap) => cap !== null);
  if (!isBounded) return;
  const reason = "Your account has limits that a new team would not have. Ask the owner of this instance for a team.";
  throw new GapuraError("conflict", { values: { reason } });
}

function receivedView({ id, teamName, inviterName, role, expiresAt }: ReceivedInvitation): ReceivedTeamInvitation {
  return { id, teamName, invitedBy: inviterName, role, expiresAt };
}
