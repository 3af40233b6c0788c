import type { Kysely, Migration } from "kysely";

/** Limits of keys, for whom they were made, and the authorization codes of the OAuth flow. */
export function keyAdministration(): Migration {
  return {
    up: async (db) => {
      await widenKeys(db);
      await createAuthCodes(db);
    },
  };
}

/** One column for each statement: SQLite takes no more. */
async function widenKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("api_key").addColumn("limit_nano", "bigint").execute();
  for (const column of ["limit_reset", "external_user", "app_origin"]) {
    await db.schema.alterTable("api_key").addColumn(column, "text").execute();
  }
  await db.schema
    .alterTable("api_key")
    .addColumn("include_byok_in_limit", "bigint", (column) => column.notNull().defaultTo(0))
    .execute();
}

async function createAuthCodes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("auth_code")
    .addColumn("code_hash", "text", (column) => column.primaryKey())
    .addColumn("user_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("used_at", "bigint")
    .addColumn("code_challenge", "text")
    .addColumn("code_challenge_method", "text")
    .addColumn("app_origin", "text", (column) => column.notNull())
    .addColumn("key_name", "text", (column) => column.notNull())
    .addColumn("key_limit_nano", "bigint")
    .addColumn("key_limit_reset", "text")
    .addColumn("key_expires_at", "bigint")
    .execute();
  await db.schema.createIndex("auth_code_user").on("auth_code").column("user_id").execute();
}
