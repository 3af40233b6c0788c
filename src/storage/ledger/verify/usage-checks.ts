/** The usage records: no figure below zero, and the sums that are kept with them are theirs. */
import { sql } from "kysely";
import { DAY_MS } from "../../../kernel/windows.ts";
import { type Check, type CheckPlace, MOST_BREACHES, SAMPLE } from "./check.ts";

export const usageChecks: readonly Check[] = [
  {
    id: "I9",
    breaches: async (place) => [...(await negativeUsage(place)), ...(await negativeCharges(place))],
  },
  {
    id: "I8",
    breaches: async (place) => (place.isFull ? [...(await wrongKeyDays(place)), ...(await wrongActivity(place))] : []),
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

async function wrongKeyDays({ db }: CheckPlace): Promise<string[]> {
  const { rows } = await sql<{ key_id: string; day: number }>`
    select coalesce(k.key_id, u.key_id) as key_id, coalesce(k.day, u.day) as day from key_day k
    full join (select key_id, created_at / ${sql.lit(DAY_MS)} as day, count(*) as requests, sum(cost_nano) as cost,
      sum(prompt_tokens) as prompt, sum(completion_tokens) as completion from usage group by key_id, created_at / ${sql.lit(DAY_MS)}) u
    on u.key_id = k.key_id and u.day = k.day
    where k.key_id is null or u.key_id is null or k.requests <> u.requests or k.cost_nano <> coalesce(u.cost, 0)
    or k.prompt_tokens <> u.prompt or k.completion_tokens <> u.completion limit ${MOST_BREACHES}`.execute(db);
  return rows.map(({ key_id, day }) => `the sums of key ${key_id} on day ${day} are not those of its records`);
}

async function wrongActivity({ db }: CheckPlace): Promise<string[]> {
  const { rows } = await sql<{ key_id: string; day: number }>`
    select a.key_id, a.day from (select key_id, day, sum(cost_nano) as cost, sum(requests) as requests
      from activity_day group by key_id, day) a
    left join key_day k on k.key_id = a.key_id and k.day = a.day
    where k.key_id is null or a.cost > k.cost_nano or a.requests > k.requests limit ${MOST_BREACHES}`.execute(db);
  return rows.map(({ key_id, day }) => `the activity of key ${key_id} on day ${day} is more than its records`);
}
