/** Goes from account to account by the index, without reading the rows of any. */
import { PostgresAdapter, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Db } from "../open.ts";

/** Every account that has rows in a table, deleted ones included. */
export async function* accountsIn(db: Db, table: "usage" | "usage_hour" | "usage_day"): AsyncGenerator<string> {
  for (let last = ""; ; ) {
    const { next } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.min<string | null>("user_id").as("next"))
      .where("user_id", ">", last)
      .executeTakeFirstOrThrow();
    if (next === null) return;
    yield next;
    last = next;
  }
}

/**
 * The rows of an account; with null those of every account, found one after the other by the index, so that a range of time
 * is read from each and nothing else is.
 */
export function rowsOf(db: Db, table: "usage_hour" | "usage_day", userId: string | null): RawBuilder<SqlBool> {
  if (userId !== null) return sql`user_id = ${userId}`;
  const next = (after: RawBuilder<unknown>) =>
    sql`select min(user_id) from ${sql.table(table)} where user_id > ${after}`;
  const all = sql`with recursive known (id) as (
      ${next(sql`''`)} union all select (${next(sql`known.id`)}) from known where known.id is not null
    ) select id from known where id is not null`;
  // PostgreSQL reads the whole table and joins it for `in`; of a list it knows that the index is there for each.
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  return isPostgres ? sql`user_id = any(array(${all}))` : sql`user_id in (${all})`;
}

/** Lets requests be answered between two portions of work: the embedded database works in their thread. */
export function otherRequests(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
