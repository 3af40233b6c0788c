/**
 * The account that is worked in, and who belongs to it.
 *
 * Invariants: nobody gives or takes a role above their own, and no team is without an owner, however many changes happen at
 * once: each holds the team and looks at the roles as they are then; whoever is taken out has no access from the same
 * moment on; keys stay with the team, and are disabled with their maker only where that was asked for.
 */
import type { Team, TeamMemberRow } from "../../contract/schemas/teams.ts";
import { usdString } from "../../kernel/money.ts";
import type { ApiKeyRecord } from "../../storage/schema.ts";
import { createTeamStore, type MemberUse, type TeamMember } from "../../storage/stores/teams.ts";
import type { HandlerInput, Handlers, SignedIn } from "../http/handler.ts";
import { entry, manageTeam, notThere, refuseAbove, refuseLastOwner, rolesAbove, type TeamContext } from "./context.ts";

type TeamOperations = "getTeam" | "updateTeam" | "deleteTeam" | "transferTeam" | "changeMemberRole" | "removeMember";

export function teamHandlers(context: TeamContext): Handlers<TeamOperations> {
  const { clock, onKeyChanged } = context;
  return {
    getTeam: async ({ account }) => ({ body: await teamView(context, account) }),
    updateTeam: async ({ account, body: { name }, visitor }) => {
      const { accountId: team } = account;
      await manageTeam(context, account, async ({ teams, record }) => {
        const before = await teams.find(team);
        await teams.rename(team, name);
        const facts = { before: { name: before?.name ?? null }, after: { name } };
        await record(entry("team.change", { account, visitor, team }, facts));
      });
      return { body: { done: true } };
    },
    deleteTeam: async ({ account, visitor }) => {
      const { accountId: team } = account;
      const keys = await manageTeam(context, account, async ({ teams, role, record }) => {
        refuseAbove(role, "owner");
        const before = await teams.find(team);
        const ended = await teams.close(team, clock.nowMs());
        const facts = { before: { name: before?.name ?? null, keys: ended.length } };
        await record(entry("team.delete", { account, visitor, team }, facts));
        return ended;
      });
      for (const key of keys) onKeyChanged(key);
      return { body: { done: true } };
    },
    transferTeam: async ({ account, body: { userId }, visitor }) => {
      const { accountId: team } = account;
      await manageTeam(context, account, async ({ teams, role, record }) => {
        refuseAbove(role, "owner");
        const before = userId === account.userId ? null : await teams.roleIn(team, userId);
        if (before === null) throw notThere("This member");
        await teams.setRole(team, userId, "owner");
        await teams.setRole(team, account.userId, "admin");
        await teams.dropInvitationsBy(team, account.userId, rolesAbove("admin"));
        const facts = { before: { owner: account.userId }, after: { owner: userId } };
        await record(entry("team.transfer", { account, visitor, team }, facts));
      });
      await tell(context, { userId, team, kind: "team_owner" });
      return { body: { done: true } };
    },
    changeMemberRole: async (input) => {
      await changeRole(context, input);
      return { body: { done: true } };
    },
    removeMember: async (input) => {
      for (const key of await remove(context, input)) onKeyChanged(key);
      await tell(context, { userId: input.params.id, team: input.account.accountId, kind: "team_removed" });
      return { body: { done: true } };
    },
  };
}

async function changeRole(
  context: TeamContext,
  { account, params: { id }, body: { role: wanted }, visitor }: HandlerInput<"changeMemberRole">,
): Promise<void> {
  const { accountId: team } = account;
  await manageTeam(context, account, async ({ teams, role, record }) => {
    const before = await teams.roleIn(team, id);
    if (before === null) throw notThere("This member");
    refuseAbove(role, before, wanted);
    if (before === wanted) return;
    await refuseLastOwner(teams, team, before);
    await teams.setRole(team, id, wanted);
    await teams.dropInvitationsBy(team, id, rolesAbove(wanted));
    const facts = { before: { member: id, role: before }, after: { member: id, role: wanted } };
    await record(entry("team.role", { account, visitor, team }, facts));
  });
}

async function remove(
  context: TeamContext,
  { account, params: { id }, query, visitor }: HandlerInput<"removeMember">,
): Promise<ApiKeyRecord[]> {
  const { accountId: team } = account;
  const nowMs = context.clock.nowMs();
  return manageTeam(context, account, async ({ teams, role, record }) => {
    const before = await teams.roleIn(team, id);
    if (before === null) throw notThere("This member");
    refuseAbove(role, before);
    await refuseLastOwner(teams, team, before);
    await teams.end(team, id, nowMs);
    const disabled = query.disableKeys === "true" ? await teams.disableKeysOf(team, id, nowMs) : [];
    const facts = { before: { member: id, role: before }, after: { keysDisabled: disabled.length } };
    await record(entry("team.remove", { account, visitor, team }, facts));
    return disabled;
  });
}

/** Tells somebody what others have decided about them. */
async function tell(
  { accounts, storage, mail, baseUrl }: TeamContext,
  { userId, team, kind }: { userId: string; team: string; kind: "team_owner" | "team_removed" },
): Promise<void> {
  const person = await accounts.findById(userId);
  const found = await createTeamStore(storage.db, storage.engine).find(team);
  if (!person || !found) return;
  const { email, locale, name } = person;
  await mail(email, locale ?? "en", { kind, name, team: found.name, url: `${baseUrl}/team` });
}

async function teamView({ storage, clock }: TeamContext, account: SignedIn): Promise<Team> {
  const { accountId, userId, teamRole: role, onlyBy } = account;
  const teams = createTeamStore(storage.db, storage.engine);
  const nowMs = clock.nowMs();
  const team = await teams.find(accountId);
  const spent = await teams.spentBy(accountId, nowMs);
  const shown = (member: TeamMember): TeamMemberRow => ({
    ...{ id: member.userId, name: member.name, email: member.email, role: member.role },
    ...{ joinedAt: member.joinedAt, lastActiveAt: member.userId === userId ? nowMs : member.lastActiveAt },
    isYou: member.userId === userId,
    use: onlyBy !== null && onlyBy !== member.userId ? null : figuresOf(spent.get(member.userId)),
  });
  if (team === null) return ownAccount(account, shown);
  const members = await teams.members(accountId);
  return {
    ...{ id: accountId, name: team.name, kind: "team", role },
    members: members.filter(({ endedAt }) => endedAt === null).map(shown),
    former: members.filter(({ endedAt, userId: id }) => endedAt !== null && spent.has(id)).map(shown),
  };
}

/** One's own account, to which nobody else belongs. */
function ownAccount(account: SignedIn, shown: (member: TeamMember) => TeamMemberRow): Team {
  const { userId, name, email, createdAt } = account;
  const only = { userId, name, email, role: "owner", joinedAt: createdAt, lastActiveAt: null, endedAt: null } as const;
  return { id: userId, name, kind: "person", role: "owner", members: [shown(only)], former: [] };
}

function figuresOf({ keys, spentNano, requests }: MemberUse = { keys: 0, spentNano: 0n, requests: 0 }) {
  return { keys, spentUsd: usdString(spentNano), requests };
}
