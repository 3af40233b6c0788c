/**
 * Who may call what, written down a second time on purpose: the server's own table (src/contract/operations.ts) is
 * checked against this one by calling it. A route that is registered and does not stand here fails the build.
 */
import { needsFreshProof } from "./fresh-proof.ts";

export type AccessClass =
  | "public"
  | "loopback"
  | "session"
  | "owner"
  | "key"
  | "anyKey"
  | "management"
  | "ownersKey"
  | "preflight"
  | "code";

/** Every method and path that the server may register. */
export const routePolicy: Readonly<Record<string, AccessClass>> = {
  "GET /health": "public",
  "GET /ready": "public",
  "GET /api/dashboard/instance": "public",
  "POST /api/dashboard/account/sign-up": "public",
  "POST /api/dashboard/account/verification/resend": "public",
  "POST /api/dashboard/account/verification": "public",
  "POST /api/dashboard/account/login": "public",
  "POST /api/dashboard/account/login/second-factor": "public",
  "POST /api/dashboard/account/login/passkey/options": "public",
  "POST /api/dashboard/account/login/passkey": "public",
  "POST /api/dashboard/account/login/single-sign-on": "public",
  "POST /api/dashboard/account/login/single-sign-on/answer": "public",
  "POST /api/dashboard/account/logout": "public",
  "POST /api/dashboard/account/password/forgot": "public",
  "POST /api/dashboard/account/password/reset": "public",
  "GET /api/dashboard/account": "session",
  "PATCH /api/dashboard/account": "session",
  "POST /api/dashboard/account/password/change": "session",
  "POST /api/dashboard/account/email/change": "session",
  "GET /api/dashboard/account/sessions": "session",
  "DELETE /api/dashboard/account/sessions/{id}": "session",
  "POST /api/dashboard/account/sessions/revoke-others": "session",
  "POST /api/dashboard/account/proof/options": "session",
  "POST /api/dashboard/account/proof": "session",
  "GET /api/dashboard/account/security": "session",
  "POST /api/dashboard/account/authenticator": "session",
  "POST /api/dashboard/account/authenticator/confirm": "session",
  "DELETE /api/dashboard/account/authenticator": "session",
  "POST /api/dashboard/account/recovery-codes": "session",
  "POST /api/dashboard/account/passkeys/options": "session",
  "POST /api/dashboard/account/passkeys": "session",
  "PATCH /api/dashboard/account/passkeys/{id}": "session",
  "DELETE /api/dashboard/account/passkeys/{id}": "session",
  "DELETE /api/dashboard/account/identities/{id}": "session",
  "GET /api/dashboard/invitations": "owner",
  "POST /api/dashboard/invitations": "owner",
  "DELETE /api/dashboard/invitations/{id}": "owner",
  "GET /api/dashboard/accounts": "session",
  "POST /api/dashboard/accounts": "session",
  "POST /api/dashboard/accounts/active": "session",
  "POST /api/dashboard/accounts/join": "session",
  "DELETE /api/dashboard/accounts/{id}": "session",
  "DELETE /api/dashboard/accounts/invitations/{id}": "session",
  "POST /api/dashboard/team-invitation": "public",
  "GET /api/dashboard/team": "session",
  "PATCH /api/dashboard/team": "session",
  "DELETE /api/dashboard/team": "session",
  "POST /api/dashboard/team/transfer": "session",
  "PATCH /api/dashboard/team/members/{id}": "session",
  "DELETE /api/dashboard/team/members/{id}": "session",
  "GET /api/dashboard/team/invitations": "session",
  "POST /api/dashboard/team/invitations": "session",
  "POST /api/dashboard/team/invitations/{id}/resend": "session",
  "DELETE /api/dashboard/team/invitations/{id}": "session",
  "GET /api/dashboard/administration/people": "owner",
  "POST /api/dashboard/administration/people/{id}/suspension": "owner",
  "DELETE /api/dashboard/administration/people/{id}/suspension": "owner",
  "GET /api/dashboard/administration/system": "owner",
  "GET /api/dashboard/administration/configuration": "owner",
  "GET /api/dashboard/administration/mail": "owner",
  "POST /api/dashboard/administration/mail/test": "owner",
  "POST /api/dashboard/administration/backups": "owner",
  "GET /api/dashboard/administration/backups/{id}": "owner",
  "GET /api/dashboard/keys": "session",
  "POST /api/dashboard/keys": "session",
  "GET /api/dashboard/key-trends": "session",
  "GET /api/dashboard/keys/{id}": "session",
  "PATCH /api/dashboard/keys/{id}": "session",
  "DELETE /api/dashboard/keys/{id}": "session",
  "POST /api/dashboard/keys/{id}/rotation": "session",
  "DELETE /api/dashboard/keys/{id}/rotation": "session",
  "GET /api/dashboard/security/addresses": "session",
  "PATCH /api/dashboard/security/addresses": "session",
  "GET /api/dashboard/security/keys": "session",
  "POST /api/dashboard/security/keys": "session",
  "GET /api/dashboard/security/policy": "session",
  "PATCH /api/dashboard/security/policy": "owner",
  "GET /api/dashboard/security/reminders": "session",
  "DELETE /api/dashboard/security/reminders/{id}": "session",
  "GET /api/dashboard/audit": "session",
  "GET /api/dashboard/audit.csv": "session",
  "GET /api/dashboard/audit/verification": "owner",
  "GET /api/dashboard/oauth/authorization": "session",
  "POST /api/dashboard/oauth/authorization": "session",
  "GET /api/dashboard/overview": "session",
  "GET /api/dashboard/activity": "session",
  "GET /api/dashboard/activity/{id}": "session",
  "GET /api/dashboard/activity.csv": "session",
  "GET /api/dashboard/activity-stream": "session",
  "GET /api/dashboard/usage": "session",
  "GET /api/dashboard/usage.csv": "session",
  "GET /api/dashboard/usage/choices": "session",
  "GET /api/dashboard/providers": "session",
  "GET /api/dashboard/providers/vendors": "owner",
  "POST /api/dashboard/providers/test": "owner",
  "GET /api/dashboard/providers/keys": "owner",
  "POST /api/dashboard/providers/keys": "owner",
  "PATCH /api/dashboard/providers/keys/{id}": "owner",
  "DELETE /api/dashboard/providers/keys/{id}": "owner",
  "GET /api/dashboard/routing": "session",
  "PATCH /api/dashboard/routing": "session",
  "PATCH /api/dashboard/routing/instance": "owner",
  "POST /api/dashboard/routing/dry-run": "session",
  "GET /api/dashboard/presets": "session",
  "POST /api/dashboard/presets": "session",
  "PATCH /api/dashboard/presets/{slug}": "session",
  "DELETE /api/dashboard/presets/{slug}": "session",
  "GET /api/dashboard/presets/{slug}/versions": "session",
  "GET /api/dashboard/budgets": "session",
  "PATCH /api/dashboard/budgets": "session",
  "GET /api/dashboard/budgets/instance": "owner",
  "PATCH /api/dashboard/budgets/instance": "owner",
  "GET /api/dashboard/budgets/accounts": "owner",
  "PATCH /api/dashboard/budgets/accounts/{id}": "owner",
  "POST /api/dashboard/budgets/accounts/{id}/top-ups": "owner",
  "POST /api/dashboard/budgets/accounts/{id}/refunds": "owner",
  "GET /api/dashboard/budgets/accounts/{id}/statement": "owner",
  "GET /api/dashboard/budgets/accounts/{id}/statement.csv": "owner",
  "GET /api/dashboard/statement": "session",
  "GET /api/dashboard/statement.csv": "session",
  "GET /api/dashboard/notices": "session",
  "DELETE /api/dashboard/notices/{id}": "session",
  "GET /api/dashboard/notice-settings": "session",
  "PATCH /api/dashboard/notice-settings": "session",
  "GET /api/dashboard/views": "session",
  "POST /api/dashboard/views": "session",
  "DELETE /api/dashboard/views/{id}": "session",
  "GET /api/dashboard/alerts": "session",
  "GET /api/dashboard/alerts/{id}": "session",
  "POST /api/dashboard/alerts/{id}/answer": "session",
  "GET /api/dashboard/alert-settings": "session",
  "PATCH /api/dashboard/alert-settings": "session",
  "POST /api/dashboard/alert-settings/channels": "session",
  "DELETE /api/dashboard/alert-settings/channels/{channel}": "session",
  "POST /api/dashboard/alert-settings/channels/{channel}/test": "session",
  "POST /api/dashboard/reconciliation": "owner",
  "GET /api/dashboard/catalog": "session",
  "GET /api/dashboard/catalog/{author}/{slug}": "session",
  "POST /api/dashboard/playground/{id}/chat": "session",
  "GET /api/dashboard/mailbox": "loopback",
  "GET /api/dashboard/mailbox/{id}": "loopback",
  "GET /api/v1/openapi.json": "public",
  "GET /v1/openapi.json": "public",
  "GET /api/v1/models": "public",
  "GET /v1/models": "public",
  "GET /api/v1/models/count": "public",
  "GET /v1/models/count": "public",
  "GET /api/v1/models/user": "anyKey",
  "GET /v1/models/user": "anyKey",
  "GET /api/v1/model/{author}/{slug}": "public",
  "GET /v1/model/{author}/{slug}": "public",
  "GET /api/v1/models/{author}/{slug}/endpoints": "public",
  "GET /v1/models/{author}/{slug}/endpoints": "public",
  "GET /api/v1/embeddings/models": "public",
  "GET /v1/embeddings/models": "public",
  "GET /api/v1/providers": "public",
  "GET /v1/providers": "public",
  "GET /api/v1/endpoints/zdr": "public",
  "GET /v1/endpoints/zdr": "public",
  "GET /api/v1/key": "anyKey",
  "GET /v1/key": "anyKey",
  "GET /api/v1/generation": "anyKey",
  "GET /v1/generation": "anyKey",
  "GET /api/v1/generation/content": "anyKey",
  "GET /v1/generation/content": "anyKey",
  "POST /api/v1/generation/feedback": "management",
  "POST /v1/generation/feedback": "management",
  "GET /api/v1/activity": "management",
  "GET /v1/activity": "management",
  "GET /api/v1/auth/key": "anyKey",
  "GET /v1/auth/key": "anyKey",
  "POST /api/v1/routing/dry-run": "anyKey",
  "POST /v1/routing/dry-run": "anyKey",
  "GET /api/v1/presets": "anyKey",
  "GET /api/v1/presets/{slug}": "anyKey",
  "GET /api/v1/presets/{slug}/versions": "anyKey",
  "GET /api/v1/presets/{slug}/versions/{version}": "anyKey",
  "POST /api/v1/presets/{slug}/chat/completions": "anyKey",
  "POST /api/v1/presets/{slug}/responses": "anyKey",
  "POST /api/v1/presets/{slug}/messages": "anyKey",
  "GET /v1/presets": "anyKey",
  "GET /v1/presets/{slug}": "anyKey",
  "GET /v1/presets/{slug}/versions": "anyKey",
  "GET /v1/presets/{slug}/versions/{version}": "anyKey",
  "POST /v1/presets/{slug}/chat/completions": "anyKey",
  "POST /v1/presets/{slug}/responses": "anyKey",
  "POST /v1/presets/{slug}/messages": "anyKey",
  "GET /api/v1/keys": "management",
  "GET /v1/keys": "management",
  "POST /api/v1/keys": "management",
  "POST /v1/keys": "management",
  "GET /api/v1/keys/{hash}": "management",
  "GET /v1/keys/{hash}": "management",
  "PATCH /api/v1/keys/{hash}": "management",
  "PATCH /v1/keys/{hash}": "management",
  "DELETE /api/v1/keys/{hash}": "management",
  "DELETE /v1/keys/{hash}": "management",
  "POST /api/v1/keys/{hash}/rotate": "management",
  "POST /v1/keys/{hash}/rotate": "management",
  "DELETE /api/v1/keys/{hash}/former-secret": "management",
  "DELETE /v1/keys/{hash}/former-secret": "management",
  "GET /api/v1/credits": "management",
  "GET /v1/credits": "management",
  "GET /api/v1/audit": "management",
  "GET /v1/audit": "management",
  "POST /api/v1/leak-report/github": "public",
  "POST /v1/leak-report/github": "public",
  "POST /api/v1/leak-report": "public",
  "POST /v1/leak-report": "public",
  "GET /api/v1/credits/{account}": "ownersKey",
  "GET /v1/credits/{account}": "ownersKey",
  "POST /api/v1/credits/{account}/top-ups": "ownersKey",
  "POST /v1/credits/{account}/top-ups": "ownersKey",
  "POST /api/v1/credits/{account}/refunds": "ownersKey",
  "POST /v1/credits/{account}/refunds": "ownersKey",
  "POST /api/v1/auth/keys/code": "management",
  "POST /v1/auth/keys/code": "management",
  "POST /api/v1/auth/keys": "code",
  "POST /v1/auth/keys": "code",
  "POST /api/v1/chat/completions": "key",
  "POST /v1/chat/completions": "key",
  "OPTIONS /api/v1/chat/completions": "preflight",
  "OPTIONS /v1/chat/completions": "preflight",
  "POST /api/v1/completions": "key",
  "POST /v1/completions": "key",
  "POST /api/v1/responses": "key",
  "POST /v1/responses": "key",
  "OPTIONS /api/v1/completions": "preflight",
  "OPTIONS /v1/completions": "preflight",
  "OPTIONS /api/v1/responses": "preflight",
  "OPTIONS /v1/responses": "preflight",
  "POST /api/v1/messages": "key",
  "POST /v1/messages": "key",
  "OPTIONS /api/v1/messages": "preflight",
  "OPTIONS /v1/messages": "preflight",
  "POST /api/v1/messages/count_tokens": "key",
  "POST /v1/messages/count_tokens": "key",
  "OPTIONS /api/v1/messages/count_tokens": "preflight",
  "OPTIONS /v1/messages/count_tokens": "preflight",
  "POST /api/v1/embeddings": "key",
  "POST /v1/embeddings": "key",
  "OPTIONS /api/v1/embeddings": "preflight",
  "OPTIONS /v1/embeddings": "preflight",
  "POST /api/v1/rerank": "key",
  "POST /v1/rerank": "key",
  "OPTIONS /api/v1/rerank": "preflight",
  "OPTIONS /v1/rerank": "preflight",
};

