/** What a signed-in person changes about the own account, and whom an owner invites. */
import { GapuraError } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { AccountRecord } from "../../storage/stores/accounts.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers, SignedIn, Visitor } from "../http/handler.ts";
import { accountBody } from "./account-body.ts";
import { beginSession } from "./begin-session.ts";
import { type AccountContext, accountTarget, localeOf, mailLink } from "./context.ts";
import { deviceOfRequest } from "./device-cookie.ts";
import { hashToken, newToken } from "./mail-tokens.ts";
import { passwordProblem } from "./password-rules.ts";
import { checkPassword } from "./proofs.ts";
import { replacePassword } from "./replace-password.ts";

type ProfileOperations = "getAccount" | "updateAccount" | "changePassword" | "changeEmail";
type InvitationOperations = "listInvitations" | "createInvitation" | "deleteInvitation";

const INVITATION_LIFETIME_MS = 7 * 24 * 3_600_000;

export function profileHandlers(context: AccountContext): Handlers<ProfileOperations> {
  const { accounts, audit, clock } = context;
  return {
    getAccount: async ({ account }) => ({ body: accountBody(await recordOf(context, account)) }),

    updateAccount: async ({ account, body, visitor }) => {
      const { name, locale } = body;
      const changes = { ...(name ? { name } : {}), ...(locale ? { locale } : {}) };
      await audit.together(async (db, record) => {
        await context.accountsOn(db).update(account.userId, changes, clock.nowMs());
        // Names of people stand in no entry: that it was changed, not to what.
        const after = { changed: Object.keys(changes) };
        const actor = personActor(account.userId, visitor);
        await record({ actor, action: "account.change", target: accountTarget(account.userId), after });
      });
      return { body: accountBody(await recordOf(context, account)) };
    },

    changePassword: async ({ account, body, request, visitor }) => {
      const record = await recordOf(context, account);
      await requirePassword(context, account, { password: body.currentPassword, visitor });
      const problem = passwordProblem(body.newPassword, record);
      if (problem !== null)
        throw new GapuraError("weak_password", { values: { reason: problem }, metadata: { field: "newPassword" } });
      const hash = await context.hasher.hash(body.newPassword);
      const trusted = deviceOfRequest(request, context.baseUrl).hash;
      await replacePassword(context, account.userId, { hash, how: "changed", visitor, trusted });
      const url = `${context.baseUrl}/forgot-password`;
      await context.mail(record.email, localeOf(record, visitor), { kind: "password_changed", name: record.name, url });
      const headers = await beginSession(context, record, { request, visitor, proofs: ["password"], isRenewal: true });
      return { body: { done: true }, headers };
    },

    changeEmail: async ({ account, body, visitor }) => {
      const record = await recordOf(context, account);
      await requirePassword(context, account, { password: body.currentPassword, visitor });
      context.inBackground(async () => {
        // An address that somebody has already gets no link; the answer does not tell.
        if (await accounts.findByEmail(body.newEmail)) return;
        await mailLink(context, record, { purpose: "email_change", to: body.newEmail, visitor });
      });
      return { body: { status: "check_your_mail" } };
    },
  };
}

export function invitationHandlers(context: AccountContext): Handlers<InvitationOperations> {
  const { accounts, audit, clock } = context;
  return {
    listInvitations: async () => ({ body: { invitations: await accounts.invitations() } }),
    createInvitation: async ({ account, body, visitor }) => {
      if (await accounts.findByEmail(body.email)) {
        throw new GapuraError("conflict", {
          values: { reason: "Somebody with this e-mail address has an account already." },
        });
      }
      const nowMs = clock.nowMs();
      const token = newToken();
      const times = { createdAt: nowMs, expiresAt: nowMs + INVITATION_LIFETIME_MS, acceptedAt: null };
      const invitation = { id: newId("inv"), email: body.email, ...times };
      await audit.together(async (db, record) => {
        const secrets = { tokenHash: hashToken(token), invitedBy: account.userId };
        await context.accountsOn(db).createInvitation({ ...invitation, ...secrets });
        const actor = personActor(account.userId, visitor);
        await record({ actor, action: "invitation.create", target: invitationTarget(invitation.id) });
      });
      const url = `${context.baseUrl}/sign-up?invitation=${token}&email=${encodeURIComponent(body.email)}`;
      const locale = body.locale ?? account.locale ?? visitor.locale;
      await context.mail(body.email, locale, { kind: "invitation", name: "", invitedBy: account.name, url });
      return { body: invitation };
    },
    deleteInvitation: async ({ account, params, visitor }) => {
      await audit.together(async (db, record) => {
        if (!(await context.accountsOn(db).deleteInvitation(params.id))) {
          throw new GapuraError("resource_not_found", { values: { what: "This invitation" } });
        }
        const actor = personActor(account.userId, visitor);
        await record({ actor, action: "invitation.delete", target: invitationTarget(params.id) });
      });
      return { body: { done: true } };
    },
  };
}

function invitationTarget(id: string) {
  return { kind: "invitation", id };
}

async function recordOf(context: AccountContext, account: SignedIn): Promise<AccountRecord> {
  const record = await context.accounts.findById(account.userId);
  if (!record) throw new GapuraError("not_signed_in");
  return record;
}

/** The current password guards what could take the account away, for those who have one. */
async function requirePassword(
  context: AccountContext,
  { userId }: SignedIn,
  { password, visitor }: { password: string | undefined; visitor: Visitor },
): Promise<void> {
  if ((await context.accounts.passwordHash(userId)) === null) return;
  const given = { password: password ?? "", field: "currentPassword" };
  await checkPassword(context, { userId, visitor }, given);
}
