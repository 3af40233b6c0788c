import type { Migration } from "kysely";

/** What people want to see again on a page, under a name: each person's own in each account, on every device. */
export function savedViews(): Migration {
  return {
    up: async (db) => {
      await db.schema
        .createTable("saved_view")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("account_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
        .addColumn("user_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
        .addColumn("page", "text", (column) => column.notNull())
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("query", "text", (column) => column.notNull())
        .addColumn("is_shared", "bigint", (column) => column.notNull())
        .addColumn("saved_at", "bigint", (column) => column.notNull())
        .addUniqueConstraint("saved_view_name", ["account_id", "user_id", "page", "name"])
        .execute();
      await db.schema.createIndex("saved_view_user").on("saved_view").column("user_id").execute();
    },
  };
}
