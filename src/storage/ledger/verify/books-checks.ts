/** The double-entry books: they add up, and nothing was ever taken out of them. */
import { sql } from "kysely";
import { type Check, type CheckPlace, MOST_BREACHES, SAMPLE } from "./check.ts";

/** The postings that are looked at. Their transfers' ids are in the order of time. */
function postings({ isFull }: CheckPlace) {
  if (isFull) return sql`select * from posting`;
  return sql`select * from posting where transfer_id in (select id from transfer order by id desc limit ${SAMPLE})`;
}

export const booksChecks: readonly Check[] = [
  {
    id: "I1",
    breaches: async (place) => {
      const { rows } = await sql<{ id: string; sum_nano: bigint }>`
        select transfer_id as id, cast(sum(amount_nano) as bigint) as sum_nano from (${postings(place)}) as p
        group by transfer_id having sum(amount_nano) <> 0 limit ${MOST_BREACHES}`.execute(place.db);
      return rows.map(({ id, sum_nano }) => `the postings of transfer ${id} add up to ${sum_nano}`);
    },
  },
  {
    id: "I2",
    breaches: async ({ db }) => {
      const { rows } = await sql<{ sum_nano: bigint }>`
        select cast(coalesce(sum(balance_nano), 0) as bigint) as sum_nano from balance`.execute(db);
      return rows.flatMap(({ sum_nano }) => (sum_nano === 0n ? [] : [`all balances add up to ${sum_nano}`]));
    },
  },
  {
    id: "I3",
    breaches: async (place) => [...(await wrongBalances(place)), ...(await brokenChains(place))],
  },
  {
    id: "I11",
    breaches: async (place) => [...(await gaps(place)), ...(await missingTriggers(place))],
  },
];

/** A balance is what stands in the last posting of its account; with all of them, their sum. */
async function wrongBalances({ db, isFull }: CheckPlace): Promise<string[]> {
  const last = await sql<{ id: string }>`
    select b.account_id as id from balance b
    left join posting p on p.account_id = b.account_id and p.version = b.version
    where p.balance_nano is null or p.balance_nano <> b.balance_nano limit ${MOST_BREACHES}`.execute(db);
  const sums = isFull
    ? await sql<{ id: string }>`
        select b.account_id as id from balance b
        join (select account_id, sum(amount_nano) as total from posting group by account_id) p
        on p.account_id = b.account_id where p.total <> b.balance_nano limit ${MOST_BREACHES}`.execute(db)
    : { rows: [] };
  return [...last.rows, ...sums.rows].map(({ id }) => `the balance of ${id} is not what its postings say`);
}

async function brokenChains(place: CheckPlace): Promise<string[]> {
  const { rows } = await sql<{ id: string; version: number }>`
    select p.account_id as id, p.version from (${postings(place)}) as p
    left join posting before on before.account_id = p.account_id and before.version = p.version - 1
    where p.balance_nano <> p.amount_nano + coalesce(before.balance_nano, 0) limit ${MOST_BREACHES}`.execute(place.db);
  return rows.map(({ id, version }) => `posting ${version} of ${id} does not follow from the one before`);
}

/** Postings are numbered without gaps, so one that is missing shows. */
async function gaps({ db, isFull }: CheckPlace): Promise<string[]> {
  if (!isFull) return [];
  const { rows } = await sql<{ id: string }>`
    select b.account_id as id from balance b
    join (select account_id, count(*) as rows_there, max(version) as last from posting group by account_id) p
    on p.account_id = b.account_id where p.rows_there <> b.version or p.last <> b.version
    limit ${MOST_BREACHES}`.execute(db);
  return rows.map(({ id }) => `postings of ${id} are missing`);
}

async function missingTriggers({ db, engine }: CheckPlace): Promise<string[]> {
  const query =
    engine === "sqlite"
      ? sql<{ name: string }>`select name from sqlite_master where type = 'trigger'`
      : sql<{ name: string }>`select tgname as name from pg_trigger where not tgisinternal and tgenabled <> 'D'`;
  const names = new Set((await query.execute(db)).rows.map(({ name }) => name));
  const changes = engine === "sqlite" ? ["no_update", "no_delete"] : ["no_change", "no_truncate"];
  return ["transfer", "posting"]
    .flatMap((table) => changes.map((change) => `${table}_${change}`))
    .filter((name) => !names.has(name))
    .map((name) => `the trigger ${name} is missing, so the books could be changed`);
}
