/** The shapes of signing in beyond sign-up and password: second factors, passkeys, single sign-on, fresh proof. */
import * as account from "../schemas/account.ts";
import { idParams } from "../schemas/common.ts";
import * as signIn from "../schemas/sign-in.ts";
import type { RouteShapes } from "./route-shapes.ts";

export const signInShapes = {
  login: {
    summary: "Start a session, or learn that a second factor is asked for",
    status: 200,
    response: signIn.loginResult,
    body: signIn.loginBody,
  },
  finishLogin: {
    summary: "Give the second factor of a log-in",
    status: 200,
    response: account.accountSchema,
    body: signIn.finishLoginBody,
  },
  passkeyLoginOptions: {
    summary: "What the browser needs to ask for a passkey at log-in",
    status: 200,
    response: signIn.passkeyOptionsSchema,
    body: signIn.passkeyLoginOptionsBody,
  },
  passkeyLogin: {
    summary: "Start a session with a passkey",
    status: 200,
    response: account.accountSchema,
    body: signIn.passkeyLoginBody,
  },
  startSingleSignOn: {
    summary: "Where to send the browser to sign in with the OpenID provider",
    status: 200,
    response: signIn.singleSignOnStartSchema,
    body: signIn.startSingleSignOnBody,
  },
  finishSingleSignOn: {
    summary: "Start a session with what the OpenID provider answered",
    status: 200,
    response: signIn.loginResult,
    body: signIn.finishSingleSignOnBody,
  },
  getProofOptions: {
    summary: "What can be asked of the signed-in person to prove anew who it is",
    status: 200,
    response: signIn.proofOptionsSchema,
  },
  giveProof: {
    summary: "Prove anew who one is, before what needs it",
    status: 200,
    response: account.doneSchema,
    body: signIn.proofBody,
  },
  getAccountSecurity: {
    summary: "Password, authenticator app, passkeys and single sign-on of the account",
    status: 200,
    response: signIn.accountSecuritySchema,
  },
  startAuthenticator: {
    summary: "Make a secret for an authenticator app; it counts once it is confirmed",
    status: 201,
    response: signIn.authenticatorSecretSchema,
    body: signIn.startAuthenticatorBody,
  },
  confirmAuthenticator: {
    summary: "Confirm the authenticator app with a code, and get recovery codes",
    status: 200,
    response: signIn.recoveryCodesSchema,
    body: signIn.confirmAuthenticatorBody,
  },
  removeAuthenticator: {
    summary: "Ask for no second factor any more",
    status: 200,
    response: account.doneSchema,
  },
  renewRecoveryCodes: {
    summary: "Make new recovery codes; the old ones end",
    status: 201,
    response: signIn.recoveryCodesSchema,
  },
  getPasskeyOptions: {
    summary: "What the browser needs to make a passkey",
    status: 200,
    response: signIn.passkeyOptionsSchema,
  },
  addPasskey: {
    summary: "Keep a passkey that the browser has made",
    status: 201,
    response: signIn.passkeySchema,
    body: signIn.addPasskeyBody,
  },
  renamePasskey: {
    summary: "Rename a passkey",
    status: 200,
    response: account.doneSchema,
    params: idParams,
    body: signIn.renamePasskeyBody,
  },
  deletePasskey: { summary: "Delete a passkey", status: 200, response: account.doneSchema, params: idParams },
  removeIdentity: {
    summary: "Separate the account from an OpenID provider",
    status: 200,
    response: account.doneSchema,
    params: idParams,
  },
} as const satisfies Record<string, RouteShapes>;
