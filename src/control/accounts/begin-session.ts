/**
 * The one place where a session begins, whatever it was proved with. What the browser had before ends, so that nobody
 * goes on in a session that somebody else has put there; the browser is remembered, so that a new one is noticed.
 */
import type { Proof } from "../../contract/schemas/sign-in.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { AccountRecord } from "../../storage/stores/accounts.ts";
import { personActor } from "../audit/actor.ts";
import type { Visitor } from "../http/handler.ts";
import { type AccountContext, accountTarget, authHeaders, cookiesOf } from "./context.ts";
import { deviceCookie, deviceOfRequest } from "./device-cookie.ts";

export interface Beginning {
  request: Request;
  visitor: Visitor;
  proofs: readonly Proof[];
  /** Asked again when the session is there: whether what was proved still holds. */
  isCurrent?(): Promise<boolean>;
  /** In place of a session that was just ended, so that its token changes: nobody has come. */
  isRenewal?: true;
}

/** The cookies of a new session. Throws account_inactive for a suspended account, wrong_login for what holds no more. */
export async function beginSession(
  context: AccountContext,
  account: AccountRecord,
  { request, visitor, proofs, isCurrent, isRenewal }: Beginning,
): Promise<Headers> {
  if (account.suspended) throw new GapuraError("account_inactive");
  const before = await context.auth.api.getSession({ headers: authHeaders(request, visitor) });
  if (before) await context.accounts.endSession(before.user.id, before.session.id);
  const headers = authHeaders(request, visitor);
  headers.delete("cookie");
  const made = await context.auth.api.makeSession({ body: { userId: account.id }, headers, returnHeaders: true });
  const { sessionId } = made.response;
  if (isCurrent && !(await isCurrent())) {
    await context.accounts.endSession(account.id, sessionId);
    throw new GapuraError("wrong_login");
  }
  const nowMs = context.clock.nowMs();
  await context.teams.resume({ sessionId, userId: account.id });
  await context.accounts.proveSession(sessionId, nowMs, proofs.join("+"));
  const cookies = cookiesOf(made.headers);
  const device = deviceOfRequest(request, context.baseUrl);
  cookies.append("set-cookie", deviceCookie(device.token, context.baseUrl));
  const { isNew } = await context.signIns.noteDevice(account.id, device.hash, nowMs);
  if (isRenewal) return cookies;
  await context.audit.record({
    actor: personActor(account.id, visitor),
    action: "session.create",
    target: accountTarget(account.id),
    after: { with: [...proofs], newDevice: isNew },
  });
  if (isNew) {
    const { ipAddress, userAgent } = visitor;
    context.inBackground(() =>
      context.onNewDevice({ userId: account.id, sessionId, ipAddress, userAgent, atMs: nowMs }),
    );
  }
  return cookies;
}
