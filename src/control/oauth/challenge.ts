/** Proof Key for Code Exchange (RFC 7636): who exchanges a code must be who asked for it. */
import { createHash, timingSafeEqual } from "node:crypto";

export type ChallengeMethod = "S256" | "plain";

export interface Challenge {
  challenge: string;
  method: ChallengeMethod;
}

/** What is wrong with a challenge, as a predicate; null when nothing is. */
export function challengeProblem({ challenge, method }: Challenge): string | null {
  if (method === "plain")
    return /^[\w.~-]{1,128}$/.test(challenge) ? null : "must be 1 to 128 letters, digits and -._~";
  return /^[\w-]{43}$/.test(challenge)
    ? null
    : "must be the SHA-256 of the verifier in base64url without padding (43 characters)";
}

/**
 * True when the verifier leads to the challenge. Without a challenge there must be no verifier either: somebody may have
 * taken the challenge out of the address on its way.
 */
export function isVerified(kept: Challenge | null, verifier: string | null): boolean {
  if (kept === null || verifier === null) return kept === null && verifier === null;
  const shown = kept.method === "S256" ? createHash("sha256").update(verifier).digest("base64url") : verifier;
  const [a, b] = [Buffer.from(shown), Buffer.from(kept.challenge)];
  return a.length === b.length && timingSafeEqual(a, b);
}
