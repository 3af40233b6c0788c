/** How far the sums and what they are made of reach: single numbers in the table `instance`. */
import type { Db } from "../open.ts";

/**
 * `usage_days_closed`: the last UTC day whose sums stand in `usage_day`; later ones are read from `usage_hour`.
 * `instance_days_closed`: the last UTC day whose sums over all accounts stand in `instance_day`.
 * `usage_kept_since`: single requests before this time (epoch milliseconds) have been dropped.
 */
export type Mark = "usage_days_closed" | "instance_days_closed" | "usage_kept_since";

export async function readMark(db: Db, name: Mark): Promise<number | null> {
  const row = await db.selectFrom("instance").select("value").where("name", "=", name).executeTakeFirst();
  return row === undefined ? null : Number(row.value);
}

export async function writeMark(db: Db, name: Mark, value: number): Promise<void> {
  await db
    .insertInto("instance")
    .values({ name, value: String(value) })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: String(value) }))
    .execute();
}
