import { type CreateTableBuilder, type Migration, sql } from "kysely";
import type { Engine } from "../engine.ts";
import { COUNT_COLUMNS } from "../rollups/columns.ts";
import { FIRST_TOKEN_COLUMNS } from "../rollups/first-token.ts";

/**
 * Sums over all accounts for each day, for whoever owns the instance; the job that closes days fills them. And single
 * requests of all accounts in the order of their time.
 */
export function instanceDays(engine: Engine): Migration {
  return {
    up: async (db) => {
      let table: CreateTableBuilder<string, string> = db.schema
        .createTable("instance_day")
        .addColumn("split", "text", (column) => column.notNull())
        .addColumn("day", "bigint", (column) => column.notNull());
      for (const name of ["account_id", "model", "provider_slug", "provider"])
        table = table.addColumn(name, "text", (column) => column.notNull());
      for (const name of [...COUNT_COLUMNS, ...FIRST_TOKEN_COLUMNS])
        table = table.addColumn(name, "bigint", (column) => column.notNull());
      table = table.addPrimaryKeyConstraint("instance_day_key", [
        "split",
        "day",
        "account_id",
        "model",
        "provider_slug",
      ]);
      if (engine === "sqlite") table = table.modifyEnd(sql`without rowid`);
      await table.execute();
      await db.schema.createIndex("usage_created").on("usage").column("created_at").execute();
    },
  };
}
