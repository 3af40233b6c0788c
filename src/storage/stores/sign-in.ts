/** What lies between the steps of signing in, which browsers are known, and who somebody is at an OpenID provider. */
import { newId } from "../../kernel/ids.ts";
import type { Db } from "../open.ts";

export interface Challenge {
  userId: string | null;
  /** JSON. */
  value: string;
}

export interface IdentityRecord {
  id: string;
  userId: string;
  issuer: string;
  createdAt: number;
  lastUsedAt: number;
}

export type SignInStore = ReturnType<typeof createSignInStore>;

export function createSignInStore(db: Db) {
  return { ...challenges(db), ...devices(db), ...identities(db) };
}

function challenges(db: Db) {
  return {
    async addChallenge(hash: string, challenge: Challenge & { purpose: string; expiresAt: number }): Promise<void> {
      const { purpose, userId, value, expiresAt } = challenge;
      const row = { hash, purpose, user_id: userId, value, expires_at: expiresAt };
      await db.insertInto("sign_in_challenge").values(row).execute();
    },
    /** Looks without using it up. */
    async findChallenge(hash: string, purpose: string, nowMs: number): Promise<Challenge | null> {
      const row = await db
        .selectFrom("sign_in_challenge")
        .select(["user_id", "value"])
        .where("hash", "=", hash)
        .where("purpose", "=", purpose)
        .where("expires_at", ">", nowMs)
        .executeTakeFirst();
      return row === undefined ? null : { userId: row.user_id, value: row.value };
    },
    /** Uses it up: it is given to one caller. */
    async takeChallenge(hash: string, purpose: string, nowMs: number): Promise<Challenge | null> {
      const row = await db
        .deleteFrom("sign_in_challenge")
        .where("hash", "=", hash)
        .where("purpose", "=", purpose)
        .where("expires_at", ">", nowMs)
        .returning(["user_id", "value"])
        .executeTakeFirst();
      return row === undefined ? null : { userId: row.user_id, value: row.value };
    },
    /** Ends what an account has begun and not finished. */
    async dropChallenges(userId: string): Promise<void> {
      await db.deleteFrom("sign_in_challenge").where("user_id", "=", userId).execute();
    },
    async pruneChallenges(nowMs: number): Promise<void> {
      await db.deleteFrom("sign_in_challenge").where("expires_at", "<", nowMs).execute();
    },
  };
}

function devices(db: Db) {
  return {
    /** Notes that the account was signed in from a browser. `isNew`: others are known, and this one was not. */
    async noteDevice(userId: string, hash: string, nowMs: number): Promise<{ isNew: boolean }> {
      const known = db.updateTable("known_device").set({ last_seen_at: nowMs });
      const { numUpdatedRows } = await known
        .where("user_id", "=", userId)
        .where("hash", "=", hash)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows > 0n) return { isNew: false };
      const others = db.selectFrom("known_device").select("hash").where("user_id", "=", userId).limit(1);
      const isNew = (await others.executeTakeFirst()) !== undefined;
      await db
        .insertInto("known_device")
        .values({ user_id: userId, hash, created_at: nowMs, last_seen_at: nowMs, trusted_until: null })
        .onConflict((conflict) => conflict.columns(["user_id", "hash"]).doUpdateSet({ last_seen_at: nowMs }))
        .execute();
      return { isNew };
    },
    async trustDevice(userId: string, hash: string, untilMs: number): Promise<void> {
      await db
        .updateTable("known_device")
        .set({ trusted_until: untilMs })
        .where("user_id", "=", userId)
        .where("hash", "=", hash)
        .execute();
    },
    async isTrusted(userId: string, hash: string, nowMs: number): Promise<boolean> {
      const row = await db
        .selectFrom("known_device")
        .select("hash")
        .where("user_id", "=", userId)
        .where("hash", "=", hash)
        .where("trusted_until", ">", nowMs)
        .executeTakeFirst();
      return row !== undefined;
    },
    /** From now on every browser needs the second factor, but for the one with this hash. */
    async trustNone(userId: string, except: string | null = null): Promise<void> {
      let trusted = db.updateTable("known_device").set({ trusted_until: null }).where("user_id", "=", userId);
      if (except !== null) trusted = trusted.where("hash", "!=", except);
      await trusted.execute();
    },
    async pruneDevices(lastSeenBeforeMs: number): Promise<void> {
      await db.deleteFrom("known_device").where("last_seen_at", "<", lastSeenBeforeMs).execute();
    },
  };
}

function identities(db: Db) {
  return {
    async identities(userId: string): Promise<IdentityRecord[]> {
      const rows = await db
        .selectFrom("identity")
        .select(["id", "user_id", "issuer", "created_at", "last_used_at"])
        .where("user_id", "=", userId)
        .orderBy("created_at")
        .execute();
      return rows.map((row) => ({
        id: row.id,
        userId: row.user_id,
        issuer: row.issuer,
        createdAt: row.created_at,
        lastUsedAt: row.last_used_at,
      }));
    },
    /** Whose identity it is, noting the use; null when it is nobody's. */
    async findIdentity(issuer: string, subject: string, nowMs: number): Promise<string | null> {
      const row = await db
        .updateTable("identity")
        .set({ last_used_at: nowMs })
        .where("issuer", "=", issuer)
        .where("subject", "=", subject)
        .returning("user_id")
        .executeTakeFirst();
      return row?.user_id ?? null;
    },
    /** Its id; null when the identity is somebody's already. */
    async addIdentity(
      userId: string,
      { issuer, subject }: { issuer: string; subject: string },
      nowMs: number,
    ): Promise<string | null> {
      const times = { created_at: nowMs, last_used_at: nowMs };
      const added = await db
        .insertInto("identity")
        .values({ id: newId("idn"), user_id: userId, issuer, subject, ...times })
        .onConflict((conflict) => conflict.columns(["issuer", "subject"]).doNothing())
        .returning("id")
        .executeTakeFirst();
      return added?.id ?? null;
    },
    async removeIdentity(userId: string, id: string): Promise<boolean> {
      const gone = db.deleteFrom("identity").where("id", "=", id).where("user_id", "=", userId);
      return (await gone.executeTakeFirstOrThrow()).numDeletedRows > 0n;
    },
  };
}
