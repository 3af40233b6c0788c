import type { Migration } from "kysely";

/** The figures behind the price versions of charges, and what else of a usage row a charge is recomputed from. */
export function prices(): Migration {
  return {
    up: async (db) => {
      await db.schema
        .createTable("price_version")
        .addColumn("version", "text", (column) => column.primaryKey())
        .addColumn("rates", "text", (column) => column.notNull())
        .addColumn("first_used_at", "bigint", (column) => column.notNull())
        .execute();
      await db.schema.alterTable("usage").addColumn("billed_parts", "text").execute();
      await db.schema.alterTable("usage").addColumn("settled_as", "text").execute();
    },
  };
}
