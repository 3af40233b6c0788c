/** Accounts as one service: the handlers of their operations, the session reader, and what the command line needs. */

import type { SingleSignOnConfig } from "../../config/sign-on.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Locale } from "../../kernel/locale.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { MailMessage } from "../../mail/templates.ts";
import type { Storage } from "../../storage/open.ts";
import { createAccountStore } from "../../storage/stores/accounts.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { createPasskeyStore } from "../../storage/stores/passkeys.ts";
import { createSecondFactorStore } from "../../storage/stores/second-factors.ts";
import { createSignInStore } from "../../storage/stores/sign-in.ts";
import { createTeamInvitationStore } from "../../storage/stores/team-invitations.ts";
import { createTeamStore } from "../../storage/stores/teams.ts";
import { createSingleSignOnProvider } from "../single-sign-on/provider.ts";
import { singleSignOnHandlers } from "../single-sign-on/single-sign-on-handlers.ts";
import { createAuth } from "./better-auth.ts";
import { createChallenges } from "./challenges.ts";
import type { AccountContext } from "./context.ts";
import { createMailTokens } from "./mail-tokens.ts";
import { createPasswordHasher } from "./password-hash.ts";
import { invitationHandlers, profileHandlers } from "./profile-handlers.ts";
import { proofHandlers } from "./proof-handlers.ts";
import { authenticatorHandlers, passkeyHandlers } from "./second-factor-handlers.ts";
import { finishLoginHandlers } from "./second-step.ts";
import { createSetup } from "./setup.ts";
import { createSessionReader, sessionHandlers, signInHandlers } from "./sign-in-handlers.ts";
import { signUpHandlers } from "./sign-up-handlers.ts";
import { createThrottle } from "./throttle.ts";
import { createWebauthn } from "./webauthn.ts";

export interface AccountsOptions {
  storage: Storage;
  audit: AuditStore;
  clock: Clock;
  baseUrl: string;
  secret: Secret;
  signUp: AccountContext["signUp"];
  /** True where strangers can reach the listener: then the first account needs the setup token. */
  isReachable: boolean;
  sendsRealMail: boolean;
  mail(to: string, locale: Locale, message: MailMessage): Promise<void>;
  /** Null while no OpenID provider is configured. */
  singleSignOn: SingleSignOnConfig | null;
  onNewDevice: AccountContext["onNewDevice"];
  onBackgroundFailure(error: unknown): void;
}

/** Lets the answer leave first, so that what follows cannot be read from its time. */
function afterTheAnswer(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** After its end. */
const FORGET_INVITATION_AFTER_MS = 30 * 24 * 3_600_000;
/** As long as a browser keeps its cookie. */
const FORGET_DEVICE_AFTER_MS = 400 * 24 * 3_600_000;

export type Accounts = ReturnType<typeof createAccounts>;

export function createAccounts(options: AccountsOptions) {
  const { storage, clock } = options;
  const accounts = createAccountStore(storage.db, storage.engine);
  const hasher = createPasswordHasher();
  const { baseUrl, secret } = options;
  const signIns = createSignInStore(storage.db);
  const pending = new Set<Promise<void>>();
  const context: AccountContext = {
    auth: createAuth({ db: storage.db, engine: storage.engine, baseUrl, secret, hasher }),
    accounts,
    tokens: createMailTokens(storage.db, clock),
    factors: createSecondFactorStore(storage.db, secret),
    passkeys: createPasskeyStore(storage.db),
    signIns,
    teams: createTeamStore(storage.db, storage.engine),
    challenges: createChallenges(signIns, clock),
    webauthn: createWebauthn(baseUrl),
    secret,
    onNewDevice: options.onNewDevice,
    throttle: createThrottle(storage, clock),
    hasher,
    setup: createSetup(accounts, { tokenRequired: options.isReachable, secret }),
    audit: options.audit,
    accountsOn: (db) => createAccountStore(db, storage.engine),
    clock,
    baseUrl,
    signUp: options.signUp,
    sendsRealMail: options.sendsRealMail,
    mail: options.mail,
    inBackground: (work) => {
      const running = afterTheAnswer()
        .then(work)
        .catch(options.onBackgroundFailure)
        .finally(() => pending.delete(running));
      pending.add(running);
    },
  };
  const singleSignOn = {
    provider:
      options.singleSignOn &&
      createSingleSignOnProvider(options.singleSignOn, clock, `${baseUrl}/login/single-sign-on`),
    domains: options.singleSignOn?.domains ?? [],
  };
  return {
    handlers: handlersOf(context, singleSignOn),
    sessions: createSessionReader(context),
    setup: context.setup,
    hasher,
    throttle: context.throttle,
    inBackground: context.inBackground,
    /** Drops what time has made worthless: sessions, tokens, counters. */
    prune: async () => {
      await accounts.pruneSessions(clock.nowMs());
      await context.tokens.prune();
      await signIns.pruneChallenges(clock.nowMs());
      await signIns.pruneDevices(clock.nowMs() - FORGET_DEVICE_AFTER_MS);
      await context.throttle.prune();
      await createTeamInvitationStore(storage.db).prune(clock.nowMs() - FORGET_INVITATION_AFTER_MS);
    },
    /** Resolves when no work is going on after an answer. */
    settled: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

function handlersOf(
  context: AccountContext,
  singleSignOn: Omit<Parameters<typeof singleSignOnHandlers>[0], "context">,
) {
  return {
    ...signUpHandlers(context),
    ...signInHandlers(context),
    ...finishLoginHandlers(context),
    ...sessionHandlers(context),
    ...proofHandlers(context),
    ...authenticatorHandlers(context),
    ...passkeyHandlers(context),
    ...singleSignOnHandlers({ context, ...singleSignOn }),
    ...profileHandlers(context),
    ...invitationHandlers(context),
  };
}
