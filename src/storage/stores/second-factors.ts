/** The authenticator app of an account, and its recovery codes. Both are used up by one conditional statement each. */
import type { Secret } from "../../kernel/secret.ts";
import type { Db } from "../open.ts";
import { createSealer } from "./sealed-text.ts";

export interface AuthenticatorRecord {
  /** Null when it was sealed under another secret of the instance. */
  secret: string | null;
  createdAt: number;
  /** Null until a code of it was seen: until then it asks nobody for anything. */
  confirmedAt: number | null;
}

export type SecondFactorStore = ReturnType<typeof createSecondFactorStore>;

export function createSecondFactorStore(db: Db, instanceSecret: Secret) {
  return { ...authenticators(db, instanceSecret), ...recoveryCodes(db) };
}

function authenticators(db: Db, instanceSecret: Secret) {
  const sealer = createSealer(instanceSecret, "authenticator");
  return {
    async authenticator(userId: string): Promise<AuthenticatorRecord | null> {
      const stored = db.selectFrom("authenticator").selectAll().where("user_id", "=", userId);
      const row = await stored.executeTakeFirst();
      if (row === undefined) return null;
      const secret = sealer.open(Buffer.from(row.sealed_secret, "base64"), userId);
      return { secret, createdAt: row.created_at, confirmedAt: row.confirmed_at };
    },
    /** Whether a second factor is asked for, once every change that is under way has ended. */
    async isSettledOn(userId: string): Promise<boolean> {
      const row = await db
        .updateTable("authenticator")
        .set((eb) => ({ confirmed_at: eb.ref("confirmed_at") }))
        .where("user_id", "=", userId)
        .returning("confirmed_at")
        .executeTakeFirst();
      return row !== undefined && row.confirmed_at !== null;
    },
    /** Keeps a new secret in place of one that was not confirmed. False when a confirmed one is there. */
    async proposeAuthenticator(userId: string, secret: string, nowMs: number): Promise<boolean> {
      const fresh = {
        sealed_secret: Buffer.from(sealer.seal(secret, userId)).toString("base64"),
        created_at: nowMs,
        last_step: 0,
      };
      const kept = await db
        .insertInto("authenticator")
        .values({ user_id: userId, confirmed_at: null, ...fresh })
        .onConflict((conflict) =>
          conflict.column("user_id").doUpdateSet(fresh).where("authenticator.confirmed_at", "is", null),
        )
        .returning("user_id")
        .executeTakeFirst();
      return kept !== undefined;
    },
    /** Uses a time step up. False when a code of it, or of a later one, was used already. */
    async takeStep(userId: string, step: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable("authenticator")
        .set({ last_step: step })
        .where("user_id", "=", userId)
        .where("last_step", "<", step)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async confirmAuthenticator(userId: string, nowMs: number): Promise<void> {
      await db
        .updateTable("authenticator")
        .set({ confirmed_at: nowMs })
        .where("user_id", "=", userId)
        .where("confirmed_at", "is", null)
        .execute();
    },
    /** Takes the app and the recovery codes away. True when there was a confirmed one. */
    async removeAuthenticator(userId: string): Promise<boolean> {
      await db.deleteFrom("recovery_code").where("user_id", "=", userId).execute();
      const gone = db.deleteFrom("authenticator").where("user_id", "=", userId).returning("confirmed_at");
      const row = await gone.executeTakeFirst();
      return row !== undefined && row.confirmed_at !== null;
    },
  };
}

function recoveryCodes(db: Db) {
  return {
    /** The new ones in place of all that there were. Run it in a transaction. */
    async replaceRecoveryCodes(userId: string, hashes: readonly string[], nowMs: number): Promise<void> {
      await db.deleteFrom("recovery_code").where("user_id", "=", userId).execute();
      const rows = hashes.map((hash) => ({ user_id: userId, hash, created_at: nowMs, used_at: null }));
      await db.insertInto("recovery_code").values(rows).execute();
    },
    /** Uses a code up: true for the one caller that did. */
    async takeRecoveryCode(userId: string, hash: string, nowMs: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable("recovery_code")
        .set({ used_at: nowMs })
        .where("user_id", "=", userId)
        .where("hash", "=", hash)
        .where("used_at", "is", null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async recoveryCodesLeft(userId: string): Promise<number> {
      const unused = db
        .selectFrom("recovery_code")
        .select((eb) => eb.fn.countAll().as("count"))
        .where("user_id", "=", userId)
        .where("used_at", "is", null);
      return Number((await unused.executeTakeFirstOrThrow()).count);
    },
  };
}
