/**
 * The secrets of a key. A key has one; for a while after it was rotated it has two, the current one and the one before,
 * which ends by itself. Everything else (name, limits, usage, addresses) belongs to the key and does not know of it.
 *
 * Invariants: of a key that was rotated exactly one secret has no end; an end never moves to later; a hash names one key
 * for ever, so that a secret which has ended can never become another's. Every change raises the version of the key's
 * row, in the transaction of its caller.
 */
import { type RawBuilder, sql } from "kysely";
import type { NewApiKey } from "../../kernel/api-key.ts";
import type { Db } from "../open.ts";
import type { ApiKeyRecord } from "../schema.ts";

/** The secret before the current one, while it still works. */
export interface FormerSecret {
  label: string;
  endsAt: number;
}

export interface Rotation {
  made: NewApiKey;
  /** When the secret that was current until now ends; every other ends at once. */
  formerEndsAt: number;
  /** When the key itself ends from now on; left out, that stays as it is. */
  expiresAt?: number | null | undefined;
}

/** The id of the key that a hash belongs to: of a secret, or of a key that was never rotated. */
export function keyOfSecret(hash: string): RawBuilder<string> {
  return sql<string>`coalesce((select key_id from key_secret where key_secret.hash = ${hash}),
    (select by_hash.id from api_key as by_hash where by_hash.hash = ${hash}))`;
}

export function keySecrets(db: Db) {
  const changed = async ({ id, nowMs }: { id: string; nowMs: number }, values: Partial<ApiKeyRecord>) =>
    db
      .updateTable("api_key")
      .set((eb) => ({ ...values, updated_at: nowMs, version: eb("version", "+", 1) }))
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirstOrThrow();
  const endFormer = async (keyId: string, nowMs: number): Promise<boolean> => {
    const ended = await db
      .updateTable("key_secret")
      .set({ ends_at: nowMs })
      .where("key_id", "=", keyId)
      .where("ends_at", ">", nowMs)
      .returning("hash")
      .execute();
    return ended.length > 0;
  };

  return {
    /** Gives a key, whose row the caller has locked, a new secret. */
    async rotate(key: ApiKeyRecord, { made, formerEndsAt, expiresAt }: Rotation, nowMs: number): Promise<ApiKeyRecord> {
      await endFormer(key.id, nowMs);
      const kept = await db
        .updateTable("key_secret")
        .set({ ends_at: formerEndsAt })
        .where("key_id", "=", key.id)
        .where("ends_at", "is", null)
        .returning("hash")
        .execute();
      if (kept.length === 0) {
        const { hash, id, label, created_at } = key;
        const first = { hash, key_id: id, label, created_at, ends_at: formerEndsAt };
        await db.insertInto("key_secret").values(first).execute();
      }
      const { hash, label } = made;
      const current = { hash, key_id: key.id, label, created_at: nowMs, ends_at: null };
      await db.insertInto("key_secret").values(current).execute();
      const values = { label, rotated_at: nowMs, ...(expiresAt === undefined ? {} : { expires_at: expiresAt }) };
      return changed({ id: key.id, nowMs }, values);
    },

    /** Ends the former secret of a key, whose row the caller has locked, before its time; null when none still works. */
    async endFormerSecret(key: ApiKeyRecord, nowMs: number): Promise<ApiKeyRecord | null> {
      return (await endFormer(key.id, nowMs)) ? changed({ id: key.id, nowMs }, {}) : null;
    },

    formerSecrets: (keyIds: readonly string[], nowMs: number) => formerSecrets(db, keyIds, nowMs),
  };
}

/** The former secrets that still work, by the id of their key. */
export async function formerSecrets(
  db: Db,
  keyIds: readonly string[],
  nowMs: number,
): Promise<Map<string, FormerSecret>> {
  if (keyIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("key_secret")
    .select(["key_id", "label", "ends_at"])
    .where("key_id", "in", keyIds)
    .where("ends_at", ">", nowMs)
    .execute();
  return new Map(rows.map((row) => [row.key_id, { label: row.label, endsAt: row.ends_at ?? nowMs }]));
}
