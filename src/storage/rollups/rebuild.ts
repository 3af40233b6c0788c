/**
 * Makes all sums anew from the usage rows, account by account and day by day: after rows were written past the writer (a
 * seed), or should a check ever find them wrong. What lies before the rows that are kept stays as it is. The sums of a day
 * are exchanged in one transaction; a request that is written meanwhile waits for it and is counted once.
 */
import { sql } from "kysely";
import { DAY_MS } from "../../kernel/windows.ts";
import type { Db } from "../open.ts";
import { accountsIn, otherRequests } from "./accounts.ts";
import { closeDay } from "./close-days.ts";
import { ADDED_COLUMNS, FROM_USAGE, HOUR_MS, PLACE_COLUMNS } from "./columns.ts";
import { closeInstanceDays, forgetInstanceDays } from "./instance-days.ts";
import { readMark } from "./marks.ts";

export async function rebuildSums(
  db: Db,
  onDay: (done: { userId: string; day: number }) => void = () => {},
): Promise<void> {
  const closed = await readMark(db, "usage_days_closed");
  const keptSinceMs = await readMark(db, "usage_kept_since");
  const firstWholeDay = keptSinceMs === null ? 0 : Math.ceil(keptSinceMs / DAY_MS);
  for await (const userId of accountsIn(db, "usage")) {
    const { firstMs, lastMs } = await db
      .selectFrom("usage")
      .select((eb) => [eb.fn.min<number>("created_at").as("firstMs"), eb.fn.max<number>("created_at").as("lastMs")])
      .where("user_id", "=", userId)
      .executeTakeFirstOrThrow();
    const first = Math.max(firstWholeDay, Math.floor(firstMs / DAY_MS));
    for (let day = first; day <= Math.floor(lastMs / DAY_MS); day++) {
      await db.transaction().execute((transaction) => rebuildDay(transaction, userId, day));
      if (closed !== null && day <= closed) await closeDay(db, userId, day);
      onDay({ userId, day });
      await otherRequests();
    }
  }
  if (closed === null) return;
  await forgetInstanceDays(db);
  await closeInstanceDays(db, closed);
}

async function rebuildDay(db: Db, userId: string, day: number): Promise<void> {
  const hours = db.deleteFrom("usage_hour").where("user_id", "=", userId);
  await hours
    .where("hour", ">=", day * 24)
    .where("hour", "<", (day + 1) * 24)
    .execute();
  await db.deleteFrom("usage_day").where("user_id", "=", userId).where("day", "=", day).execute();
  await db.deleteFrom("key_day").where("user_id", "=", userId).where("day", "=", day).execute();
  await sql`
    insert into usage_hour (user_id, hour, provider, ${columns})
    select user_id, ${HOUR_OF}, coalesce(max(provider), ''), ${values}
    from usage where ${ofDay(userId, day)} group by user_id, ${HOUR_OF}, ${places}`.execute(db);
  await sql`
    insert into key_day (key_id, day, user_id, requests, errors, prompt_tokens, completion_tokens, cost_nano, last_used_at)
    select key_id, cast(${day} as bigint), user_id, count(*), ${sql.raw(FROM_USAGE.errors)}, sum(prompt_tokens),
      sum(completion_tokens), coalesce(sum(cost_nano), 0), max(created_at)
    from usage where ${ofDay(userId, day)} group by key_id, user_id`.execute(db);
}

const HOUR_OF = sql.raw(`created_at / ${HOUR_MS}`);
const COLUMNS = [...PLACE_COLUMNS, ...ADDED_COLUMNS] as const;
const columns = sql.raw(COLUMNS.join(", "));
const values = sql.raw(COLUMNS.map((name) => FROM_USAGE[name]).join(", "));
const places = sql.raw(PLACE_COLUMNS.map((name) => FROM_USAGE[name]).join(", "));

function ofDay(userId: string, day: number) {
  return sql`user_id = ${userId} and created_at >= ${day * DAY_MS} and created_at < ${(day + 1) * DAY_MS}`;
}
