/** Passkeys: public keys of people's devices. Nothing here is a secret. */
import type { Selectable } from "kysely";
import type { Db } from "../open.ts";
import type { PasskeyTable } from "../sign-in-tables.ts";

export interface PasskeyRecord {
  id: string;
  userId: string;
  credentialId: string;
  /** COSE, base64url. */
  publicKey: string;
  counter: number;
  transports: string[];
  name: string;
  /** Whether its maker copies it to further devices. */
  isSynced: boolean;
  createdAt: number;
  lastUsedAt: number | null;
}

export type PasskeyStore = ReturnType<typeof createPasskeyStore>;

export function createPasskeyStore(db: Db) {
  return {
    /** Oldest first. */
    async list(userId: string): Promise<PasskeyRecord[]> {
      const rows = await db
        .selectFrom("passkey")
        .selectAll()
        .where("user_id", "=", userId)
        .orderBy("created_at")
        .orderBy("id")
        .execute();
      return rows.map(passkeyOf);
    },
    async findByCredential(credentialId: string): Promise<PasskeyRecord | null> {
      const stored = db.selectFrom("passkey").selectAll().where("credential_id", "=", credentialId);
      const row = await stored.executeTakeFirst();
      return row === undefined ? null : passkeyOf(row);
    },
    /** False when somebody has this credential already. */
    async add(passkey: PasskeyRecord): Promise<boolean> {
      const added = await db
        .insertInto("passkey")
        .values({
          id: passkey.id,
          user_id: passkey.userId,
          credential_id: passkey.credentialId,
          public_key: passkey.publicKey,
          counter: passkey.counter,
          transports: passkey.transports.join(","),
          name: passkey.name,
          is_synced: passkey.isSynced ? 1 : 0,
          created_at: passkey.createdAt,
          last_used_at: passkey.lastUsedAt,
        })
        .onConflict((conflict) => conflict.column("credential_id").doNothing())
        .returning("id")
        .executeTakeFirst();
      return added !== undefined;
    },
    /** Notes a use. False when the counter went on meanwhile: then two devices hold the same key. */
    async noteUse(passkey: PasskeyRecord, counter: number, nowMs: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable("passkey")
        .set({ counter, last_used_at: nowMs })
        .where("id", "=", passkey.id)
        .where("counter", "=", passkey.counter)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async rename(userId: string, id: string, name: string): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable("passkey")
        .set({ name })
        .where("id", "=", id)
        .where("user_id", "=", userId)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async remove(userId: string, id: string): Promise<boolean> {
      const gone = db.deleteFrom("passkey").where("id", "=", id).where("user_id", "=", userId);
      return (await gone.executeTakeFirstOrThrow()).numDeletedRows > 0n;
    },
  };
}

function passkeyOf(row: Selectable<PasskeyTable>): PasskeyRecord {
  return {
    id: row.id,
    userId: row.user_id,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports === "" ? [] : row.transports.split(","),
    name: row.name,
    isSynced: row.is_synced === 1,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
