/** What an account is secured with: its authenticator app, recovery codes, passkeys and identities elsewhere. */
import type { AccountSecurity } from "../../contract/schemas/sign-in.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import { createPasskeyStore, type PasskeyRecord } from "../../storage/stores/passkeys.ts";
import { createSecondFactorStore } from "../../storage/stores/second-factors.ts";
import { createSignInStore } from "../../storage/stores/sign-in.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers, SignedIn, Visitor } from "../http/handler.ts";
import { type AccountContext, accountTarget } from "./context.ts";
import { checkCode, checkPassword } from "./proofs.ts";
import { hashRecoveryCode, newRecoveryCodes } from "./recovery-codes.ts";
import { newTotpSecret, totpUrl } from "./totp.ts";

type AppOperations =
  | "getAccountSecurity"
  | "startAuthenticator"
  | "confirmAuthenticator"
  | "removeAuthenticator"
  | "renewRecoveryCodes";
type PasskeyOperations = "getPasskeyOptions" | "addPasskey" | "renamePasskey" | "deletePasskey" | "removeIdentity";

const MOST_PASSKEYS = 20;

export function authenticatorHandlers(context: AccountContext): Handlers<AppOperations> {
  const { audit, clock, factors, passkeys, signIns, webauthn } = context;
  return {
    getAccountSecurity: async ({ account: { userId } }) => ({
      body: {
        hasPassword: (await context.accounts.passwordHash(userId)) !== null,
        authenticator: await appView(context, userId),
        passkeys: (await passkeys.list(userId)).map(passkeyView),
        passkeyProblem: webauthn.problem,
        identities: (await signIns.identities(userId)).map(({ id, issuer, createdAt, lastUsedAt }) => ({
          id,
          issuer,
          createdAt,
          lastUsedAt,
        })),
      },
    }),

    startAuthenticator: async ({ account: { userId, email }, body, visitor }) => {
      if ((await context.accounts.passwordHash(userId)) !== null) {
        const given = { password: body.currentPassword ?? "", field: "currentPassword" };
        await checkPassword(context, { userId, visitor }, given);
      }
      const secret = newTotpSecret();
      if (!(await factors.proposeAuthenticator(userId, secret, clock.nowMs()))) throw appIsOn();
      const url = totpUrl(secret, { issuer: `Gapura (${new URL(context.baseUrl).hostname})`, account: email });
      return { body: { url, secret: new URL(url).searchParams.get("secret") ?? "" } };
    },

    confirmAuthenticator: async ({ account, body, visitor }) => {
      const { userId, sessionId } = account;
      const app = await factors.authenticator(userId);
      if (app === null) throw new GapuraError("step_expired");
      if (app.confirmedAt !== null) throw appIsOn();
      await checkCode(context, { userId, visitor }, { code: body.code, unconfirmed: true });
      const recoveryCodes = newRecoveryCodes();
      await audit.together(async (db, record) => {
        const store = createSecondFactorStore(db, context.secret);
        await store.confirmAuthenticator(userId, clock.nowMs());
        await store.replaceRecoveryCodes(userId, recoveryCodes.map(hashRecoveryCode), clock.nowMs());
        // What was begun with the password alone ends with it.
        await context.accountsOn(db).endSessions(userId, sessionId);
        await createSignInStore(db).dropChallenges(userId);
        await record({ ...entryOf(account, visitor), action: "account.second_factor", after: { state: "on" } });
      });
      await tell(context, account, { visitor, change: "on" });
      return { body: { recoveryCodes } };
    },

    removeAuthenticator: async ({ account, visitor }) => {
      await removeSecondFactor(context, account, visitor);
      await tell(context, account, { visitor, change: "off" });
      return { body: { done: true } };
    },

    renewRecoveryCodes: async ({ account, visitor }) => {
      const { userId } = account;
      if ((await appView(context, userId)) === null) throw appIsOff();
      const recoveryCodes = newRecoveryCodes();
      await audit.together(async (db, record) => {
        const store = createSecondFactorStore(db, context.secret);
        await store.replaceRecoveryCodes(userId, recoveryCodes.map(hashRecoveryCode), clock.nowMs());
        await record({ ...entryOf(account, visitor), action: "account.recovery_codes", after: { state: "renewed" } });
      });
      return { body: { recoveryCodes } };
    },
  };
}

