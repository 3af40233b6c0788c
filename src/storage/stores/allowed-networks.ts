/** From where all keys of an account may be called: addresses and networks. Null is anywhere, an empty list nowhere. */
import { listColumn, listOf } from "../list-column.ts";
import type { Db } from "../open.ts";
import type { ApiKeyRecord } from "../schema.ts";
import { inTransaction } from "../transaction.ts";
import { renewKeysOf } from "./key-versions.ts";

export type AccountNetworkStore = ReturnType<typeof createAccountNetworkStore>;

export function createAccountNetworkStore(db: Db) {
  return {
    async get(userId: string): Promise<string[] | null> {
      const row = await db.selectFrom("user").select("allowed_networks").where("id", "=", userId).executeTakeFirst();
      return listOf(row?.allowed_networks ?? null);
    },

    /**
     * Sets the list of an account. Every one of its keys gets a new version with it, so that the change reaches the
     * data plane on the way of all changes; the changed keys are returned.
     */
    set(userId: string, networks: readonly string[] | null, nowMs: number): Promise<ApiKeyRecord[]> {
      return inTransaction(db, async (transaction) => {
        await transaction
          .updateTable("user")
          .set({ allowed_networks: listColumn(networks) })
          .where("id", "=", userId)
          .execute();
        return renewKeysOf(transaction, userId, nowMs);
      });
    },
  };
}
