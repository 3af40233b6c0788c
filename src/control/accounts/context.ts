/** What all account operations share. */

import type { SignUpPolicy } from "../../config/schema.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Locale } from "../../kernel/locale.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { MailMessage } from "../../mail/templates.ts";
import type { Db } from "../../storage/open.ts";
import type { AccountRecord, AccountStore } from "../../storage/stores/accounts.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import type { PasskeyStore } from "../../storage/stores/passkeys.ts";
import type { SecondFactorStore } from "../../storage/stores/second-factors.ts";
import type { SignInStore } from "../../storage/stores/sign-in.ts";
import type { TeamStore } from "../../storage/stores/teams.ts";
import type { Visitor } from "../http/handler.ts";
import { type Auth, CLIENT_ADDRESS_HEADER } from "./better-auth.ts";
import type { Challenges } from "./challenges.ts";
import type { Chosen, MailTokens, TokenPurpose } from "./mail-tokens.ts";
import type { PasswordHasher } from "./password-hash.ts";
import type { Setup } from "./setup.ts";
import { addressName, emailName, rules, type Throttle } from "./throttle.ts";
import type { Webauthn } from "./webauthn.ts";

/** Somebody signed in from a browser that was never seen with this account, which others were. */
export interface NewDevice {
  userId: string;
  sessionId: string;
  ipAddress: string;
  userAgent: string | null;
  atMs: number;
}

export interface AccountContext {
  auth: Auth;
  accounts: AccountStore;
  tokens: MailTokens;
  factors: SecondFactorStore;
  passkeys: PasskeyStore;
  signIns: SignInStore;
  teams: TeamStore;
  challenges: Challenges;
  webauthn: Webauthn;
  /** The instance's own. */
  secret: Secret;
  throttle: Throttle;
  hasher: PasswordHasher;
  setup: Setup;
  audit: AuditStore;
  /** The same accounts within a transaction. */
  accountsOn(db: Db): AccountStore;
  clock: Clock;
  baseUrl: string;
  signUp: { policy: SignUpPolicy; domains: readonly string[] };
  /** False while mails only go to the mailbox page of this machine. */
  sendsRealMail: boolean;
  /** Keeps a mail for sending. */
  mail(to: string, locale: Locale, message: MailMessage): Promise<void>;
  /** Hears of a log-in from a browser that is new to the account. */
  onNewDevice(event: NewDevice): Promise<void>;
  /** Goes on with work after the answer; failures are logged. */
  inBackground(work: () => Promise<void>): void;
}

/** The only headers of a request that better-auth gets to see: the cookie, and what the server knows of the caller. */
export function authHeaders(request: Request, visitor: Visitor): Headers {
  const headers = new Headers({ [CLIENT_ADDRESS_HEADER]: visitor.ipAddress });
  const cookie = request.headers.get("cookie");
  if (cookie !== null) headers.set("cookie", cookie);
  if (visitor.userAgent !== null) headers.set("user-agent", visitor.userAgent);
  return headers;
}

/** An account, in the words of the audit log. */
export function accountTarget(userId: string) {
  return { kind: "account", id: userId };
}

/** The cookie of the session that better-auth sets or takes away, for the answer; it takes away others that are never set. */
export function cookiesOf(headers: Headers | null): Headers {
  const cookies = new Headers();
  for (const cookie of headers?.getSetCookie() ?? []) {
    if (SESSION_COOKIE.test(cookie)) cookies.append("set-cookie", cookie);
  }
  return cookies;
}

const SESSION_COOKIE = /^(?:__Host-)?gapura_session=/;

export function localeOf(account: Pick<AccountRecord, "locale"> | null, visitor: Visitor): Locale {
  return account?.locale ?? visitor.locale;
}

/**
 * True when one more mail may go to this recipient on behalf of this visitor. The visitor is never told, so that nobody
 * learns from it which addresses exist.
 */
export async function mayMail(context: AccountContext, to: string, visitor: Visitor): Promise<boolean> {
  const bounds = [
    [addressName("mail", visitor.ipAddress), rules.mailsPerAddressHour],
    [emailName("mail-hour", to), rules.mailsPerRecipientHour],
    [emailName("mail-day", to), rules.mailsPerRecipientDay],
  ] as const;
  // One after the other: a mail that is not sent must use up nothing of what somebody else may still get.
  for (const [name, rule] of bounds) if ((await context.throttle.take(name, rule)) > 0) return false;
  return true;
}

/** Issues a token and mails its link, if one more mail may go there. */
export async function mailLink(
  context: AccountContext,
  account: AccountRecord,
  link: { purpose: TokenPurpose; to: string; visitor: Visitor; chosen?: () => Promise<Chosen> },
): Promise<void> {
  if (!(await mayMail(context, link.to, link.visitor))) return;
  const chosen = link.chosen === undefined ? null : await link.chosen();
  const token = await context.tokens.issue(account.id, { purpose: link.purpose, email: link.to, chosen });
  const page = link.purpose === "password_reset" ? "reset-password" : "verify";
  const url = `${context.baseUrl}/${page}?token=${token}`;
  await context.mail(link.to, localeOf(account, link.visitor), { kind: link.purpose, name: account.name, url });
}
