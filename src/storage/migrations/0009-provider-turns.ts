import type { Migration } from "kysely";

/** How often, and after whom, a provider of the dashboard is asked. A node of the release before this adds rows without them. */
export function providerTurns(): Migration {
  return {
    up: async (db) => {
      for (const [column, value] of [
        ["weight", 1],
        ["priority", 0],
      ] as const) {
        await db.schema
          .alterTable("provider_key")
          .addColumn(column, "bigint", (definition) => definition.notNull().defaultTo(value))
          .execute();
      }
    },
  };
}
