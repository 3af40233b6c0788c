/** From a stranger to a verified account. The answers never tell whether an address was known. */
import { GapuraError } from "../../kernel/errors.ts";
import type { Locale } from "../../kernel/locale.ts";
import type { AccountRecord } from "../../storage/stores/accounts.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers, Visitor } from "../http/handler.ts";
import { type AccountContext, accountTarget, authHeaders, localeOf, mailLink, mayMail } from "./context.ts";
import { hashToken } from "./mail-tokens.ts";
import { passwordProblem } from "./password-rules.ts";
import { createSessionReader } from "./sign-in-handlers.ts";
import { addressName, refuseIfWaiting, rules } from "./throttle.ts";

type SignUpOperations = "signUp" | "resendVerification" | "verifyEmail";

export function signUpHandlers(context: AccountContext): Handlers<SignUpOperations> {
  const { accounts, clock, setup, throttle, tokens } = context;
  return {
    signUp: async ({ body, visitor, request }) => {
      refuseIfWaiting(await throttle.take(addressName("sign-up", visitor.ipAddress), rules.addressAttempts));
      const state = await setup.state();
      await setup.checkToken(body.setupToken);
      const isInvited = await mayJoin(context, { ...body, isFirst: state !== "done" });
      const problem = passwordProblem(body.password, body);
      if (problem !== null)
        throw new GapuraError("weak_password", { values: { reason: problem }, metadata: { field: "password" } });
      const { name, email, password } = body;
      const before = await accounts.findByEmail(email);
      // better-auth hashes the password whether or not the address is known, so both take the same time.
      await context.auth.api.signUpEmail({ body: { name, email, password }, headers: authHeaders(request, visitor) });
      if (before) {
        context.inBackground(() => answerKnownAddress(context, before, { name, password, visitor }));
        return { body: { status: "check_your_mail" } };
      }
      const locale = body.locale ?? visitor.locale;
      // The setup token and an invitation were proof enough where no mail can reach the person, or already did.
      if (isInvited || (state === "token" && !context.sendsRealMail)) {
        const account = await newAccount(context, { email, locale });
        if (isInvited) await accounts.acceptInvitation(hashToken(body.invitation ?? ""), clock.nowMs());
        await verified(context, account, visitor);
        return { body: { status: "ready_to_log_in" } };
      }
      context.inBackground(async () => {
        const account = await newAccount(context, { email, locale });
        await mailLink(context, account, { purpose: "sign_up", to: email, visitor });
      });
      return { body: { status: "check_your_mail" } };
    },

    resendVerification: async ({ body, visitor }) => {
      refuseIfWaiting(await throttle.take(addressName("resend", visitor.ipAddress), rules.addressAttempts));
      context.inBackground(async () => {
        const account = await accounts.findByEmail(body.email);
        if (account === null || account.emailVerified) return;
        // Whose password would count? Where several were chosen, whoever can read the mail chooses anew.
        const purpose = (await tokens.isContested(account.id)) ? "password_reset" : "sign_up";
        await mailLink(context, account, { purpose, to: account.email, visitor });
      });
      return { body: { status: "check_your_mail" } };
    },

    verifyEmail: async ({ body, visitor, request }) => {
      refuseIfWaiting(await throttle.take(addressName("token", visitor.ipAddress), rules.addressAttempts));
      const used = await tokens.consume(body.token, ["sign_up", "email_change"]);
      const account = used === null ? null : await accounts.findById(used.userId);
      if (used === null || account === null) throw new GapuraError("link_expired");
      if (used.purpose === "email_change") {
        const here = await createSessionReader(context).authenticate(request);
        const session = here?.userId === account.id ? here.sessionId : null;
        await changeAddress(context, account, { email: used.email, visitor, session });
        return { body: { email: used.email, purpose: "email_change" } };
      }
      if (used.chosen !== null) {
        await accounts.setPasswordHash(account.id, used.chosen.passwordHash, clock.nowMs());
        await accounts.update(account.id, { name: used.chosen.name }, clock.nowMs());
      }
      await tokens.voidAll(account.id);
      await verified(context, account, visitor);
      return { body: { email: used.email, purpose: "sign_up" } };
    },
  };
}

