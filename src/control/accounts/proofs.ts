/**
 * What somebody can prove themselves with, checked once for log-ins and for fresh proofs. Each check throws where the
 * proof is not right; guesses are counted per account before they are looked at, and forgiven after a right one.
 */
import type { AssertionAnswer } from "../../contract/schemas/sign-in.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { PasskeyRecord } from "../../storage/stores/passkeys.ts";
import { personActor } from "../audit/actor.ts";
import type { Visitor } from "../http/handler.ts";
import { type AccountContext, accountTarget } from "./context.ts";
import { hashRecoveryCode } from "./recovery-codes.ts";
import { refuseIfWaiting, rules } from "./throttle.ts";
import { stepOfCode } from "./totp.ts";

type Way = "password" | "code" | "recovery_code" | "passkey";

interface Person {
  userId: string;
  visitor: Visitor;
}

export async function checkPassword(
  context: AccountContext,
  person: Person,
  { password, field }: { password: string; field: string },
): Promise<void> {
  // Not the counter of log-ins: strangers fill that one, and must not keep the holder of a session from proving it.
  const failures = `proof:${person.userId}`;
  refuseIfWaiting(await context.throttle.take(failures, rules.accountFailures));
  const hash = await context.accounts.passwordHash(person.userId);
  if (hash === null || !(await context.hasher.verify(password, hash))) {
    await noteFailure(context, person, "password");
    throw new GapuraError("wrong_password", { metadata: { field } });
  }
  await context.throttle.reset(failures);
}

/** A code of the authenticator app; each counts once. `unconfirmed` lets one that was not confirmed yet pass. */
export async function checkCode(
  context: AccountContext,
  person: Person,
  { code, unconfirmed = false }: { code: string; unconfirmed?: boolean },
): Promise<void> {
  await counted(context, person, "code", async () => {
    const app = await context.factors.authenticator(person.userId);
    if (!app || app.secret === null || (app.confirmedAt === null) !== unconfirmed) return false;
    const step = await stepOfCode(app.secret, code, context.clock.nowMs());
    return step !== null && (await context.factors.takeStep(person.userId, step));
  });
}

export async function checkRecoveryCode(context: AccountContext, person: Person, typed: string): Promise<void> {
  await counted(context, person, "recovery_code", () =>
    context.factors.takeRecoveryCode(person.userId, hashRecoveryCode(typed), context.clock.nowMs()),
  );
}

/**
 * Whose passkey this is, after its signature over the challenge was checked; `userId` names whose it must be. Passkeys
 * cannot be guessed, so nothing is counted.
 */
export async function checkPasskey(
  context: AccountContext,
  answer: { response: AssertionAnswer; challenge: string },
  { userId, visitor }: { userId: string | null; visitor: Visitor },
): Promise<PasskeyRecord> {
  const { response, challenge } = answer;
  try {
    const passkey = await context.passkeys.findByCredential(response.id);
    if (!passkey || (userId !== null && passkey.userId !== userId)) throw new GapuraError("passkey_refused");
    const counter = await context.webauthn.check(passkey, response, challenge);
    if (await context.passkeys.noteUse(passkey, counter, context.clock.nowMs())) return passkey;
    throw new GapuraError("passkey_refused");
  } catch (error) {
    const isRefused = error instanceof GapuraError && error.code === "passkey_refused";
    if (isRefused && userId !== null) await noteFailure(context, { userId, visitor }, "passkey");
    throw error;
  }
}

async function counted(
  context: AccountContext,
  person: Person,
  ...[way, isRight]: [Way, () => Promise<boolean>]
): Promise<void> {
  const failures = `factor:${person.userId}`;
  refuseIfWaiting(await context.throttle.take(failures, rules.accountFailures));
  if (!(await isRight())) {
    await noteFailure(context, person, way);
    throw new GapuraError("wrong_code", { metadata: { field: way === "code" ? "code" : "recoveryCode" } });
  }
  await context.throttle.reset(failures);
}

function noteFailure(context: AccountContext, { userId, visitor }: Person, way: Way): Promise<void> {
  return context.audit.record({
    actor: personActor(userId, visitor),
    action: "account.proof_failed",
    target: accountTarget(userId),
    after: { with: way },
  });
}
