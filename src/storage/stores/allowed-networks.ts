/**
 * Lists of addresses and networks in one column: JSON, such as `["10.0.0.0/8"]`. Null is no list, so anywhere; an empty
 * list is nowhere. What cannot be read is nowhere too: a damaged list lets nobody in.
 */
import { parseJson } from "../../kernel/json.ts";
import type { Db } from "../open.ts";
import type { ApiKeyRecord } from "../schema.ts";
import { inTransaction } from "../transaction.ts";
import { renewKeysOf } from "./key-versions.ts";

export function networksOf(column: string | null): string[] | null {
  if (column === null) return null;
  const parsed = parseJson(column);
  if (!parsed.ok || !Array.isArray(parsed.value)) return [];
  const networks = parsed.value.filter((network) => typeof network === "string");
  return networks.length === parsed.value.length ? networks : [];
}

export function networksColumn(networks: readonly string[] | null): string | null {
  return networks === null ? null : JSON.stringify(networks);
}

export type AccountNetworkStore = ReturnType<typeof createAccountNetworkStore>;

export function createAccountNetworkStore(db: Db) {
  return {
    async get(userId: string): Promise<string[] | null> {
      const row = await db.selectFrom("user").select("allowed_networks").where("id", "=", userId).executeTakeFirst();
      return networksOf(row?.allowed_networks ?? null);
    },

    /**
     * Sets the list of an account. Every one of its keys gets a new version with it, so that the change reaches the
     * data plane on the way of all changes; the changed keys are returned.
     */
    set(userId: string, networks: readonly string[] | null, nowMs: number): Promise<ApiKeyRecord[]> {
      return inTransaction(db, async (transaction) => {
        await transaction
          .updateTable("user")
          .set({ allowed_networks: networksColumn(networks) })
          .where("id", "=", userId)
          .execute();
        return renewKeysOf(transaction, userId, nowMs);
      });
    },
  };
}
