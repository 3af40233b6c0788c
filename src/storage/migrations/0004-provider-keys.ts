import type { Migration } from "kysely";

/** Providers that are connected in the dashboard. */
export function providerKeys(): Migration {
  return {
    up: async (db) => {
      await db.schema
        .createTable("provider_key")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("slug", "text", (column) => column.notNull().unique())
        .addColumn("type", "text", (column) => column.notNull())
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("base_url", "text", (column) => column.notNull())
        .addColumn("models", "text")
        .addColumn("shown_fields", "text", (column) => column.notNull())
        .addColumn("label", "text", (column) => column.notNull())
        .addColumn("kek_id", "text", (column) => column.notNull())
        .addColumn("wrapped_key", "text", (column) => column.notNull())
        .addColumn("sealed", "text", (column) => column.notNull())
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addColumn("updated_at", "bigint", (column) => column.notNull())
        .addColumn("disabled_at", "bigint")
        .addColumn("version", "bigint", (column) => column.notNull())
        .execute();
    },
  };
}