/** What a caller meets: `reached` is the operation itself, everything else the refusal with that error code. */
export type Outcome =
  | "reached"
  | "missing_credentials"
  | "malformed_key"
  | "unknown_key"
  | "disabled_key"
  | "expired_key"
  | "management_key_refused"
  | "management_key_needed"
  | "not_signed_in"
  | "owner_only"
  | "fresh_proof_needed"
  | "not_found";

export type PrincipalName =
  | "nobody"
  | "malformedKey"
  | "unknownKey"
  | "deletedKey"
  | "disabledKey"
  | "expiredKey"
  | "inferenceKey"
  | "managementKey"
  | "ownersManagementKey"
  | "keyInQuery"
  | "keyInCookie"
  | "forgedSession"
  | "endedSession"
  | "unverifiedPerson"
  | "member"
  | "owner"
  | "staleOwner"
  | "personBehindProxy";

const everybody = (outcome: Outcome): Record<PrincipalName, Outcome> => ({
  nobody: outcome,
  malformedKey: outcome,
  unknownKey: outcome,
  deletedKey: outcome,
  disabledKey: outcome,
  expiredKey: outcome,
  inferenceKey: outcome,
  managementKey: outcome,
  ownersManagementKey: outcome,
  keyInQuery: outcome,
  keyInCookie: outcome,
  forgedSession: outcome,
  endedSession: outcome,
  unverifiedPerson: outcome,
  member: outcome,
  owner: outcome,
  staleOwner: outcome,
  personBehindProxy: outcome,
});

