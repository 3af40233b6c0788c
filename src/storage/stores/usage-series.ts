/**
 * What was used over time, as pages draw it: by the minute from single requests (two hours at most), by the hour and by
 * the day from sums, so that no question about a long time reads single requests.
 */
import { type RawBuilder, sql } from "kysely";
import { DAY_MS } from "../../kernel/windows.ts";
import type { Db } from "../open.ts";
import { otherRequests, rowsOf } from "../rollups/accounts.ts";
import {
  ADDED_COLUMNS,
  COUNT_COLUMNS,
  FROM_USAGE,
  HOUR_MS,
  PLACE_COLUMNS,
  type SumCounts,
  type SumPlace,
} from "../rollups/columns.ts";
import { FIRST_TOKEN_COLUMNS, type FirstTokenCounts } from "../rollups/first-token.ts";
import { type InstanceSplit, instanceSums } from "../rollups/instance-days.ts";
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
  account: "user_id",
  member: "coalesce((select created_by from api_key where api_key.id = key_id), '')",
} as const;
export type Dimension = keyof typeof DIMENSIONS;

/** What parts can be compared by, and how many of them have to be told apart. */
const COUNTED = {
  spend: "cost_nano",
  requests: "requests",
  tokens: "prompt_tokens + completion_tokens",
  errors: "errors",
} as const;
export interface Enough {
  counted: keyof typeof COUNTED;
  most: number;
}

export interface UsageFilter {
  model?: string | undefined;
  provider?: string | undefined;
  key?: string | undefined;
  app?: string | undefined;
  /** Who made the key. */
  member?: string | undefined;
}

export interface UsageQuestion {
  /** Null for all accounts. */
  userId: string | null;
  /** Epoch milliseconds, at the border of a step; the end is not included. */
  fromMs: number;
  toMs: number;
  step: Step;
  filter: UsageFilter;
}

export interface UsagePoint extends SumCounts {
  /** Epoch milliseconds. */
  at: number;
  /** The value of the dimension; empty when nothing is split, and for what a request never reached; null for the rest. */
  part: string | null;
}

export interface UsagePart extends SumPlace, SumCounts {
  provider: string;
}

export type UsageSeriesStore = ReturnType<typeof createUsageSeriesStore>;

export function createUsageSeriesStore(db: Db) {
  return {
    /**
     * One point for each step and part in which anything happened, oldest first. Of very many accounts only the largest are
     * told apart where that is enough; what is left is one part, which is null.
     */
    async points(asked: UsageQuestion, by: Dimension | null, enough?: Enough): Promise<UsagePoint[]> {
      const value = sql.raw(by === null ? "''" : DIMENSIONS[by]);
      const kept = by === "account" && enough !== undefined ? await largestOf(db, asked, enough) : null;
      const part = kept === null ? value : sql`case when ${value} in (${sql.join(kept)}) then ${value} end`;
      const points: UsagePoint[] = [];
      for (const portion of portionsOf(asked, by)) {
        const found = await sql<UsagePoint>`
          select at, part, ${TOTALS} from (select asked.*, ${part} as part from ${await narrowed(db, portion, by)}) as parts
          group by at, part order by at`.execute(db);
        for (const point of found.rows) points.push(point);
        if (portion.toMs < asked.toMs) await otherRequests();
      }
      return points;
    },

    /** All of it together, with the times until the first token. */
    async total(asked: UsageQuestion): Promise<SumCounts & FirstTokenCounts> {
      const found = await sql<SumCounts & FirstTokenCounts>`
        select ${TOTALS}, ${FIRST_TOKENS} from ${await narrowed(db, asked, null)}`.execute(db);
      const [total] = found.rows;
      if (total === undefined) throw new Error("sums over everything came without a row");
      return total;
    },

    /** What was used at all: every combination of model, provider, key and app; of all accounts, as far as `by` needs it. */
    async parts(asked: UsageQuestion, by: "account" | "model" | null = null): Promise<UsagePart[]> {
      const found = await sql<UsagePart>`
        select ${PLACES}, max(provider) as provider, ${TOTALS} from ${await narrowed(db, asked, by)} group by ${PLACES}`.execute(
        db,
      );
      return found.rows;
    },

    /** Single requests before this time have been dropped; null while there are all. */
    keptSinceMs: () => readMark(db, "usage_kept_since"),
  };
}

