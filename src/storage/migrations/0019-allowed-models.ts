import type { Migration } from "kysely";

/** Which models a key may call; null for all. */
export function allowedModels(): Migration {
  return {
    up: async (db) => {
      await db.schema.alterTable("api_key").addColumn("allowed_models", "text").execute();
    },
  };
}