const keyHolders: Record<PrincipalName, Outcome> = {
  ...everybody("missing_credentials"),
  malformedKey: "malformed_key",
  unknownKey: "unknown_key",
  deletedKey: "unknown_key",
  disabledKey: "disabled_key",
  expiredKey: "expired_key",
  inferenceKey: "reached",
};

export const expectations: Readonly<Record<AccessClass, Record<PrincipalName, Outcome>>> = {
  public: everybody("reached"),
  code: everybody("reached"),
  preflight: everybody("reached"),
  loopback: { ...everybody("reached"), personBehindProxy: "not_found" },
  session: {
    ...everybody("not_signed_in"),
    member: "reached",
    owner: "reached",
    staleOwner: "reached",
    personBehindProxy: "reached",
  },
  owner: {
    ...everybody("not_signed_in"),
    member: "owner_only",
    owner: "reached",
    staleOwner: "reached",
    personBehindProxy: "owner_only",
  },
  key: {
    ...keyHolders,
    managementKey: "management_key_refused",
    ownersManagementKey: "management_key_refused",
  },
  anyKey: { ...keyHolders, managementKey: "reached", ownersManagementKey: "reached" },
  management: {
    ...keyHolders,
    inferenceKey: "management_key_needed",
    managementKey: "reached",
    ownersManagementKey: "reached",
  },
  ownersKey: {
    ...keyHolders,
    inferenceKey: "management_key_needed",
    managementKey: "owner_only",
    ownersManagementKey: "reached",
  },
};

/** What this principal meets at this route. */
export function expectedOutcome(route: string, access: AccessClass, principal: PrincipalName): Outcome {
  const expected = expectations[access][principal];
  return principal === "staleOwner" && needsFreshProof.has(route) ? "fresh_proof_needed" : expected;
}
