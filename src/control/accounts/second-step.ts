/** What follows the first factor: the session, or the question for the second one. */
import type { LoginResult, Proof } from "../../contract/schemas/sign-in.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { AccountRecord } from "../../storage/stores/accounts.ts";
import type { Handlers } from "../http/handler.ts";
import { accountBody } from "./account-body.ts";
import { type Beginning, beginSession } from "./begin-session.ts";
import type { AccountContext } from "./context.ts";
import { deviceOfRequest } from "./device-cookie.ts";
import { checkCode, checkPasskey, checkRecoveryCode } from "./proofs.ts";
import { addressName, refuseIfWaiting, rules } from "./throttle.ts";

type FinishOperations = "finishLogin" | "passkeyLoginOptions" | "passkeyLogin";

const TRUST_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

interface FirstFactor extends Beginning {
  proofs: readonly ["password" | "single_sign_on"];
  /** What the password was checked against. */
  passwordHash?: string | null;
}

/** Begins the session, or asks for the second factor of an account that has one, in a browser that it does not trust. */
export async function afterFirstFactor(
  context: AccountContext,
  account: AccountRecord,
  { passwordHash, ...beginning }: FirstFactor,
): Promise<{ body: LoginResult; headers?: Headers }> {
  const { factors, signIns, clock } = context;
  const app = await factors.authenticator(account.id);
  const device = deviceOfRequest(beginning.request, context.baseUrl);
  const isAsked = app !== null && app.confirmedAt !== null;
  // A new password, and a second factor that is turned on, end every session: one that began meanwhile too.
  const isCurrent = async () =>
    (passwordHash === undefined || (await context.accounts.settledPasswordHash(account.id)) === passwordHash) &&
    (isAsked || !(await factors.isSettledOn(account.id)));
  if (!isAsked || (await signIns.isTrusted(account.id, device.hash, clock.nowMs()))) {
    return { body: accountBody(account), headers: await beginSession(context, account, { ...beginning, isCurrent }) };
  }
  const token = await context.challenges.begin("second_factor", account.id, { proofs: [...beginning.proofs] });
  if (!(await isCurrent())) {
    await context.challenges.take("second_factor", token);
    throw new GapuraError("wrong_login");
  }
  const hasPasskey = context.webauthn.problem === null && (await context.passkeys.list(account.id)).length > 0;
  const ways = [
    ...(app.secret === null ? [] : (["code"] as const)),
    ...((await factors.recoveryCodesLeft(account.id)) > 0 ? (["recovery_code"] as const) : []),
    ...(hasPasskey ? (["passkey"] as const) : []),
  ];
  return { body: { secondFactor: { token, ways, trustDays: TRUST_DAYS } } };
}

export function finishLoginHandlers(context: AccountContext): Handlers<FinishOperations> {
  const { challenges, throttle, passkeys, webauthn } = context;
  return {
    finishLogin: async ({ body, visitor, request }) => {
      refuseIfWaiting(await throttle.take(addressName("second-step", visitor.ipAddress), rules.addressAttempts));
      const { token, code, recoveryCode, passkey, trustDevice } = body;
      const begun = await challenges.look("second_factor", token);
      if (begun === null || begun.userId === null) throw new GapuraError("step_expired");
      const person = { userId: begun.userId, visitor };
      let second: Proof = "passkey";
      if (code !== undefined) {
        await checkCode(context, person, { code });
        second = "code";
      } else if (recoveryCode !== undefined) {
        await checkRecoveryCode(context, person, recoveryCode);
        second = "recovery_code";
      } else if (passkey !== undefined) await openPasskey(context, passkey, person);
      // Of two right answers at once, one begins a session.
      if ((await challenges.take("second_factor", token)) === null) throw new GapuraError("step_expired");
      const account = await accountOf(context, begun.userId);
      const proofs = [...begun.value.proofs, second];
      const headers = await beginSession(context, account, { request, visitor, proofs });
      if (trustDevice) await trust(context, account.id, headers);
      return { body: accountBody(account), headers };
    },

    passkeyLoginOptions: async ({ body, visitor }) => {
      refuseIfWaiting(await throttle.take(addressName("passkey", visitor.ipAddress), rules.addressAttempts));
      const begun = body.token === undefined ? null : await challenges.look("second_factor", body.token);
      if (body.token !== undefined && begun === null) throw new GapuraError("step_expired");
      const userId = begun?.userId ?? null;
      const { options, challenge } = await webauthn.ask(userId === null ? [] : await passkeys.list(userId));
      return { body: { token: await challenges.begin("passkey_login", userId, { challenge }), options } };
    },

    passkeyLogin: async ({ body, visitor, request }) => {
      refuseIfWaiting(await throttle.take(addressName("login", visitor.ipAddress), rules.addressAttempts));
      const { userId } = await openPasskey(context, body, { userId: null, visitor });
      const account = await accountOf(context, userId);
      return {
        body: accountBody(account),
        headers: await beginSession(context, account, { request, visitor, proofs: ["passkey"] }),
      };
    },
  };
}

type PasskeyAnswer = { token: string } & Pick<Parameters<typeof checkPasskey>[1], "response">;

/** The passkey of the browser's answer, checked against what it was asked at log-in. */
async function openPasskey(
  context: AccountContext,
  { token, response }: PasskeyAnswer,
  person: Parameters<typeof checkPasskey>[2],
) {
  const asked = await context.challenges.take("passkey_login", token);
  if (asked === null || asked.userId !== person.userId) throw new GapuraError("step_expired");
  return checkPasskey(context, { response, challenge: asked.value.challenge }, person);
}

async function accountOf(context: AccountContext, userId: string): Promise<AccountRecord> {
  const account = await context.accounts.findById(userId);
  if (!account?.emailVerified || account.suspended) throw new GapuraError("account_inactive");
  return account;
}

/** Lets the browser that these cookies go to in without a second factor for a while. */
async function trust(context: AccountContext, userId: string, cookies: Headers): Promise<void> {
  const asBrowser = cookies.getSetCookie().map((line) => line.split(";", 1)[0] ?? "");
  const request = new Request(context.baseUrl, { headers: { cookie: asBrowser.join("; ") } });
  const { hash } = deviceOfRequest(request, context.baseUrl);
  await context.signIns.trustDevice(userId, hash, context.clock.nowMs() + TRUST_DAYS * DAY_MS);
}
