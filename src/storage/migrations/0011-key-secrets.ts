import type { Migration } from "kysely";

/**
 * The secrets of keys that were rotated. A key that never was has no row here: its one secret is the hash in its own row,
 * so that an older release beside this one goes on making keys that both know.
 */
export function keySecrets(): Migration {
  return {
    up: async (db) => {
      await db.schema
        .createTable("key_secret")
        .addColumn("hash", "text", (column) => column.primaryKey())
        .addColumn("key_id", "text", (column) => column.notNull())
        .addColumn("label", "text", (column) => column.notNull())
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addColumn("ends_at", "bigint")
        .execute();
      await db.schema.createIndex("key_secret_key").on("key_secret").columns(["key_id", "ends_at"]).execute();
      await db.schema.alterTable("api_key").addColumn("rotated_at", "bigint").execute();
    },
  };
}
