import type { Db } from "./open.ts";

/** Everything that `work` does becomes durable together, or nothing. Joins the transaction that `db` already is. */
export function inTransaction<Result>(db: Db, work: (db: Db) => Promise<Result>): Promise<Result> {
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}