export function passkeyHandlers(context: AccountContext): Handlers<PasskeyOperations> {
  const { audit, challenges, clock, passkeys, webauthn } = context;
  return {
    getPasskeyOptions: async ({ account: { userId, sessionId, name, email } }) => {
      const known = await passkeys.list(userId);
      if (known.length >= MOST_PASSKEYS) {
        const reason = `An account can have ${MOST_PASSKEYS} passkeys. Delete one that is not used any more.`;
        throw new GapuraError("conflict", { values: { reason } });
      }
      const { options, challenge } = await webauthn.newPasskey({ id: userId, name, email }, known);
      return { body: { token: await challenges.begin("passkey_new", userId, { challenge, sessionId }), options } };
    },

    addPasskey: async ({ account, body, visitor }) => {
      const { userId, sessionId } = account;
      const asked = await challenges.take("passkey_new", body.token);
      if (asked?.userId !== userId || asked.value.sessionId !== sessionId) throw new GapuraError("step_expired");
      const made = await webauthn.checkNew(body.response, asked.value.challenge);
      const times = { createdAt: clock.nowMs(), lastUsedAt: null };
      const passkey = { id: newId("pk"), userId, name: body.name, ...made, ...times };
      await audit.together(async (db, record) => {
        if (!(await createPasskeyStore(db).add(passkey))) throw new GapuraError("passkey_refused");
        const after = { isSynced: passkey.isSynced };
        await record({
          ...entryOf(account, visitor),
          action: "passkey.create",
          target: passkeyTarget(passkey.id),
          after,
        });
      });
      await tell(context, account, { visitor, change: "passkey_added" });
      return { body: passkeyView(passkey) };
    },

    renamePasskey: async ({ account, body, params, visitor }) => {
      await audit.together(async (db, record) => {
        if (!(await createPasskeyStore(db).rename(account.userId, params.id, body.name))) throw noPasskey();
        const after = { changed: ["name"] };
        await record({
          ...entryOf(account, visitor),
          action: "passkey.change",
          target: passkeyTarget(params.id),
          after,
        });
      });
      return { body: { done: true } };
    },

    deletePasskey: async ({ account, params, visitor }) => {
      await audit.together(async (db, record) => {
        if (!(await createPasskeyStore(db).remove(account.userId, params.id))) throw noPasskey();
        await record({ ...entryOf(account, visitor), action: "passkey.delete", target: passkeyTarget(params.id) });
      });
      await tell(context, account, { visitor, change: "passkey_removed" });
      return { body: { done: true } };
    },

    removeIdentity: async ({ account, params, visitor }) => {
      const { userId } = account;
      const canLogIn =
        (await context.accounts.passwordHash(userId)) !== null || (await passkeys.list(userId)).length > 0;
      const reason = "Nothing else would let you in. Choose a password or add a passkey first.";
      if (!canLogIn) throw new GapuraError("conflict", { values: { reason } });
      await audit.together(async (db, record) => {
        if (!(await createSignInStore(db).removeIdentity(userId, params.id))) {
          throw new GapuraError("resource_not_found", { values: { what: "This link" } });
        }
        const target = { kind: "identity", id: params.id };
        await record({ ...entryOf(account, visitor), action: "identity.delete", target });
      });
      return { body: { done: true } };
    },
  };
}

/** Takes the second factor away, with everything that hangs on it. */
async function removeSecondFactor(context: AccountContext, account: SignedIn, visitor: Visitor): Promise<void> {
  await context.audit.together(async (db, record) => {
    const { userId } = account;
    if (!(await createSecondFactorStore(db, context.secret).removeAuthenticator(userId))) throw appIsOff();
    const signIns = createSignInStore(db);
    await signIns.trustNone(userId);
    await signIns.dropChallenges(userId);
    await record({ ...entryOf(account, visitor), action: "account.second_factor", after: { state: "off" } });
  });
}

/** The holder of the account is told, because somebody else may have done it. */
async function tell(
  context: AccountContext,
  { email, name, locale }: SignedIn,
  { visitor, change }: { visitor: Visitor; change: "on" | "off" | "passkey_added" | "passkey_removed" },
): Promise<void> {
  const url = `${context.baseUrl}/account-security`;
  await context.mail(email, locale ?? visitor.locale, { kind: "sign_in_changed", name, change, url });
}

async function appView(context: AccountContext, userId: string): Promise<AccountSecurity["authenticator"]> {
  const app = await context.factors.authenticator(userId);
  if (app === null || app.confirmedAt === null) return null;
  return { confirmedAt: app.confirmedAt, recoveryCodesLeft: await context.factors.recoveryCodesLeft(userId) };
}

function passkeyView({ id, name, isSynced, createdAt, lastUsedAt }: PasskeyRecord) {
  return { id, name, isSynced, createdAt, lastUsedAt };
}

function entryOf({ userId }: SignedIn, visitor: Visitor) {
  return { actor: personActor(userId, visitor), target: accountTarget(userId) };
}

function passkeyTarget(id: string) {
  return { kind: "passkey", id };
}

function appIsOn(): GapuraError {
  const reason = "An authenticator app is in use already. Take it away first to use another one.";
  return new GapuraError("conflict", { values: { reason } });
}

function appIsOff(): GapuraError {
  return new GapuraError("conflict", { values: { reason: "No authenticator app is in use." } });
}

function noPasskey(): GapuraError {
  return new GapuraError("resource_not_found", { values: { what: "This passkey" } });
}
