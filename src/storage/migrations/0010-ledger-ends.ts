import type { Migration } from "kysely";

/** Finds what ended long ago without reading all of it. */
export function ledgerEnds(): Migration {
  return {
    up: async (db) => {
      await db.schema.createIndex("reservation_ended").on("reservation").column("ended_at").execute();
      await db.schema.createIndex("lease_created").on("lease").column("created_at").execute();
      await db.schema.createIndex("idempotent_answer_created").on("idempotent_answer").column("created_at").execute();
    },
  };
}
