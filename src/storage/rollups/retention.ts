/**
 * Drops single requests that are too old or too many; the sums of days stay for ever.
 *
 * Invariants: what is dropped is always everything before a border, which moves forward and is written down before the
 * first row goes, so that pages and checks know what they can still expect; it never lies after the running hour, so that
 * what is recorded from now on stays, and a border that a clock set far ahead has left there comes back; a portion at a
 * time, with the requests of others between them; hours that have not become days are kept, and those of a day go at once.
 */
import { sql } from "kysely";
import { DAY_MS } from "../../kernel/windows.ts";
import type { Storage } from "../open.ts";
import { accountsIn, otherRequests } from "./accounts.ts";
import { HOUR_MS } from "./columns.ts";
import { readMark, writeMark } from "./marks.ts";
import { borderForBytes } from "./size.ts";

/** For how long sums of single hours are kept; ranges that reach further back are drawn by the day. */
export const KEEP_HOURS_DAYS = 100;
/** So few that nobody waits for them. */
const PORTION = 500;
/** Times as long as a portion took: SQLite lets one write at a time, and whoever waits for it looks only now and then. */
const RESTS_FOR = 3;

export interface Retention {
  days: number;
  /** What the records of single requests may take, in bytes. */
  maxBytes: number;
}

/** Resolves to how many requests were dropped. */
export async function pruneUsage(storage: Storage, retention: Retention, nowMs: number): Promise<number> {
  const { db } = storage;
  const before = (await readMark(db, "usage_kept_since")) ?? 0;
  const byAge = Math.floor((nowMs - retention.days * DAY_MS) / HOUR_MS) * HOUR_MS;
  const bySize = (await borderForBytes(storage, retention.maxBytes)) ?? 0;
  const runningHour = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const border = Math.min(Math.max(before, byAge, bySize), runningHour);
  if (border !== before) await writeMark(db, "usage_kept_since", border);
  let dropped = 0;
  for await (const userId of accountsIn(db, "usage")) dropped += await dropBefore(storage, userId, border);
  await dropHours(storage, nowMs);
  return dropped;
}

async function dropBefore({ db }: Storage, userId: string, border: number): Promise<number> {
  const old = db
    .selectFrom("usage")
    .select("id")
    .where("user_id", "=", userId)
    .where("created_at", "<", border)
    .orderBy("created_at")
    .limit(PORTION);
  for (let dropped = 0; ; ) {
    const beganMs = performance.now();
    const { numDeletedRows } = await db.deleteFrom("usage").where("id", "in", old).executeTakeFirstOrThrow();
    dropped += Number(numDeletedRows);
    if (numDeletedRows < PORTION) return dropped;
    await rest(RESTS_FOR * (performance.now() - beganMs));
  }
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Hours that are old and stand in the sums of their day. */
async function dropHours({ db }: Storage, nowMs: number): Promise<void> {
  const closed = await readMark(db, "usage_days_closed");
  if (closed === null) return;
  // The day that was closed last is made once more, and needs its hours.
  const border = Math.min(Math.floor(nowMs / DAY_MS) - KEEP_HOURS_DAYS, closed - 1) * 24;
  for await (const userId of accountsIn(db, "usage_hour")) {
    for (;;) {
      const { first } = await db
        .selectFrom("usage_hour")
        .select(sql<number | null>`min(hour)`.as("first"))
        .where("user_id", "=", userId)
        .executeTakeFirstOrThrow();
      if (first === null || first >= border) break;
      const one = db.deleteFrom("usage_hour").where("user_id", "=", userId);
      await one.where("hour", "<", Math.min(border, (Math.floor(first / 24) + 1) * 24)).execute();
      await otherRequests();
    }
  }
}