/** The accounts that used most; null where there are so few that all can be told apart. */
async function largestOf(db: Db, asked: UsageQuestion, { counted, most }: Enough): Promise<string[] | null> {
  if (asked.userId !== null || instanceSplit(asked.filter, "account") === null) return null;
  const { rows } = await sql<{ part: string }>`
    select user_id as part from ${await narrowed(db, asked, "account")}
    group by user_id order by sum(${sql.raw(COUNTED[counted])}) desc limit ${most + 2}`.execute(db);
  return rows.length < most + 2 ? null : rows.slice(0, most).map(({ part }) => part);
}

const PORTION_MS = 30 * DAY_MS;

/** A long time of each of all accounts is read a month at a time, with the requests of others between them. */
function portionsOf(asked: UsageQuestion, by: Dimension | null): UsageQuestion[] {
  const { userId, fromMs, toMs, filter } = asked;
  if (userId !== null || asked.step !== "day" || instanceSplit(filter, by) !== null) return [asked];
  return Array.from({ length: Math.ceil((toMs - fromMs) / PORTION_MS) }, (_, index) => {
    const beginMs = fromMs + index * PORTION_MS;
    return { ...asked, fromMs: beginMs, toMs: Math.min(toMs, beginMs + PORTION_MS) };
  });
}

/** The sums of a question as one narrowed table. */
async function narrowed(db: Db, asked: UsageQuestion, by: Dimension | null): Promise<RawBuilder<unknown>> {
  const wanted = DIMENSION_NAMES.flatMap((name) => {
    const value = asked.filter[name];
    return value === undefined ? [] : [sql`${sql.ref(DIMENSIONS[name])} = ${value}`];
  });
  const { member } = asked.filter;
  if (member !== undefined) wanted.push(sql`key_id in (${keysMadeBy(asked.userId, member)})`);
  const where = wanted.length === 0 ? sql`` : sql` where ${sql.join(wanted, sql` and `)}`;
  return sql`${await SOURCES[asked.step](db, asked, by)} as asked${where}`;
}

/** What a sum says itself; who made a key stands with the key. */
const DIMENSION_NAMES = ["model", "provider", "key", "app"] as const satisfies readonly Dimension[];

type Source = (
  db: Db,
  asked: UsageQuestion,
  by: Dimension | null,
) => RawBuilder<unknown> | Promise<RawBuilder<unknown>>;

const SOURCES: Record<Step, Source> = {
  day: async (db, { userId, fromMs, toMs, filter }, by) => {
    const closed = await readMark(db, "usage_days_closed");
    const days = { firstDay: Math.floor(fromMs / DAY_MS), lastDay: Math.ceil(toMs / DAY_MS) - 1 };
    const asked = { userId, ...days, closed };
    const split = userId === null ? instanceSplit(filter, by) : null;
    const sums = split === null ? sumsOf(db, asked) : sql`(${await instanceSums(db, split, asked)})`;
    return sql`(select day * ${sql.lit(DAY_MS)} as at, s.* from ${sums} as s)`;
  },
  hour: (db, { userId, fromMs, toMs }) => {
    const first = Math.floor(fromMs / HOUR_MS);
    const end = Math.ceil(toMs / HOUR_MS);
    return sql`(select hour * ${sql.lit(HOUR_MS)} as at, s.* from usage_hour as s
      where ${rowsOf(db, "usage_hour", userId)} and hour >= ${first} and hour < ${end})`;
  },
  minute: (_, { userId, fromMs, toMs }) => {
    const account = userId === null ? sql`` : sql`user_id = ${userId} and `;
    return sql`(select created_at / 60000 * 60000 as at, user_id, ${BY_ROW}
      from usage where ${account}created_at >= ${fromMs} and created_at < ${toMs}
      group by created_at / 60000, user_id, ${BY_PLACE})`;
  },
};

/** Which sums over all accounts answer a question; null where it takes those of each account. */
function instanceSplit({ model, provider, ...others }: UsageFilter, by: Dimension | null): InstanceSplit | null {
  if (Object.values(others).some((value) => value !== undefined)) return null;
  if (by === "account") return model === undefined && provider === undefined ? "account" : null;
  return by === null || by === "model" || by === "provider" ? "place" : null;
}

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
const PLACES = sql.raw(["user_id", ...PLACE_COLUMNS].join(", "));
