/** Sessions: begin, end, list, and the way back in for somebody who forgot the password. */
import { APIError } from "better-auth/api";
import { PROOFS, type Proof } from "../../contract/schemas/sign-in.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { createSignInStore } from "../../storage/stores/sign-in.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers, SessionReader } from "../http/handler.ts";
import { SESSION_MAX_IDLE_MS } from "./better-auth.ts";
import { type AccountContext, accountTarget, authHeaders, cookiesOf, localeOf, mailLink } from "./context.ts";
import { deviceOfRequest } from "./device-cookie.ts";
import { hashSessionToken } from "./hashed-tokens.ts";
import { passwordProblem } from "./password-rules.ts";
import { replacePassword } from "./replace-password.ts";
import { afterFirstFactor } from "./second-step.ts";
import { addressName, emailName, refuseIfWaiting, rules } from "./throttle.ts";

type SignInOperations = "login" | "logout" | "forgotPassword" | "resetPassword";
type SessionOperations = "listSessions" | "revokeSession" | "revokeOtherSessions";

/** A session's row is written again at most this often, to know when it was last used. */
const TOUCH_EVERY_MS = 10 * 60_000;

export function signInHandlers(context: AccountContext): Handlers<SignInOperations> {
  const { accounts, auth, clock, hasher, throttle, tokens } = context;
  return {
    login: async ({ body, visitor, request }) => {
      refuseIfWaiting(await throttle.take(addressName("login", visitor.ipAddress), rules.addressAttempts));
      // Counted before the password is looked at and forgiven after, so that guesses sent at once are counted too.
      const failures = emailName("failures", body.email);
      refuseIfWaiting(await throttle.take(failures, rules.accountFailures));
      const headers = authHeaders(request, visitor);
      headers.delete("cookie");
      const known = await accounts.findByEmail(body.email);
      const hash = known && (await accounts.passwordHash(known.id));
      const signedIn = await auth.api.signInEmail({ body, headers }).catch(refuseLogin);
      await throttle.reset(failures);
      // Checked, and no more: every session begins in one place, after every factor that is asked for.
      await accounts.endSessionOfToken(hashSessionToken(signedIn.token));
      const account = await accounts.findById(signedIn.user.id);
      if (!account || account.suspended) throw new GapuraError("account_inactive");
      const passwordHash = hash && (await upToDate(context, account.id, { hash, password: body.password }));
      return afterFirstFactor(context, account, { request, visitor, proofs: ["password"], passwordHash });
    },

    logout: async ({ request, visitor }) => {
      const ended = await auth.api.signOut({ headers: authHeaders(request, visitor), returnHeaders: true });
      return { body: { done: true }, headers: cookiesOf(ended.headers) };
    },

    forgotPassword: async ({ body, visitor }) => {
      refuseIfWaiting(await throttle.take(addressName("forgot", visitor.ipAddress), rules.addressAttempts));
      context.inBackground(async () => {
        const account = await accounts.findByEmail(body.email);
        if (account) await mailLink(context, account, { purpose: "password_reset", to: account.email, visitor });
      });
      return { body: { status: "check_your_mail" } };
    },

    resetPassword: async ({ body, visitor }) => {
      refuseIfWaiting(await throttle.take(addressName("token", visitor.ipAddress), rules.addressAttempts));
      // The rules first: a refused password must not use the link up.
      const problem = passwordProblem(body.password, { name: "", email: "" });
      if (problem !== null)
        throw new GapuraError("weak_password", { values: { reason: problem }, metadata: { field: "password" } });
      if (!(await tokens.isOpen(body.token, "password_reset"))) throw new GapuraError("link_expired");
      // Too many hashes at once refuse this one, which must not use the link up either.
      const hash = await hasher.hash(body.password);
      const used = await tokens.consume(body.token, ["password_reset"]);
      const account = used === null ? null : await accounts.findById(used.userId);
      if (used === null || account === null || account.email !== used.email) throw new GapuraError("link_expired");
      await replacePassword(context, account.id, { hash, how: "reset by mail", visitor, trusted: null });
      // Whoever opened the link has proven the address, as a verification link would.
      await accounts.markVerified(account.id, clock.nowMs());
      await context.setup.claim(account.id);
      await throttle.reset(emailName("failures", account.email));
      await context.mail(account.email, localeOf(account, visitor), {
        kind: "password_changed",
        name: account.name,
        url: `${context.baseUrl}/forgot-password`,
      });
      return { body: { done: true } };
    },
  };
}

