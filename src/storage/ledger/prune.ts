/**
 * Drops what the ledger no longer needs: holds and leases that ended long ago, and first answers to requests that may
 * not happen twice. The books, the limits and the usage records stay.
 *
 * Invariants: nothing that is open is touched; a portion at a time, so that no call waits long; a movement of credit whose
 * answer is gone is refused when it is asked again, because its name stands in the books.
 */
import { DAY_MS } from "../../kernel/windows.ts";
import type { Db } from "../open.ts";

/** How long what has ended is kept. Longer than a lease is used: see LeasePool. */
export const KEEP_ENDED_MS = 30 * DAY_MS;
/** For how long a request under the same name gets the first answer again. */
export const KEEP_ANSWERS_MS = 30 * DAY_MS;

const PORTION = 500;

export async function pruneLedger(db: Db, nowMs: number): Promise<void> {
  const endedBefore = nowMs - KEEP_ENDED_MS;
  const reservations = db.selectFrom("reservation").select("request_id").where("state", "!=", "held");
  const oldReservations = reservations.where("ended_at", "<", endedBefore).limit(PORTION);
  await inPortions(() => db.deleteFrom("reservation").where("request_id", "in", oldReservations).executeTakeFirst());
  const leases = db.selectFrom("lease").select("id").where("state", "!=", "open");
  const oldLeases = leases.where("created_at", "<", endedBefore).limit(PORTION);
  await inPortions(() => db.deleteFrom("lease").where("id", "in", oldLeases).executeTakeFirst());
  const oldAnswers = db
    .selectFrom("idempotent_answer")
    .select(["principal", "name"])
    .where("created_at", "<", nowMs - KEEP_ANSWERS_MS)
    .limit(PORTION);
  await inPortions(() =>
    db
      .deleteFrom("idempotent_answer")
      .where(({ eb, refTuple }) => eb(refTuple("principal", "name"), "in", oldAnswers.$asTuple("principal", "name")))
      .executeTakeFirst(),
  );
}

async function inPortions(drop: () => Promise<{ numDeletedRows: bigint }>): Promise<void> {
  while ((await drop()).numDeletedRows >= PORTION);
}
