import type { Migration } from "kysely";

/** How much of each cap on the rate of calls each process may give by itself, until when. */
export function capShares(): Migration {
  return {
    up: async (db) => {
      await db.schema
        .createTable("cap_share")
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("process_id", "text", (column) => column.notNull())
        .addColumn("share", "bigint", (column) => column.notNull())
        .addColumn("expires_at", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("cap_share_key", ["name", "process_id"])
        .execute();
      await db.schema.createIndex("cap_share_process").on("cap_share").column("process_id").execute();
    },
  };
}
