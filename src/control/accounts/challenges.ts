/**
 * The steps between: what was begun and waits for its second half is named by a random token that only the one who
 * began it was given, and is used up by the one who goes on with it.
 */
import { z } from "zod";
import type { Clock } from "../../kernel/clock.ts";
import { asChecked, parseJson } from "../../kernel/json.ts";
import type { SignInStore } from "../../storage/stores/sign-in.ts";
import { hashToken, newToken } from "./mail-tokens.ts";

const LIFETIME_MS = 10 * 60_000;

/** What each purpose keeps. */
const KEPT = {
  /** A log-in whose first factor was right. */
  second_factor: z.object({ proofs: z.array(z.enum(["password", "single_sign_on"])) }),
  /** A passkey that is being made, in this session. */
  passkey_new: z.object({ challenge: z.string(), sessionId: z.string() }),
  /** A passkey that is asked for at log-in: by itself, or after the first factor. */
  passkey_login: z.object({ challenge: z.string() }),
  /** A passkey that is asked for within a session. */
  passkey_proof: z.object({ challenge: z.string(), sessionId: z.string() }),
  single_sign_on: z.object({ state: z.string(), nonce: z.string(), verifier: z.string() }),
} as const;

export type ChallengePurpose = keyof typeof KEPT;
export type Kept<Purpose extends ChallengePurpose> = z.output<(typeof KEPT)[Purpose]>;

export interface Opened<Purpose extends ChallengePurpose> {
  userId: string | null;
  value: Kept<Purpose>;
}

export type Challenges = ReturnType<typeof createChallenges>;

export function createChallenges(store: SignInStore, clock: Clock) {
  function opened<Purpose extends ChallengePurpose>(
    purpose: Purpose,
    found: { userId: string | null; value: string } | null,
  ): Opened<Purpose> | null {
    const parsed = found === null ? null : parseJson(found.value);
    if (found === null || !parsed?.ok) return null;
    const value = KEPT[purpose].safeParse(parsed.value);
    return value.success ? { userId: found.userId, value: asChecked<Kept<Purpose>>(value.data) } : null;
  }
  return {
    /** The token, which is kept nowhere. */
    async begin<Purpose extends ChallengePurpose>(
      purpose: Purpose,
      userId: string | null,
      value: Kept<Purpose>,
    ): Promise<string> {
      const token = newToken();
      const expiresAt = clock.nowMs() + LIFETIME_MS;
      await store.addChallenge(hashToken(token), { purpose, userId, value: JSON.stringify(value), expiresAt });
      return token;
    },
    /** Looks, so that a wrong code does not end the log-in. */
    async look<Purpose extends ChallengePurpose>(purpose: Purpose, token: string): Promise<Opened<Purpose> | null> {
      return opened(purpose, await store.findChallenge(hashToken(token), purpose, clock.nowMs()));
    },
    /** Uses it up. */
    async take<Purpose extends ChallengePurpose>(purpose: Purpose, token: string): Promise<Opened<Purpose> | null> {
      return opened(purpose, await store.takeChallenge(hashToken(token), purpose, clock.nowMs()));
    },
  };
}
