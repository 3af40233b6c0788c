import type { Kysely, Migration } from "kysely";

/** Wishes about providers for every request, presets, and what a usage row tells of both and of the response cache. */
export function routing(): Migration {
  return {
    up: async (db) => {
      for (const column of ["response_cache_source_id", "preset_id", "router"]) {
        await db.schema.alterTable("usage").addColumn(column, "text").execute();
      }
      await db.schema
        .createTable("routing_defaults")
        .addColumn("owner_id", "text", (column) => column.primaryKey())
        .addColumn("wishes", "text", (column) => column.notNull())
        .addColumn("updated_at", "bigint", (column) => column.notNull())
        .addColumn("version", "bigint", (column) => column.notNull())
        .execute();
      await createPresets(db);
    },
  };
}

async function createPresets(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("preset")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("slug", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("description", "text")
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("status_updated_at", "bigint")
    .addColumn("designated_version_id", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .addUniqueConstraint("preset_slug", ["user_id", "slug"])
    .execute();
  await db.schema
    .createTable("preset_version")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("preset_id", "text", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("creator_id", "text", (column) => column.notNull())
    .addColumn("system_prompt", "text")
    .addColumn("config", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addUniqueConstraint("preset_version_number", ["preset_id", "version"])
    .execute();
}
