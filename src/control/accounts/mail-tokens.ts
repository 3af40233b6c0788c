/**
 * Tokens of mailed links: 256 random bits, of which only the SHA-256 is kept; used up by one conditional update, so that
 * of fifty requests at once exactly one succeeds. A new token of the same kind voids the older ones.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../storage/open.ts";

export type TokenPurpose = "sign_up" | "email_change" | "password_reset";

const LIFETIME_MS: Record<TokenPurpose, number> = {
  sign_up: 24 * 3_600_000,
  email_change: 24 * 3_600_000,
  password_reset: 30 * 60_000,
};

export interface UsedToken {
  userId: string;
  email: string;
  purpose: TokenPurpose;
}

export type MailTokens = ReturnType<typeof createMailTokens>;

export function createMailTokens(db: Db, clock: Clock) {
  return {
    /** Makes a token for a link. It is given back once and kept nowhere. */
    async issue(userId: string, purpose: TokenPurpose, email: string): Promise<string> {
      const token = newToken();
      const nowMs = clock.nowMs();
      await db.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom("mail_token")
          .where("user_id", "=", userId)
          .where("purpose", "=", purpose)
          .execute();
        await transaction
          .insertInto("mail_token")
          .values({
            token_hash: hashToken(token),
            user_id: userId,
            purpose,
            email,
            created_at: nowMs,
            expires_at: nowMs + LIFETIME_MS[purpose],
            used_at: null,
          })
          .execute();
      });
      return token;
    },

    /** Uses a token up. Null when it is unknown, expired, used already or for another purpose. */
    async consume(token: string, purposes: readonly TokenPurpose[]): Promise<UsedToken | null> {
      const nowMs = clock.nowMs();
      const row = await db
        .updateTable("mail_token")
        .set({ used_at: nowMs })
        .where("token_hash", "=", hashToken(token))
        .where("purpose", "in", purposes)
        .where("used_at", "is", null)
        .where("expires_at", ">", nowMs)
        .returning(["user_id", "email", "purpose"])
        .executeTakeFirst();
      const purpose = purposes.find((one) => one === row?.purpose);
      return row && purpose ? { userId: row.user_id, email: row.email, purpose } : null;
    },

    async prune(): Promise<void> {
      await db
        .deleteFrom("mail_token")
        .where("expires_at", "<", clock.nowMs() - 7 * 24 * 3_600_000)
        .execute();
    },
  };
}

export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
