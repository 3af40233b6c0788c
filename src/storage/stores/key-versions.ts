import type { Db } from "../open.ts";
import type { ApiKeyRecord } from "../schema.ts";

/**
 * Gives every key of an account a new version, so that what changed about the account reaches the data plane on the way of
 * all changes of keys. Returns the changed keys.
 */
export function renewKeysOf(db: Db, userId: string, nowMs: number): Promise<ApiKeyRecord[]> {
  return db
    .updateTable("api_key")
    .set((eb) => ({ version: eb("version", "+", 1), updated_at: nowMs }))
    .where("user_id", "=", userId)
    .where("deleted_at", "is", null)
    .returningAll()
    .execute();
}
