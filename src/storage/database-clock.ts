/**
 * The time as the database has it, so that the windows of budgets begin at the same moment on every server, however wrong
 * their own clocks are.
 *
 * The database is asked again when time is asked for and the last answer is half a minute old; between two answers time goes on by the monotonic clock of this process, which no
 * correction of the system's time moves. What is wrong by is at most half of how long the answer took, and one that took
 * long is not believed. While the database does not answer, time goes on from the last answer.
 * The embedded database has no time of its own: it is that of the one machine.
 */
import { sql } from "kysely";
import type { Clock } from "../kernel/clock.ts";
import type { Engine } from "./engine.ts";
import type { Db } from "./open.ts";

/** What an answer may be wrong by is half of this. */
const SLOWEST_ANSWER_MS = 1_000;
const ASK_EVERY_MS = 30_000;

export interface DatabaseClock extends Clock {
  /** Asks the database again now. Rejects when it does not answer. */
  synchronise(): Promise<void>;
}

/** Rejects when the database does not answer. */
export async function createDatabaseClock(
  { db, engine }: { db: Db; engine: Engine },
  own: Clock,
): Promise<DatabaseClock> {
  const monotonicMs = () => own.monotonicMs();
  if (engine === "sqlite") return { nowMs: () => own.nowMs(), monotonicMs, synchronise: async () => {} };
  let known = { databaseMs: 0, atMs: Number.NEGATIVE_INFINITY };
  let askedLastMs = own.monotonicMs();
  const synchronise = async () => {
    const askedMs = own.monotonicMs();
    askedLastMs = askedMs;
    const databaseMs = await databaseTimeMs(db);
    const answeredMs = own.monotonicMs();
    const isFirst = known.databaseMs === 0;
    if (isFirst || answeredMs - askedMs <= SLOWEST_ANSWER_MS) known = { databaseMs, atMs: (askedMs + answeredMs) / 2 };
  };
  await synchronise();
  const nowMs = () => {
    // What fails is tried again with the next time that is asked for half a minute later.
    if (own.monotonicMs() - askedLastMs >= ASK_EVERY_MS) synchronise().catch(() => undefined);
    return Math.round(known.databaseMs + own.monotonicMs() - known.atMs);
  };
  return { nowMs, monotonicMs, synchronise };
}

/** Epoch milliseconds. */
async function databaseTimeMs(db: Db): Promise<number> {
  const { rows } = await sql<{ now_ms: number }>`
    select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as now_ms`.execute(db);
  const [row] = rows;
  if (!row) throw new Error("the database did not say the time");
  return row.now_ms;
}
