/**
 * Authorization codes of the OAuth flow. Only the SHA-256 of a code is kept.
 *
 * Invariants: the first that names a code uses it up, whether or not its verifier is right, so that of any number of
 * exchanges at once at most one makes a key, and nobody can try verifiers; the key is made in the same transaction.
 */
import type { Insertable, Selectable } from "kysely";
import type { NewApiKey } from "../../kernel/api-key.ts";
import { limitResetOf } from "../../kernel/windows.ts";
import type { Db } from "../open.ts";
import type { ApiKeyRecord, AuthCodeTable } from "../schema.ts";
import { inTransaction } from "../transaction.ts";
import { newRow } from "./keys.ts";

export type AuthCode = Selectable<AuthCodeTable>;

export type Exchange = { kind: "made"; row: ApiKeyRecord } | { kind: "unknown" } | { kind: "wrong_verifier" };

export type AuthCodeStore = ReturnType<typeof createAuthCodeStore>;

export function createAuthCodeStore(db: Db) {
  return {
    async keep(code: Omit<Insertable<AuthCodeTable>, "used_at">): Promise<void> {
      await db
        .insertInto("auth_code")
        .values({ ...code, used_at: null })
        .execute();
    },

    /** A code that can still be exchanged. Junk ends here, at the price of a read. */
    async find(codeHash: string, nowMs: number): Promise<AuthCode | null> {
      const row = await db
        .selectFrom("auth_code")
        .selectAll()
        .where("code_hash", "=", codeHash)
        .where("used_at", "is", null)
        .where("expires_at", ">", nowMs)
        .executeTakeFirst();
      return row ?? null;
    },

    /** Uses the code up, and keeps `key` as what it stands for when `isProven` agrees. */
    async exchange(
      codeHash: string,
      { key, isProven }: { key: NewApiKey; isProven(code: AuthCode): boolean },
      nowMs: number,
    ): Promise<Exchange> {
      return inTransaction(db, async (transaction): Promise<Exchange> => {
        const code = await transaction
          .updateTable("auth_code")
          .set({ used_at: nowMs })
          .where("code_hash", "=", codeHash)
          .where("used_at", "is", null)
          .where("expires_at", ">", nowMs)
          .returningAll()
          .executeTakeFirst();
        if (!code || !(await isMakersStill(transaction, code))) return { kind: "unknown" };
        if (!isProven(code)) return { kind: "wrong_verifier" };
        const row = newRow(key, ownerOf(code), nowMs);
        await transaction.insertInto("api_key").values(row).execute();
        return { kind: "made", row };
      });
    },

    /** Drops the codes that ended before a time. */
    async prune(beforeMs: number): Promise<void> {
      await db.deleteFrom("auth_code").where("expires_at", "<", beforeMs).execute();
    },
  };
}

/** Whether whoever consented could make the key now: they are let in, and belong to its account as more than a viewer. */
async function isMakersStill(db: Db, { user_id: accountId, created_by: maker }: AuthCode): Promise<boolean> {
  const people = [accountId, ...(maker === null ? [] : [maker])];
  const suspended = await db
    .selectFrom("user")
    .select("id")
    .where("id", "in", people)
    .where("suspended_at", "is not", null)
    .execute();
  if (suspended.length > 0) return false;
  if (maker === null || maker === accountId) return true;
  const member = await db
    .selectFrom("account_member")
    .select("role")
    .where("account_id", "=", accountId)
    .where("user_id", "=", maker)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  return member !== undefined && member.role !== "viewer";
}

function ownerOf(code: AuthCode) {
  return {
    userId: code.user_id,
    name: code.key_name,
    expiresAt: code.key_expires_at,
    limitNano: code.key_limit_nano,
    limitReset: limitResetOf(code.key_limit_reset),
    appOrigin: code.app_origin,
    createdBy: code.created_by,
  };
}
