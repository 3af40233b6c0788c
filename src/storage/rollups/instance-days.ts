/**
 * What all accounts used on each UTC day that is over, added up twice: by model and provider, and by account. So a question
 * about the whole instance over a year reads as many rows as there are models or accounts, not as many as both and keys.
 *
 * Invariants: made of `usage_day` alone, once a day is closed there; making a day again changes nothing; what is not made
 * yet is read from `usage_day` and `usage_hour`, so that no question waits for it.
 */
import { sql } from "kysely";
import type { Db } from "../open.ts";
import { accountsIn, otherRequests, rowsOf } from "./accounts.ts";
import { ADDED_COLUMNS } from "./columns.ts";
import { readMark, writeMark } from "./marks.ts";
import { COLUMNS, type DaysAsked, sumsOf } from "./sums.ts";

export type InstanceSplit = "place" | "account";

/** Makes every day up to this one that has not been made. */
export async function closeInstanceDays(db: Db, last: number): Promise<void> {
  const closed = await readMark(db, "instance_days_closed");
  if (closed === last) return;
  // The day that was made last is made once more, as it was closed once more.
  const first = closed === null ? await firstDay(db) : Math.min(closed, last + 1);
  for (let day = first ?? last + 1; day <= last; day++) {
    await addUp(db, "place", day);
    await addUp(db, "account", day);
    await otherRequests();
  }
  await writeMark(db, "instance_days_closed", last);
}

async function firstDay(db: Db): Promise<number | null> {
  let first: number | null = null;
  for await (const userId of accountsIn(db, "usage_day")) {
    const days = db.selectFrom("usage_day").select((eb) => eb.fn.min<number>("day").as("day"));
    const { day } = await days.where("user_id", "=", userId).executeTakeFirstOrThrow();
    first = first === null ? day : Math.min(first, day);
  }
  return first;
}

const PLACES = {
  place: { values: "'', model, provider_slug, max(provider)", group: "model, provider_slug" },
  account: { values: "user_id, '', '', ''", group: "user_id" },
} as const;
const ADDED = sql.raw(ADDED_COLUMNS.join(", "));
const SUMS = sql.raw(ADDED_COLUMNS.map((name) => `sum(${name})`).join(", "));
const REPLACED = sql.raw(ADDED_COLUMNS.map((name) => `${name} = excluded.${name}`).join(", "));

async function addUp(db: Db, split: InstanceSplit, day: number): Promise<void> {
  const { values, group } = PLACES[split];
  await sql`
    insert into instance_day (split, day, account_id, model, provider_slug, provider, ${ADDED})
    select cast(${split} as text), day, ${sql.raw(values)}, ${SUMS} from usage_day
    where ${rowsOf(db, "usage_day", null)} and day = ${day} group by day, ${sql.raw(group)}
    on conflict (split, day, account_id, model, provider_slug) do update set ${REPLACED}`.execute(db);
}

const NOT_SPLIT_BY: Partial<Record<(typeof COLUMNS)[number], string>> = {
  user_id: "account_id as user_id",
  key_id: "'' as key_id",
  app: "'' as app",
};
const NAMES = sql.raw(COLUMNS.join(", "));
const READ = sql.raw(COLUMNS.map((name) => NOT_SPLIT_BY[name] ?? name).join(", "));

/** Everything is made again by the next `closeInstanceDays`. */
export async function forgetInstanceDays(db: Db): Promise<void> {
  await db.deleteFrom("instance").where("name", "=", "instance_days_closed").execute();
  await db.deleteFrom("instance_day").execute();
}

/** The sums of all accounts with `day`, as `sumsOf` gives them; where one has been made, without what it was not split by. */
export async function instanceSums(db: Db, split: InstanceSplit, { firstDay: from, lastDay, closed }: DaysAsked) {
  const made = (await readMark(db, "instance_days_closed")) ?? -1;
  const rest = sumsOf(db, { userId: null, firstDay: Math.max(from, made + 1), lastDay, closed });
  if (made < from) return sql`select * from ${rest} as rest`;
  return sql`select day, ${READ} from instance_day
    where split = ${split} and day >= ${from} and day <= ${Math.min(lastDay, made)} union all
    select day, ${NAMES} from ${rest} as rest`;
}
