/** Goes from account to account by the index, without reading the rows of any. */
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

/** Lets requests be answered between two portions of work: the embedded database works in their thread. */
export function otherRequests(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
