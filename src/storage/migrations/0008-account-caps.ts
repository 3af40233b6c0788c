import type { Migration } from "kysely";

/** How fast all keys of an account together may call. */
export function accountCaps(): Migration {
  return {
    up: async (db) => {
      await db.schema
        .createTable("account_caps")
        .addColumn("user_id", "text", (column) => column.primaryKey())
        .addColumn("rpm", "bigint")
        .addColumn("tpm", "bigint")
        .addColumn("parallel", "bigint")
        .addColumn("updated_at", "bigint", (column) => column.notNull())
        .execute();
    },
  };
}
