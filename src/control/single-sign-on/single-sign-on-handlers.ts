/**
 * Logging in with the team's OpenID provider. It stands for the password: an account with a second factor is asked for
 * it all the same. Somebody new is linked to an account, or gets one, only by an address that the provider vouches for.
 */
import { GapuraError } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { AccountRecord } from "../../storage/stores/accounts.ts";
import { createSignInStore } from "../../storage/stores/sign-in.ts";
import { type AccountContext, accountTarget } from "../accounts/context.ts";
import { afterFirstFactor } from "../accounts/second-step.ts";
import { addressName, refuseIfWaiting, rules } from "../accounts/throttle.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers, Visitor } from "../http/handler.ts";
import type { SingleSignOnProvider, Vouched } from "./provider.ts";

type SignOnOperations = "startSingleSignOn" | "finishSingleSignOn";

const COOKIE_SECONDS = 600;

interface Deps {
  context: AccountContext;
  /** Null while none is configured. */
  provider: SingleSignOnProvider | null;
  /** Mail domains that may come this way; empty for every one. */
  domains: readonly string[];
}

export function singleSignOnHandlers(deps: Deps): Handlers<SignOnOperations> {
  const { context } = deps;
  const cookieName = context.baseUrl.startsWith("https:") ? "__Host-gapura_sign_on" : "gapura_sign_on";
  const cookie = (value: string, seconds: number) => {
    const secure = context.baseUrl.startsWith("https:") ? "; Secure" : "";
    return `${cookieName}=${value}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Lax${secure}`;
  };
  return {
    startSingleSignOn: async ({ visitor }) => {
      const provider = configured(deps);
      refuseIfWaiting(await context.throttle.take(addressName("sign-on", visitor.ipAddress), rules.addressAttempts));
      const attempt = provider.newAttempt();
      const url = await provider.startUrl(attempt);
      // Bound to this browser, so that nobody can be signed in by an address that somebody else has opened.
      const token = await context.challenges.begin("single_sign_on", null, attempt);
      return { body: { url }, headers: new Headers({ "set-cookie": cookie(token, COOKIE_SECONDS) }) };
    },

    finishSingleSignOn: async ({ body, request, visitor }) => {
      const provider = configured(deps);
      refuseIfWaiting(await context.throttle.take(addressName("login", visitor.ipAddress), rules.addressAttempts));
      const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
      const token = pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
      const begun = token === undefined ? null : await context.challenges.take("single_sign_on", token);
      if (begun === null) throw new GapuraError("step_expired");
      const vouched = await provider.finish(begun.value, body.query);
      const account = await accountFor(deps, vouched, { provider, visitor });
      const result = await afterFirstFactor(context, account, { request, visitor, proofs: ["single_sign_on"] });
      const headers = new Headers(result.headers);
      headers.append("set-cookie", cookie("", 0));
      return { body: result.body, headers };
    },
  };
}

function configured({ provider }: Deps): SingleSignOnProvider {
  if (provider === null) throw new GapuraError("not_found");
  return provider;
}

/** Whose account it is: the one that is linked, the one with the vouched address, or a new one. */
async function accountFor(
  deps: Deps,
  vouched: Vouched,
  from: { provider: SingleSignOnProvider; visitor: Visitor },
): Promise<AccountRecord> {
  const { context, domains } = deps;
  const { accounts, clock, signIns } = context;
  const refuseDomain = (email: string) => {
    if (domains.length > 0 && !domains.includes(email.slice(email.lastIndexOf("@") + 1)))
      throw new GapuraError("sign_up_domain", { values: { domains: domains.join(", ") } });
  };
  const linked = await signIns.findIdentity(vouched.issuer, vouched.subject, clock.nowMs());
  if (linked !== null) {
    const account = await accounts.findById(linked);
    if (!account || account.suspended) throw new GapuraError("account_inactive");
    // Whoever left the team keeps no way in by an address that the list no longer holds.
    refuseDomain(vouched.email ?? account.email);
    return account;
  }
  if (vouched.email === null) throw new GapuraError("single_sign_on_email", { values: { name: from.provider.name } });
  refuseDomain(vouched.email);
  const existing = await accounts.findByEmail(vouched.email);
  if (existing?.suspended) throw new GapuraError("account_inactive");
  const account = existing ?? (await newAccount(deps, { ...vouched, email: vouched.email }, from.visitor));
  await link(context, account, { vouched, visitor: from.visitor });
  return (await accounts.findById(account.id)) ?? account;
}

async function newAccount(
  { context }: Deps,
  { email, name }: { email: string; name: string },
  visitor: Visitor,
): Promise<AccountRecord> {
  const { accounts, clock, setup } = context;
  const isFirst = (await setup.state()) !== "done";
  const invitation = await accounts.openInvitationTo(email, clock.nowMs());
  const { policy, domains } = context.signUp;
  const isDomain = policy === "domains" && domains.includes(email.slice(email.lastIndexOf("@") + 1));
  if (policy === "domains" && !isDomain && invitation === null && !isFirst)
    throw new GapuraError("sign_up_domain", { values: { domains: domains.join(", ") } });
  if (policy === "invitation" && invitation === null && !isFirst) throw new GapuraError("sign_up_by_invitation");
  const id = newId("user");
  await accounts.createWithoutPassword({ id, name, email }, clock.nowMs());
  if (invitation !== null) await accounts.acceptInvitation(invitation, clock.nowMs());
  await accounts.update(id, { locale: visitor.locale }, clock.nowMs());
  await setup.claim(id);
  const account = await accounts.findById(id);
  if (!account) throw new Error("the account that was just made is not there");
  const actor = personActor(id, visitor);
  const after = { role: account.role, by: "single sign-on" };
  await context.audit.record({ actor, action: "account.create", target: accountTarget(id), after });
  return account;
}

/** From now on the account can be entered this way. Both sides have proven the same address. */
async function link(
  context: AccountContext,
  account: AccountRecord,
  { vouched, visitor }: { vouched: Vouched; visitor: Visitor },
): Promise<void> {
  const nowMs = context.clock.nowMs();
  await context.audit.together(async (db, record) => {
    const accounts = context.accountsOn(db);
    if (!account.emailVerified) {
      // Whoever signed up has not proven the address: what they chose must not open what is somebody else's.
      await accounts.forgetPassword(account.id);
      await accounts.endSessions(account.id, null);
      await accounts.markVerified(account.id, nowMs);
    }
    const id = await createSignInStore(db).addIdentity(account.id, vouched, nowMs);
    if (id === null) throw new GapuraError("step_expired");
    const actor = personActor(account.id, visitor);
    await record({
      actor,
      action: "identity.create",
      target: { kind: "identity", id },
      after: { issuer: vouched.issuer },
    });
  });
  if (account.emailVerified) return;
  await context.tokens.voidAll(account.id);
  await context.setup.claim(account.id);
}
