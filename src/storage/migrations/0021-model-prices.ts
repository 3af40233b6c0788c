import type { Migration } from "kysely";

/** Prices that the operator has set in the dashboard, one for each model of a provider. */
export function modelPrices(): Migration {
  return {
    up: async (db) => {
      await db.schema
        .createTable("model_price")
        .addColumn("provider", "text", (column) => column.notNull())
        .addColumn("model", "text", (column) => column.notNull())
        .addColumn("rates", "text")
        .addColumn("updated_at", "bigint", (column) => column.notNull())
        .addColumn("version", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("model_price_key", ["provider", "model"])
        .execute();
    },
  };
}