export function sessionHandlers(context: AccountContext): Handlers<SessionOperations> {
  const { accounts, clock } = context;
  return {
    listSessions: async ({ account }) => {
      const sessions = await accounts.sessions(account.userId, clock.nowMs());
      return {
        body: {
          sessions: sessions.map(({ provenAt: _, signedInWith, ...session }) => ({
            ...session,
            current: session.id === account.sessionId,
            signedInWith: proofsOf(signedInWith),
          })),
        },
      };
    },
    revokeSession: async ({ account: { userId }, params, visitor }) => {
      await context.audit.together(async (db, record) => {
        if (!(await context.accountsOn(db).endSession(userId, params.id))) {
          throw new GapuraError("resource_not_found", { values: { what: "This session" } });
        }
        const actor = personActor(userId, visitor);
        await record({ actor, action: "session.end", target: { kind: "session", id: params.id } });
      });
      return { body: { done: true } };
    },
    revokeOtherSessions: async ({ account: { userId, sessionId }, request, visitor }) => {
      await context.audit.together(async (db, record) => {
        await context.accountsOn(db).endSessions(userId, sessionId);
        await createSignInStore(db).trustNone(userId, deviceOfRequest(request, context.baseUrl).hash);
        const after = { which: "all others" };
        const actor = personActor(userId, visitor);
        await record({ actor, action: "session.end", target: accountTarget(userId), after });
      });
      return { body: { done: true } };
    },
  };
}

/** Reads who is signed in from the session cookie. */
export function createSessionReader(context: AccountContext): SessionReader {
  const { accounts, auth, clock, teams } = context;
  return {
    authenticate: async (request) => {
      const cookie = request.headers.get("cookie");
      if (cookie === null) return null;
      const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
      if (!found) return null;
      const nowMs = clock.nowMs();
      const idleMs = nowMs - found.session.updatedAt.getTime();
      if (idleMs > SESSION_MAX_IDLE_MS) {
        await accounts.endSession(found.user.id, found.session.id);
        return null;
      }
      if (idleMs > TOUCH_EVERY_MS) await accounts.touchSession(found.session.id, nowMs);
      const account = await accounts.findById(found.user.id);
      if (!account?.emailVerified || account.suspended) return null;
      const { id: userId, name, email, role, locale, createdAt } = account;
      const sessionId = found.session.id;
      const team = await teams.activeTeam(sessionId);
      if (team && nowMs - team.lastActiveAt > TOUCH_EVERY_MS) await teams.touch(team.accountId, userId, nowMs);
      const { accountId, role: teamRole } = team ?? { accountId: userId, role: "owner" };
      return { userId, sessionId, name, email, role, locale, createdAt, accountId, teamRole, onlyBy: null };
    },
  };
}

/** The hash that the right password has now: made anew where it was made with weaker settings than today's. */
async function upToDate(
  { accounts, hasher }: AccountContext,
  userId: string,
  { hash, password }: { hash: string; password: string },
): Promise<string> {
  if (!hasher.isOutdated(hash)) return hash;
  const fresh = await hasher.hash(password);
  return (await accounts.rehashPassword(userId, { from: hash, to: fresh })) ? fresh : hash;
}

function proofsOf(stored: string | null): Proof[] {
  return (stored ?? "").split("+").flatMap((name) => PROOFS.find((proof) => proof === name) ?? []);
}

/** Unknown address and wrong password are one answer; "not verified" is told only to who knew the password. */
function refuseLogin(error: unknown): never {
  if (error instanceof GapuraError) throw error;
  if (!(error instanceof APIError)) throw error;
  throw new GapuraError(error.body?.code === "EMAIL_NOT_VERIFIED" ? "email_not_verified" : "wrong_login", {
    cause: error,
  });
}
