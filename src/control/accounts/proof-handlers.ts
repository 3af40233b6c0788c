/** Proving anew, within a session, that its holder is the one who began it. */
import { GapuraError } from "../../kernel/errors.ts";
import type { Handlers } from "../http/handler.ts";
import type { AccountContext } from "./context.ts";
import { checkCode, checkPasskey, checkPassword, checkRecoveryCode } from "./proofs.ts";

type ProofOperations = "getProofOptions" | "giveProof";
type Way = "password" | "code" | "recovery_code" | "passkey";

export function proofHandlers(context: AccountContext): Handlers<ProofOperations> {
  const { challenges, clock, passkeys, webauthn } = context;
  return {
    getProofOptions: async ({ account: { userId, sessionId } }) => {
      const ways = await waysOf(context, userId);
      if (!ways.includes("passkey")) return { body: { ways, passkey: null } };
      const { options, challenge } = await webauthn.ask(await passkeys.list(userId));
      const token = await challenges.begin("passkey_proof", userId, { challenge, sessionId });
      return { body: { ways, passkey: { token, options } } };
    },

    giveProof: async ({ account: { userId, sessionId }, body, visitor }) => {
      const person = { userId, visitor };
      const { password, code, recoveryCode, passkey } = body;
      const ways = await waysOf(context, userId);
      const refuseUnless = (way: Way) => {
        if (!ways.includes(way)) throw new GapuraError("conflict", { values: { reason: OTHER_WAY } });
      };
      if (password !== undefined) {
        refuseUnless("password");
        await checkPassword(context, person, { password, field: "password" });
      } else if (code !== undefined) {
        refuseUnless("code");
        await checkCode(context, person, { code });
      } else if (recoveryCode !== undefined) {
        refuseUnless("recovery_code");
        await checkRecoveryCode(context, person, recoveryCode);
      } else if (passkey !== undefined) {
        const asked = await challenges.take("passkey_proof", passkey.token);
        if (asked?.userId !== userId || asked.value.sessionId !== sessionId) throw new GapuraError("step_expired");
        await checkPasskey(context, { response: passkey.response, challenge: asked.value.challenge }, person);
      }
      await context.accounts.proveSession(sessionId, clock.nowMs());
      return { body: { done: true } };
    },
  };
}

const OTHER_WAY = "This account proves itself another way. Ask POST /api/dashboard/account/proof/options for its ways.";

/** An account with a second factor proves itself with that, not with the password that may have been watched. */
async function waysOf(context: AccountContext, userId: string): Promise<Way[]> {
  const app = await context.factors.authenticator(userId);
  const hasApp = app !== null && app.confirmedAt !== null;
  const hasPasskey = context.webauthn.problem === null && (await context.passkeys.list(userId)).length > 0;
  const hasPassword = !hasApp && (await context.accounts.passwordHash(userId)) !== null;
  const hasCodes = hasApp && (await context.factors.recoveryCodesLeft(userId)) > 0;
  return [
    ...(hasPassword ? (["password"] as const) : []),
    ...(hasApp && app.secret !== null ? (["code"] as const) : []),
    ...(hasCodes ? (["recovery_code"] as const) : []),
    ...(hasPasskey ? (["passkey"] as const) : []),
  ];
}