/** The account that was just made, with the language its holder was greeted in. */
async function newAccount(
  { accounts, clock }: AccountContext,
  { email, locale }: { email: string; locale: Locale },
): Promise<AccountRecord> {
  const account = await accounts.findByEmail(email);
  if (!account) throw new Error("the account that was just made is not there");
  await accounts.update(account.id, { locale }, clock.nowMs());
  return { ...account, locale };
}

/** From here on there is an account; whoever only typed an address has none. */
async function verified(context: AccountContext, account: AccountRecord, visitor: Visitor): Promise<void> {
  await context.accounts.markVerified(account.id, context.clock.nowMs());
  await context.setup.claim(account.id);
  const actor = personActor(account.id, visitor);
  const after = { role: (await context.accounts.findById(account.id))?.role ?? null };
  await context.audit.record({ actor, action: "account.create", target: accountTarget(account.id), after });
}

/** True for an invited person. Throws when the policy of the instance does not let this address in. */
async function mayJoin(
  context: AccountContext,
  wish: { email: string; invitation?: string | undefined; isFirst: boolean },
): Promise<boolean> {
  const { signUp, accounts, clock } = context;
  const hash = wish.invitation === undefined ? null : hashToken(wish.invitation);
  const byInstance = hash !== null && (await accounts.invitationIsOpen(hash, wish.email, clock.nowMs()));
  // A team invites past no rule about who may have an account here, but the one that asks for an invitation.
  const byTeam = hash !== null && !byInstance && (await accounts.teamInvites(hash, wish.email, clock.nowMs()));
  if (byInstance || wish.isFirst || signUp.policy === "open") return byInstance || byTeam;
  if (signUp.policy === "invitation" && byTeam) return true;
  if (signUp.policy === "invitation") throw new GapuraError("sign_up_by_invitation");
  if (signUp.policy === "single-sign-on") throw new GapuraError("sign_up_single_sign_on");
  const domain = wish.email.slice(wish.email.lastIndexOf("@") + 1);
  if (!signUp.domains.includes(domain))
    throw new GapuraError("sign_up_domain", { values: { domains: signUp.domains.join(", ") } });
  return byTeam;
}

/** Somebody signed up with an address that has an account: its holder is told, the visitor is not. */
async function answerKnownAddress(
  context: AccountContext,
  account: AccountRecord,
  tried: { name: string; password: string; visitor: Visitor },
): Promise<void> {
  if (account.emailVerified) {
    if (!(await mayMail(context, account.email, tried.visitor))) return;
    const url = `${context.baseUrl}/login`;
    await context.mail(account.email, localeOf(account, tried.visitor), {
      kind: "already_registered",
      name: account.name,
      url,
    });
    return;
  }
  // Not verified yet, so nobody has proven anything. What this sign-up chose counts when its own link is used, and changes
  // nothing before: somebody else may have signed up first, and holds a link too.
  const chosen = async () => ({ name: tried.name, passwordHash: await context.hasher.hash(tried.password) });
  await mailLink(context, account, { purpose: "sign_up", to: account.email, visitor: tried.visitor, chosen });
}

async function changeAddress(
  context: AccountContext,
  account: AccountRecord,
  to: { email: string; visitor: Visitor; session: string | null },
): Promise<void> {
  const taken = await context.accounts.findByEmail(to.email);
  if (taken) throw new GapuraError("link_expired");
  await context.accounts.update(account.id, { email: to.email }, context.clock.nowMs());
  await context.accounts.endSessions(account.id, to.session);
  await context.tokens.voidAll(account.id);
  await context.audit.record({
    actor: personActor(account.id, to.visitor),
    action: "account.change",
    target: accountTarget(account.id),
    after: { changed: ["email"] },
  });
  const message = {
    kind: "email_changed",
    name: account.name,
    newEmail: to.email,
    url: `${context.baseUrl}/login`,
  } as const;
  await context.mail(account.email, localeOf(account, to.visitor), message);
}
