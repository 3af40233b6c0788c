/** Whom a team invites. */
import { mayGiveRole } from "../../contract/roles.ts";
import type { TeamInvitationRow } from "../../contract/schemas/teams.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { Locale } from "../../kernel/locale.ts";
import { createTeamInvitationStore, type TeamInvitation } from "../../storage/stores/team-invitations.ts";
import { createTeamStore } from "../../storage/stores/teams.ts";
import { hashToken, newToken } from "../accounts/mail-tokens.ts";
import { emailName, refuseIfWaiting, rules } from "../accounts/throttle.ts";
import type { HandlerInput, Handlers, SignedIn } from "../http/handler.ts";
import { entry, manageTeam, notThere, refuseAbove, type TeamContext } from "./context.ts";

type InvitationOperations = "listTeamInvitations" | "inviteToTeam" | "resendTeamInvitation" | "withdrawTeamInvitation";

const LIFETIME_MS = 7 * 24 * 3_600_000;
/** Invitations of one team that nobody has used. */
const MOST_OPEN = 200;

export function teamInvitationHandlers(context: TeamContext): Handlers<InvitationOperations> {
  const { storage, clock } = context;
  return {
    listTeamInvitations: async ({ account: { accountId } }) => {
      const open = await createTeamInvitationStore(storage.db).ofTeam(accountId);
      const names = new Map(
        (await createTeamStore(storage.db, storage.engine).members(accountId)).map(({ userId, name }) => [
          userId,
          name,
        ]),
      );
      return { body: { invitations: open.map((one) => invitationView(one, names.get(one.invitedBy) ?? null)) } };
    },
    inviteToTeam: async (input) => ({ body: await invite(context, input) }),
    resendTeamInvitation: async ({ account, params: { id }, visitor }) => {
      const token = newToken();
      const times = { sentAt: clock.nowMs(), expiresAt: clock.nowMs() + LIFETIME_MS };
      const place = { accountId: account.accountId, id, tokenHash: hashToken(token) };
      const renewed = await manageTeam(context, account, async ({ invitations, role, record }) => {
        const found = await invitations.renew(place, times);
        if (found === null) throw notThere("This invitation");
        refuseAbove(role, found.role);
        const facts = { after: { invitation: id, role: found.role, again: true } };
        await record(entry("team.invite", { account, visitor, team: account.accountId }, facts));
        return found;
      });
      await send(context, account, { invitation: renewed, token, locale: account.locale ?? visitor.locale });
      return { body: invitationView(renewed, account.name) };
    },
    withdrawTeamInvitation: async ({ account, params: { id }, visitor }) => {
      await manageTeam(context, account, async ({ invitations, role, record }) => {
        const gone = await invitations.withdraw(account.accountId, id);
        if (gone === null) throw notThere("This invitation");
        refuseAbove(role, gone.role);
        const facts = { before: { invitation: id, role: gone.role } };
        await record(entry("team.uninvite", { account, visitor, team: account.accountId }, facts));
      });
      return { body: { done: true } };
    },
  };
}

async function invite(
  context: TeamContext,
  { account, body: { email, role, locale }, visitor }: HandlerInput<"inviteToTeam">,
): Promise<TeamInvitationRow> {
  const { accountId, userId: invitedBy } = account;
  const nowMs = context.clock.nowMs();
  const token = newToken();
  const times = { createdAt: nowMs, sentAt: nowMs, expiresAt: nowMs + LIFETIME_MS };
  const invitation = { id: newId("inv"), accountId, email, role, invitedBy, ...times };
  // Whoever manages the team can take it over: as for changing a role, a session that was left open is not enough.
  if (mayGiveRole(role, "viewer")) await context.refuseStale(account.sessionId);
  await manageTeam(context, account, async ({ teams, invitations, role: giver, record }) => {
    const open = await invitations.ofTeam(accountId);
    refuseAbove(giver, role, ...open.filter((one) => one.email === email).map((replaced) => replaced.role));
    const isMember = (await teams.members(accountId)).some((one) => one.endedAt === null && one.email === email);
    if (isMember) throw new GapuraError("already_member");
    if (open.length >= MOST_OPEN)
      throw new GapuraError("team_full", { values: { limit: MOST_OPEN, what: "open invitations" } });
    await invitations.create({ ...invitation, tokenHash: hashToken(token) });
    const facts = { after: { invitation: invitation.id, role } };
    await record(entry("team.invite", { account, visitor, team: accountId }, facts));
  });
  await send(context, account, { invitation, token, locale: locale ?? account.locale ?? visitor.locale });
  return invitationView(invitation, account.name);
}

/**
 * Mails the link. An address that has had enough mails lately gets none, whoever it belongs to: the invitation is there all
 * the same, and whoever logs in with that address finds it on the Team page.
 */
async function send(
  { storage, throttle, mail, baseUrl }: TeamContext,
  { accountId, name: invitedBy }: SignedIn,
  { invitation, token, locale }: { invitation: TeamInvitation; token: string; locale: Locale },
): Promise<void> {
  refuseIfWaiting(await throttle.take(`team-invitations:${accountId}`, rules.invitationsPerTeamDay));
  const { email, role } = invitation;
  const waits = [
    await throttle.take(emailName("mail-hour", email), rules.mailsPerRecipientHour),
    await throttle.take(emailName("mail-day", email), rules.mailsPerRecipientDay),
  ];
  if (waits.some((wait) => wait > 0)) return;
  const team = (await createTeamStore(storage.db, storage.engine).find(accountId))?.name ?? "";
  const url = `${baseUrl}/join?token=${token}`;
  await mail(email, locale, { kind: "team_invitation", name: "", team, invitedBy, role, url });
}

function invitationView(invitation: TeamInvitation, invitedBy: string | null): TeamInvitationRow {
  const { id, email, role, createdAt, sentAt, expiresAt } = invitation;
  return { id, email, role, invitedBy, createdAt, sentAt, expiresAt };
}
