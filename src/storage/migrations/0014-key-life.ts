import type { Migration } from "kysely";

/** Who was reminded of which end of a key. */
export function keyLife(): Migration {
  return {
    up: async (db) => {
      await db.schema
        .createTable("key_reminder")
        .addColumn("key_id", "text", (column) => column.notNull())
        .addColumn("expires_at", "bigint", (column) => column.notNull())
        .addColumn("days", "bigint", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addColumn("dismissed_at", "bigint")
        .addPrimaryKeyConstraint("key_reminder_key", ["key_id", "expires_at", "days"])
        .execute();
      await db.schema.createIndex("key_reminder_user").on("key_reminder").column("user_id").execute();
      await db.schema.createIndex("api_key_expires").on("api_key").column("expires_at").execute();
    },
  };
}
