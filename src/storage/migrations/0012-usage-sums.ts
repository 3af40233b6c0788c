import { type CreateTableBuilder, type Kysely, type Migration, sql } from "kysely";
import type { Engine } from "../engine.ts";
import { COUNT_COLUMNS, FROM_USAGE, PLACE_COLUMNS } from "../rollups/columns.ts";
import { FIRST_TOKEN_COLUMNS } from "../rollups/first-token.ts";

/**
 * Sums for each hour and day instead of `activity_day`, begun with what the usage rows hold: none was ever dropped. Days
 * are made from hours by the job that closes them.
 */
export function usageSums(engine: Engine): Migration {
  return {
    up: async (db) => {
      for (const step of ["hour", "day"] as const) await createSums(db, engine, step);
      const columns = [...PLACE_COLUMNS, ...COUNT_COLUMNS, ...FIRST_TOKEN_COLUMNS];
      const values = columns.map((column) => FROM_USAGE[column]);
      const places = PLACE_COLUMNS.map((column) => FROM_USAGE[column]);
      await sql`
        insert into usage_hour (user_id, hour, provider, ${sql.raw(columns.join(", "))})
        select user_id, created_at / 3600000, coalesce(max(provider), ''), ${sql.raw(values.join(", "))}
        from usage group by user_id, created_at / 3600000, ${sql.raw(places.join(", "))}`.execute(db);
      await db.schema.dropTable("activity_day").execute();
    },
  };
}

async function createSums(db: Kysely<unknown>, engine: Engine, step: "hour" | "day"): Promise<void> {
  const key: string[] = ["user_id", step, ...PLACE_COLUMNS];
  let table: CreateTableBuilder<string, string> = db.schema
    .createTable(`usage_${step}`)
    .addColumn(step, "bigint", (column) => column.notNull());
  for (const name of ["user_id", ...PLACE_COLUMNS, "provider"])
    table = table.addColumn(name, "text", (column) => column.notNull());
  for (const name of COUNT_COLUMNS) table = table.addColumn(name, "bigint", (column) => column.notNull());
  for (const name of FIRST_TOKEN_COLUMNS) table = table.addColumn(name, "integer", (column) => column.notNull());
  table = table.addPrimaryKeyConstraint(`usage_${step}_key`, key);
  // The rows of an account and a range of time lie side by side then, and are read in one go.
  if (engine === "sqlite") table = table.modifyEnd(sql`without rowid`);
  await table.execute();
}
