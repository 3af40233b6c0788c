/** Codes of authenticator apps (RFC 6238): six digits, thirty seconds. Pure but for the making of a secret. */
import { timingSafeEqual } from "node:crypto";
import { createOTP } from "@better-auth/utils/otp";
import { randomBase62 } from "../../kernel/ids.ts";

const PERIOD_SECONDS = 30;
const OPTIONS = { digits: 6, period: PERIOD_SECONDS };
/** A clock may be wrong by one step in each direction. */
const TOLERANCE = [0, -1, 1] as const;
/** 160 bits, as RFC 4226 recommends. */
const SECRET_LENGTH = 27;

export function newTotpSecret(): string {
  return randomBase62(SECRET_LENGTH);
}

/** What the QR code holds. */
export function totpUrl(secret: string, { issuer, account }: { issuer: string; account: string }): string {
  return createOTP(secret, OPTIONS).url(issuer, account);
}

export function totpStep(nowMs: number): number {
  return Math.floor(nowMs / (PERIOD_SECONDS * 1000));
}

export function totpCode(secret: string, step: number): Promise<string> {
  return createOTP(secret, OPTIONS).hotp(step);
}

/** The time step that this code belongs to, null when it is none of those that count now. */
export async function stepOfCode(secret: string, code: string, nowMs: number): Promise<number | null> {
  const now = totpStep(nowMs);
  let found: number | null = null;
  for (const away of TOLERANCE) {
    const expected = await totpCode(secret, now + away);
    if (code.length === expected.length && timingSafeEqual(Buffer.from(code), Buffer.from(expected)))
      found ??= now + away;
  }
  return found;
}
