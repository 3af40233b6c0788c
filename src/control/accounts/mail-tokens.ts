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

/** Name and password of a sign-up, which count once its own link is used. */
export interface Chosen {
  name: string;
  passwordHash: string;
}

export interface NewLink {
  purpose: TokenPurpose;
  email: string;
  chosen?: Chosen | null;
}

export interface UsedToken {
  userId: string;
  email: string;
  purpose: TokenPurpose;
  chosen: Chosen | null;
}

export type MailTokens = ReturnType<typeof createMailTokens>;

export function createMailTokens(db: Db, clock: Clock) {
  return {
    ...looking(db, clock),

    /**
     * Makes a token for a link. It is given back once and kept nowhere. It voids the older ones of its purpose, but for
     * those that carry what a sign-up chose: nobody may void the link of somebody else.
     */
    async issue(userId: string, link: NewLink): Promise<string> {
      const token = newToken();
      const nowMs = clock.nowMs();
      const { purpose, email, chosen = null } = link;
      await db.transaction().execute(async (transaction) => {
        if (chosen === null) {
          await transaction
            .deleteFrom("mail_token")
            .where("user_id", "=", userId)
            .where("purpose", "=", purpose)
            .where("password_hash", "is", null)
            .execute();
        }
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
            name: chosen?.name ?? null,
            password_hash: chosen?.passwordHash ?? null,
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
        .returning(["user_id", "email", "purpose", "name", "password_hash"])
        .executeTakeFirst();
      const purpose = purposes.find((one) => one === row?.purpose);
      if (!row || !purpose) return null;
      const { name, password_hash: passwordHash } = row;
      const chosen = name === null || passwordHash === null ? null : { name, passwordHash };
      return { userId: row.user_id, email: row.email, purpose, chosen };
    },

    /** Voids every link of an account. */
    async voidAll(userId: string): Promise<void> {
      await db.deleteFrom("mail_token").where("user_id", "=", userId).execute();
    },

    async prune(): Promise<void> {
      await db
        .deleteFrom("mail_token")
        .where("expires_at", "<", clock.nowMs() - 7 * 24 * 3_600_000)
        .execute();
    },
  };
}

/** What uses nothing up. */
function looking(db: Db, clock: Clock) {
  return {
    /** Whether a token could be used up now. */
    async isOpen(token: string, purpose: TokenPurpose): Promise<boolean> {
      const row = await db
        .selectFrom("mail_token")
        .select("user_id")
        .where("token_hash", "=", hashToken(token))
        .where("purpose", "=", purpose)
        .where("used_at", "is", null)
        .where("expires_at", ">", clock.nowMs())
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Whether several sign-ups have each chosen a password for this account. */
    async isContested(userId: string): Promise<boolean> {
      const chosen = db.selectFrom("mail_token").select("user_id").where("user_id", "=", userId);
      return (await chosen.where("password_hash", "is not", null).executeTakeFirst()) !== undefined;
    },
  };
}

export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
