/**
 * What was used over time, as pages draw it: by the minute from single requests (two hours at most), by the hour and by
 * the day from sums, so that no question about a long time reads single requests.
 */
import { type RawBuilder, sql } from "kysely";
import { DAY_MS } from "../../kernel/windows.ts";
import type { Db } from "../open.ts";
import {
  ADDED_COLUMNS,
  COUNT_COLUMNS,
  FROM_USAGE,
  HOUR_MS,
  PLACE_COLUMNS,
  type SumCounts,
} from "../rollups/columns.ts";
import { FIRST_TOKEN_COLUMNS, type FirstTokenCounts } from "../rollups/first-token.ts";
import { readMark } from "../rollups/marks.ts";
import { sumsOf } from "../rollups/sums.ts";
import { keysMadeBy } from "./key-usage.ts";

export const STEP_MS = { minute: 60_000, hour: HOUR_MS, day: DAY_MS } as const;
export type Step = keyof typeof STEP_MS;

/** What sums can be split and narrowed by. */
export const DIMENSIONS = {
  model: "model",
  provider: "provider_slug",
  key: "key_id",
  app: "app",
  member: "coalesce((select created_by from api_key where api_key.id = key_id), '')",
} as const;
export type Dimension = keyof typeof DIMENSIONS;

export interface UsageFilter {
  model?: string | undefined;
  provider?: string | undefined;
  key?: string | undefined;
  app?: string | undefined;
  /** Who made the key. */
  member?: string | undefined;
}

export interface UsageQuestion {
  userId: string;
  /** Epoch milliseconds, at the border of a step; the end is not included. */
  fromMs: number;
  toMs: number;
  step: Step;
  filter: UsageFilter;
}

export interface UsagePoint extends SumCounts {
  /** Epoch milliseconds. */
  at: number;
  /** The value of the dimension; empty when nothing is split, and for what a request never reached. */
  part: string;
}

export interface UsagePart extends Record<(typeof PLACE_COLUMNS)[number], string>, SumCounts {
  provider: string;
}

export type UsageSeriesStore = ReturnType<typeof createUsageSeriesStore>;

export function createUsageSeriesStore(db: Db) {
  return {
    /** One point for each step and part in which anything happened, oldest first. */
    async points(asked: UsageQuestion, by: Dimension | null): Promise<UsagePoint[]> {
      const part = sql.raw(by === null ? "''" : DIMENSIONS[by]);
      const found = await sql<UsagePoint>`
        select at, ${part} as part, ${TOTALS} from ${await narrowed(db, asked)}
        group by at${by === null ? sql`` : sql`, ${part}`} order by at`.execute(db);
      return found.rows;
    },

    /** All of it together, with the times until the first token. */
    async total(asked: UsageQuestion): Promise<SumCounts & FirstTokenCounts> {
      const found = await sql<SumCounts & FirstTokenCounts>`
        select ${TOTALS}, ${FIRST_TOKENS} from ${await narrowed(db, asked)}`.execute(db);
      const [total] = found.rows;
      if (total === undefined) throw new Error("sums over everything came without a row");
      return total;
    },

    /** What was used at all: every combination of model, provider, key and app. */
    async parts(asked: UsageQuestion): Promise<UsagePart[]> {
      const found = await sql<UsagePart>`
        select ${PLACES}, max(provider) as provider, ${TOTALS} from ${await narrowed(db, asked)} group by ${PLACES}`.execute(
        db,
      );
      return found.rows;
    },

    /** Single requests before this time have been dropped; null while there are all. */
    keptSinceMs: () => readMark(db, "usage_kept_since"),
  };
}

/** The sums of a question as one narrowed table. */
async function narrowed(db: Db, asked: UsageQuestion): Promise<RawBuilder<unknown>> {
  const wanted = DIMENSION_NAMES.flatMap((name) => {
    const value = asked.filter[name];
    return value === undefined ? [] : [sql`${sql.ref(DIMENSIONS[name])} = ${value}`];
  });
  const { member } = asked.filter;
  if (member !== undefined) wanted.push(sql`key_id in (${keysMadeBy(asked.userId, member)})`);
  const where = wanted.length === 0 ? sql`` : sql` where ${sql.join(wanted, sql` and `)}`;
  return sql`${await SOURCES[asked.step](db, asked)} as asked${where}`;
}

/** What a sum says itself; who made a key stands with the key. */
const DIMENSION_NAMES = ["model", "provider", "key", "app"] as const satisfies readonly Dimension[];

const SOURCES: Record<Step, (db: Db, asked: UsageQuestion) => RawBuilder<unknown> | Promise<RawBuilder<unknown>>> = {
  day: async (db, { userId, fromMs, toMs }) => {
    const closed = await readMark(db, "usage_days_closed");
    const days = { firstDay: Math.floor(fromMs / DAY_MS), lastDay: Math.ceil(toMs / DAY_MS) - 1 };
    return sql`(select day * ${sql.lit(DAY_MS)} as at, s.* from ${sumsOf(db, { userId, ...days, closed })} as s)`;
  },
  hour: (_, { userId, fromMs, toMs }) => {
    const first = Math.floor(fromMs / HOUR_MS);
    const end = Math.ceil(toMs / HOUR_MS);
    return sql`(select hour * ${sql.lit(HOUR_MS)} as at, s.* from usage_hour as s
      where user_id = ${userId} and hour >= ${first} and hour < ${end})`;
  },
  minute: (_, { userId, fromMs, toMs }) => sql`(select created_at / 60000 * 60000 as at, ${BY_ROW}
    from usage where user_id = ${userId} and created_at >= ${fromMs} and created_at < ${toMs}
    group by created_at / 60000, ${BY_PLACE})`,
};

const BY_ROW = sql.raw(
  [
    ...PLACE_COLUMNS.map((name) => `${FROM_USAGE[name]} as ${name}`),
    "coalesce(max(provider), '') as provider",
    ...ADDED_COLUMNS.map((name) => `${FROM_USAGE[name]} as ${name}`),
  ].join(", "),
);
const BY_PLACE = sql.raw(PLACE_COLUMNS.map((name) => FROM_USAGE[name]).join(", "));

const totalOf = (name: string) => `cast(coalesce(sum(${name}), 0) as bigint) as ${name}`;
const TOTALS = sql.raw(COUNT_COLUMNS.map(totalOf).join(", "));
const FIRST_TOKENS = sql.raw(FIRST_TOKEN_COLUMNS.map(totalOf).join(", "));
const PLACES = sql.raw(PLACE_COLUMNS.join(", "));
