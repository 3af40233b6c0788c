/** The usage records: no figure below zero, and the sums that are kept with them are theirs. */
import { sql } from "kysely";
import { DAY_MS } from "../../../kernel/windows.ts";
import { readMark } from "../../rollups/marks.ts";
import { type Check, type CheckPlace, MOST_BREACHES, SAMPLE } from "./check.ts";

export const usageChecks: readonly Check[] = [
  {
    id: "I9",
    breaches: async (place) => [...(await negativeUsage(place)), ...(await negativeCharges(place))],
  },
  {
    id: "I8",
    breaches: async (place) => (place.isFull ? [...(await wrongKeyDays(place)), ...(await wrongHours(place))] : []),
  },
];

async function negativeUsage({ db, isFull }: CheckPlace): Promise<string[]> {
  const rows = isFull ? sql`usage` : sql`(select * from usage order by id desc limit ${SAMPLE})`;
  const found = await sql<{ id: string }>`
    select u.id from ${rows} as u where cost_nano < 0 or loss_nano < 0 or prompt_tokens < 0 or completion_tokens < 0
    or reasoning_tokens < 0 or cached_tokens < 0 limit ${MOST_BREACHES}`.execute(db);
  return found.rows.map(({ id }) => `the record ${id} has a figure below zero`);
}

/** Only what is paid back, or charged, takes from an account; only what is paid in gives. */
async function negativeCharges({ db }: CheckPlace): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select transfer_id as id from posting where account_id like 'user:%'
    and ((kind in ('charge', 'refund') and amount_nano >= 0) or (kind in ('top_up', 'grant') and amount_nano <= 0))
    limit ${MOST_BREACHES}`.execute(db);
  return rows.map(({ id }) => `the transfer ${id} goes the wrong way`);
}

/** Of the days whose records are all there still. */
async function wrongKeyDays({ db }: CheckPlace): Promise<string[]> {
  const firstDay = Math.ceil(((await readMark(db, "usage_kept_since")) ?? 0) / DAY_MS);
  const { rows } = await sql<{ key_id: string; day: number }>`
    select coalesce(k.key_id, u.key_id) as key_id, coalesce(k.day, u.day) as day from key_day k
    full join (select key_id, created_at / ${sql.lit(DAY_MS)} as day, count(*) as requests, sum(cost_nano) as cost,
      sum(prompt_tokens) as prompt, sum(completion_tokens) as completion from usage where created_at >= ${firstDay * DAY_MS}
      group by key_id, created_at / ${sql.lit(DAY_MS)}) u
    on u.key_id = k.key_id and u.day = k.day
    where coalesce(k.day, u.day) >= ${firstDay} and (k.key_id is null or u.key_id is null or k.requests <> u.requests
    or k.cost_nano <> coalesce(u.cost, 0) or k.prompt_tokens <> u.prompt or k.completion_tokens <> u.completion) limit ${MOST_BREACHES}`.execute(
    db,
  );
  return rows.map(({ key_id, day }) => `the sums of key ${key_id} on day ${day} are not those of its records`);
}

/** Of the days whose hours are all there still. */
async function wrongHours({ db }: CheckPlace): Promise<string[]> {
  const { rows } = await sql<{ key_id: string; day: number }>`
    select h.key_id, h.day from (select key_id, hour / 24 as day, sum(cost_nano) as cost, sum(requests) as requests
      from usage_hour group by key_id, hour / 24) h
    left join key_day k on k.key_id = h.key_id and k.day = h.day
    where k.key_id is null or h.cost <> k.cost_nano or h.requests <> k.requests limit ${MOST_BREACHES}`.execute(db);
  return rows.map(({ key_id, day }) => `the hours of key ${key_id} on day ${day} are not its day`);
}
