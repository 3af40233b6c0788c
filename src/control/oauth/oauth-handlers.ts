/**
 * OpenRouter's OAuth flow: an app sends a person to the consent page, and makes a key of the code that comes back.
 *
 * Invariants: a code is worth one key, for ten minutes, to whoever knows the verifier; only its hash is kept; a key made
 * this way may do no more than the person agreed to. Only a signed-in person or a management key makes codes: an
 * inference key could otherwise make itself one without its own limit (docs/decisions/0005-who-makes-codes.md).
 */
import { createHash } from "node:crypto";
import { createApiKey } from "../../kernel/api-key.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { type AuthCode, type AuthCodeStore, createAuthCodeStore } from "../../storage/stores/auth-codes.ts";
import { hashToken, newToken } from "../accounts/mail-tokens.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers } from "../http/handler.ts";
import { keyFacts, keyTarget } from "../keys/key-administration.ts";
import { fieldProblem, type OnKeyChanged } from "../keys/key-changes.ts";
import { isoTime } from "../keys/key-view.ts";
import { type Asked, type CheckedRequest, checkRequest, shownRequest } from "./authorization.ts";
import { withParameter } from "./callback.ts";
import { type Challenge, type ChallengeMethod, isVerified } from "./challenge.ts";

export interface OAuthDeps {
  codes: AuthCodeStore;
  /** The end that a key may have at the latest, where it is wished for later or never. */
  endWithinPolicy(expiresAt: number | null, nowMs: number): Promise<number | null>;
  audit: AuditStore;
  clock: Clock;
  onKeyChanged: OnKeyChanged;
}

type OAuthOperations = "getAuthorization" | "grantAuthorization" | "createAuthCode" | "exchangeAuthCode";

/** Whose the key will be, and who consented to it. */
interface KeyOwner {
  accountId: string;
  createdBy: string | null;
}

const CODE_LIFETIME_MS = 10 * 60_000;

export function oauthHandlers({
  codes,
  endWithinPolicy,
  audit,
  clock,
  onKeyChanged,
}: OAuthDeps): Handlers<OAuthOperations> {
  const checked = async (asked: Asked, nowMs: number): Promise<CheckedRequest> => {
    const request = checkRequest(asked, nowMs);
    return { ...request, expiresAt: await endWithinPolicy(request.expiresAt, nowMs) };
  };
  /** Keeps a new code for the account; the code itself stands in the answer alone. */
  const issue = async (owner: KeyOwner, request: CheckedRequest, nowMs: number): Promise<string> => {
    const code = newToken();
    await codes.keep({
      code_hash: hashToken(code),
      user_id: owner.accountId,
      created_by: owner.createdBy,
      created_at: nowMs,
      expires_at: nowMs + CODE_LIFETIME_MS,
      code_challenge: request.challenge?.challenge ?? null,
      code_challenge_method: request.challenge?.method ?? null,
      app_origin: request.appOrigin,
      key_name: request.keyName,
      key_limit_nano: request.limitNano,
      key_limit_reset: request.limitReset,
      key_expires_at: request.expiresAt,
    });
    return code;
  };
  return {
    getAuthorization: async ({ query }) => ({ body: shownRequest(await checked(query, clock.nowMs())) }),
    grantAuthorization: async ({ account, body }) => {
      const nowMs = clock.nowMs();
      const { limitUsd: limitNano, limitReset } = body;
      const request = { ...(await checked(body.request, nowMs)), limitNano, limitReset };
      const code = await issue({ accountId: account.accountId, createdBy: account.userId }, request, nowMs);
      const redirectUrl = request.callback === null ? null : withParameter(request.callback, "code", code);
      return { body: { code, redirectUrl, expiresAt: nowMs + CODE_LIFETIME_MS } };
    },
    createAuthCode: async ({ key, body }) => {
      const nowMs = clock.nowMs();
      const request = await checked(body, nowMs);
      const id = await issue({ accountId: key.userId, createdBy: key.createdBy }, request, nowMs);
      return { body: { data: { id, app_id: appNumber(request.appOrigin), created_at: isoTime(nowMs) } } };
    },
    exchangeAuthCode: async ({ body, visitor }) => {
      const nowMs = clock.nowMs();
      const hash = hashToken(body.code);
      const code = await codes.find(hash, nowMs);
      if (code === null) throw new GapuraError("auth_code_invalid");
      requireMethod(challengeOf(code), body.code_challenge_method ?? null);
      const made = createApiKey("inference");
      const verifier = body.code_verifier ?? null;
      const isProven = (found: AuthCode) => isVerified(challengeOf(found), verifier);
      const outcome = await audit.together(async (db, record) => {
        const exchanged = await createAuthCodeStore(db).exchange(hash, { key: made, isProven }, nowMs);
        if (exchanged.kind !== "made") return exchanged;
        const { row } = exchanged;
        // The app acts with what the person agreed to.
        const actor = personActor(row.created_by ?? row.user_id, visitor);
        await record({ actor, action: "key.create", target: keyTarget(row), after: keyFacts(row) });
        return exchanged;
      });
      if (outcome.kind === "unknown") throw new GapuraError("auth_code_invalid");
      if (outcome.kind === "wrong_verifier") throw new GapuraError("code_verifier_wrong");
      onKeyChanged(outcome.row);
      return { body: { key: made.key, user_id: outcome.row.user_id } };
    },
  };
}

function challengeOf({ code_challenge: challenge, code_challenge_method: method }: AuthCode): Challenge | null {
  return challenge === null ? null : { challenge, method: method === "S256" ? "S256" : "plain" };
}

/** A method in the exchange must be the one that the consent page was opened with. */
function requireMethod(kept: Challenge | null, given: ChallengeMethod | null): void {
  if (given === null || kept === null || kept.method === given) return;
  throw fieldProblem("code_challenge_method", `must be ${kept.method}, as when the code was asked for`);
}

/** A number that always stands for the same origin: 48 bits of its SHA-256, which any client can hold. */
function appNumber(origin: string): number {
  return createHash("sha256").update(origin).digest().readUIntBE(0, 6);
}
