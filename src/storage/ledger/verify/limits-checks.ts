/** Limits: nothing above them, and everything that is set aside is accounted for. */
import { sql } from "kysely";
import type { NanoUsd } from "../../../kernel/money.ts";
import { readMark } from "../../rollups/marks.ts";
import { converseWithin } from "../../usage-writer/kysely-rows.ts";
import type { LimitRow } from "../books.ts";
import { limitIdsFrom } from "../load.ts";
import { spentIn } from "../make-limits.ts";
import { userAccount } from "../movements.ts";
import { type Check, type CheckPlace, MOST_BREACHES, SAMPLE } from "./check.ts";

export const limitsChecks: readonly Check[] = [
  {
    id: "I4",
    breaches: async ({ db }) => {
      const { rows } = await sql<{ id: string }>`
        select id from spend_limit
        where posted_nano + pending_nano > ceiling_nano or posted_nano < 0 or pending_nano < 0
        limit ${MOST_BREACHES}`.execute(db);
      return rows.map(({ id }) => `${id} has more charged and set aside than it could ever have`);
    },
  },
  { id: "I5", breaches: unexplainedPending },
  {
    id: "I6",
    breaches: async (place) => [...(await unfinished(place)), ...(await unrecorded(place))],
  },
  {
    id: "I8",
    breaches: async (place) => [...(await wrongPosted(place)), ...(await wrongCredit(place))],
  },
];

async function unexplainedPending({ db }: CheckPlace): Promise<string[]> {
  const expected = new Map<string, NanoUsd>();
  const add = (limits: string, nano: NanoUsd) => {
    for (const id of limitIdsFrom(limits)) expected.set(id, (expected.get(id) ?? 0n) + nano);
  };
  const held = db.selectFrom("reservation").select(["limits", "granted_nano"]).where("state", "=", "held");
  for (const { limits, granted_nano } of await held.where("lease_id", "is", null).execute()) add(limits, granted_nano);
  const leases = db.selectFrom("lease").select(["limits", "amount_nano"]).where("state", "=", "open");
  for (const { limits, amount_nano } of await leases.execute()) add(limits, amount_nano);
  const pending = await db
    .selectFrom("spend_limit")
    .select(["id", "pending_nano"])
    .where("pending_nano", "!=", 0n)
    .execute();
  for (const { id, pending_nano } of pending) expected.set(id, (expected.get(id) ?? 0n) - pending_nano);
  return [...expected]
    .filter(([, difference]) => difference !== 0n)
    .slice(0, MOST_BREACHES)
    .map(([id, difference]) => `${difference} of what holds and leases say is not set aside on ${id}`);
}

async function unfinished({ db }: CheckPlace): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select request_id as id from reservation
    where (state = 'held') <> (ended_at is null) or state not in ('held', 'posted', 'voided', 'expired')
    or granted_nano < 0 limit ${MOST_BREACHES}`.execute(db);
  return rows.map(({ id }) => `the reservation of ${id} is neither open nor ended`);
}

/** Every hold that was paid has one record, as long as records of its time are kept. */
async function unrecorded({ db, isFull }: CheckPlace): Promise<string[]> {
  if (!isFull) return [];
  const keptSinceMs = (await readMark(db, "usage_kept_since")) ?? 0;
  const { rows } = await sql<{ id: string; records: number }>`
    select r.request_id as id, count(u.id) as records from reservation r
    left join usage u on u.request_id = r.request_id
    where r.state = 'posted' and r.started_at >= ${keptSinceMs} group by r.request_id having count(u.id) <> 1 limit ${MOST_BREACHES}`.execute(
    db,
  );
  return rows.map(({ id, records }) => `the paid call ${id} has ${records} records`);
}

/** What a limit says was charged is what the records of its window say. */
async function wrongPosted({ db, engine, isFull }: CheckPlace): Promise<string[]> {
  let rows = db.selectFrom("spend_limit").selectAll().where("scope", "!=", "credit");
  if (!isFull) rows = rows.orderBy("pending_nano", "desc").limit(SAMPLE / 20);
  const breaches: string[] = [];
  for (const row of await rows.execute()) {
    const spent = await converseWithin({ db, engine }, spentIn(row));
    if (spent !== row.posted_nano) breaches.push(`${row.id} says ${row.posted_nano}, the records say ${spent}`);
  }
  return breaches.slice(0, MOST_BREACHES);
}

/** Credit: paid in less paid back is the limit, charges are what is posted, and the difference is the balance. */
async function wrongCredit({ db, isFull }: CheckPlace): Promise<string[]> {
  let credits = db.selectFrom("spend_limit").selectAll().where("scope", "=", "credit");
  if (!isFull) credits = credits.orderBy("pending_nano", "desc").limit(SAMPLE / 20);
  const breaches: string[] = [];
  for (const row of await credits.execute()) {
    const { paid, charged } = await movedBy(row, db);
    if (paid !== row.lim_nano) breaches.push(`${row.id} allows ${row.lim_nano}, and ${paid} was paid in`);
    if (charged !== row.posted_nano) breaches.push(`${row.id} says ${row.posted_nano}, and ${charged} was charged`);
  }
  return breaches.slice(0, MOST_BREACHES);
}

async function movedBy({ owner_id }: LimitRow, db: CheckPlace["db"]): Promise<{ paid: NanoUsd; charged: NanoUsd }> {
  const { rows } = await sql<{ paid_nano: NanoUsd; charged_nano: NanoUsd }>`
    select cast(coalesce(sum(case when kind <> 'charge' then amount_nano end), 0) as bigint) as paid_nano,
      cast(coalesce(-sum(case when kind = 'charge' then amount_nano end), 0) as bigint) as charged_nano
    from posting where account_id = ${userAccount(owner_id)}`.execute(db);
  return { paid: rows[0]?.paid_nano ?? 0n, charged: rows[0]?.charged_nano ?? 0n };
}
