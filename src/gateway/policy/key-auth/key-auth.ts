/**
 * The first policy: whose key is this, and may it call now? Bearer only; cookies and other headers are never looked at.
 * Shape and checksum are settled before storage is asked. Storage trouble is 503, never 401.
 */
import { type ApiKeyKind, hashApiKey, LONGEST_KEY, parseApiKey } from "../../../kernel/api-key.ts";
import type { Clock } from "../../../kernel/clock.ts";
import { type ErrorCode, GapuraError } from "../../../kernel/errors.ts";
import type { KeyRecord } from "../../ports.ts";
import type { KeyCache } from "./key-cache.ts";

const BEARER = /^Bearer +(\S+) *$/i;
const USUAL_SCHEME = "Bearer ";

/**
 * The record of the key in an Authorization header, once it is known to be good; a promise only when storage must be
 * asked. Throws (or rejects with) GapuraError: missing_credentials, malformed_key, unknown_key, disabled_key,
 * expired_key, rotated_key, account_inactive, storage_unavailable.
 */
export function authenticateKey(
  authorization: string | null,
  cache: KeyCache,
  clock: Clock,
): KeyRecord | Promise<KeyRecord> {
  if (authorization === null || authorization.trim() === "") throw new GapuraError("missing_credentials");
  const key = bearerOf(authorization);
  if (key === undefined || key.length > LONGEST_KEY) throw new GapuraError("malformed_key");
  const hash = hashApiKey(key);
  // What is known by its hash was well-formed when it was looked up.
  if (!cache.knows(hash) && parseApiKey(key) === undefined) throw new GapuraError("malformed_key");
  return admitHash(hash, cache, clock);
}

/** How somebody else who has let a person in says which of the person's keys is meant: by its hash. */
export interface MeantKey {
  /** Missing where the caller brings the key itself. */
  keyHash?: string;
}

/** The key that is meant, else the one in the header, under the same rules. Throws as authenticateKey does. */
export function identifyCaller(
  { keyHash }: MeantKey,
  authorization: string | null,
  { keys, clock }: { keys: KeyCache; clock: Clock },
): KeyRecord | Promise<KeyRecord> {
  if (keyHash === undefined) return authenticateKey(authorization, keys, clock);
  return admitHash(keyHash, keys, clock);
}

function admitHash(hash: string, cache: KeyCache, clock: Clock): KeyRecord | Promise<KeyRecord> {
  const found = cache.find(hash);
  if (!(found instanceof Promise)) return admit(found, clock);
  return found.then(
    (record) => admit(record, clock),
    (cause) => {
      throw new GapuraError("storage_unavailable", { cause, retryAfterSeconds: 2 });
    },
  );
}

/** What stands in an Authorization header; undefined for another scheme, or none. */
export function bearerOf(authorization: string | null): string | undefined {
  if (authorization === null) return undefined;
  const isUsual = authorization.startsWith(USUAL_SCHEME) && !authorization.includes(" ", USUAL_SCHEME.length);
  if (isUsual && authorization.length > USUAL_SCHEME.length) return authorization.slice(USUAL_SCHEME.length);
  return BEARER.exec(authorization)?.[1];
}

/** Refuses a good key of the wrong kind. Throws management_key_refused. */
export function requireKind(record: KeyRecord, kind: ApiKeyKind): KeyRecord {
  if (record.kind !== kind) {
    throw new GapuraError(kind === "inference" ? "management_key_refused" : "management_key_needed");
  }
  return record;
}

/** The codes of a key that may not call now, or may not go on. */
export const KEY_REFUSALS: ReadonlySet<string> = new Set<ErrorCode>([
  "unknown_key",
  "disabled_key",
  "expired_key",
  "rotated_key",
  "account_inactive",
]);

/**
 * Throws GapuraError for a key that may not call now: unknown_key, disabled_key, expired_key, rotated_key,
 * account_inactive.
 */
export function admit(record: KeyRecord | null, clock: Clock): KeyRecord {
  if (record === null || record.deletedAt !== null) throw new GapuraError("unknown_key");
  if (record.disabledAt !== null) throw new GapuraError("disabled_key");
  if (record.expiresAt !== null && record.expiresAt <= clock.nowMs()) {
    throw new GapuraError("expired_key", { values: { expiredAt: new Date(record.expiresAt).toISOString() } });
  }
  if (record.secretEndsAt !== null && record.secretEndsAt <= clock.nowMs()) {
    throw new GapuraError("rotated_key", { values: { endedAt: new Date(record.secretEndsAt).toISOString() } });
  }
  if (!record.ownerActive) throw new GapuraError("account_inactive");
  return record;
}
