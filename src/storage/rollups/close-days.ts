/**
 * Makes the sums of a day out of its hours, once the day is over.
 *
 * Invariants: a day is closed only when no request of it can still be written; closing it again changes nothing, so that a
 * process that dies half-way, or two that do it at once, do no harm; hours of a day that is not closed are never dropped;
 * days that a clock set ahead has closed too early are read from their hours again.
 */
import { sql } from "kysely";
import { DAY_MS } from "../../kernel/windows.ts";
import type { Db } from "../open.ts";
import { accountsIn, otherRequests } from "./accounts.ts";
import { ADDED_COLUMNS, PLACE_COLUMNS } from "./columns.ts";
import { closeInstanceDays } from "./instance-days.ts";
import { readMark, writeMark } from "./marks.ts";

/** Longer than any answer may take: a request counts for the day in which it began. */
const SETTLED_AFTER_MS = 2 * 3_600_000;

/** Closes every day that is over and has not been closed. */
export async function closeDays(db: Db, nowMs: number): Promise<void> {
  const last = Math.floor((nowMs - SETTLED_AFTER_MS) / DAY_MS) - 1;
  await closeAccounts(db, last);
  await closeInstanceDays(db, last);
}

async function closeAccounts(db: Db, last: number): Promise<void> {
  const closed = await readMark(db, "usage_days_closed");
  if (closed === last) return;
  if (closed !== null && closed > last) return writeMark(db, "usage_days_closed", last);
  // The day that was closed last is closed once more, for a request that was written later than any should be.
  for await (const userId of accountsIn(db, "usage_hour")) await closeAccount(db, userId, { from: closed, last });
  await writeMark(db, "usage_days_closed", last);
}

async function closeAccount(
  db: Db,
  userId: string,
  { from, last }: { from: number | null; last: number },
): Promise<void> {
  const { hour } = await db
    .selectFrom("usage_hour")
    .select((eb) => eb.fn.min<number | null>("hour").as("hour"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  if (hour === null) return;
  const first = Math.max(from ?? 0, Math.floor(hour / 24));
  for (let day = first; day <= last; day++) {
    await closeDay(db, userId, day);
    await otherRequests();
  }
}

/** Puts the sums of an account's day in place of what was there. */
export async function closeDay(db: Db, userId: string, day: number): Promise<void> {
  const places = sql.join(PLACE_COLUMNS.map((name) => sql.ref(name)));
  const added = sql.join(ADDED_COLUMNS.map((name) => sql.ref(name)));
  const sums = sql.join(ADDED_COLUMNS.map((name) => sql`sum(${sql.ref(name)})`));
  const replaced = sql.join(ADDED_COLUMNS.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`));
  await sql`
    insert into usage_day (user_id, day, ${places}, provider, ${added})
    select user_id, cast(${day} as bigint), ${places}, max(provider), ${sums} from usage_hour
    where user_id = ${userId} and hour >= ${day * 24} and hour < ${(day + 1) * 24}
    group by user_id, ${places}
    on conflict (user_id, day, ${places}) do update set ${replaced}`.execute(db);
}
