/** The sums of `/activity`: from the sums of hours and days, never from the usage rows. */
import { type SqlBool, sql } from "kysely";
import type { NanoUsd } from "../../kernel/money.ts";
import type { Db } from "../open.ts";
import { otherRequests } from "../rollups/accounts.ts";
import { readMark } from "../rollups/marks.ts";
import { sumsOf } from "../rollups/sums.ts";
import { keysMadeBy } from "./key-usage.ts";

export interface ActivitySumRow {
  day: number;
  model: string;
  provider: string;
  provider_slug: string;
  requests: number;
  unpriced: number;
  prompt_tokens: number;
  completion_tokens: number;
  reasoning_tokens: number;
  cost_nano: NanoUsd;
}

export interface ActivityQuestion {
  userId: string;
  /** Days since 1970-01-01 UTC, both included. */
  firstDay: number;
  lastDay: number;
  keyId?: string | undefined;
  /** Through keys that this person made. */
  member?: string | undefined;
}

export type ActivityStore = ReturnType<typeof createActivityStore>;

export function createActivityStore(db: Db) {
  return {
    /**
     * One row per day, model and provider, newest day first. Asked for day by day: the embedded database answers in
     * this thread, and nobody shall wait longer than one day's rows take.
     */
    async sums({ userId, firstDay, lastDay, keyId, member }: ActivityQuestion): Promise<ActivitySumRow[]> {
      const rows: ActivitySumRow[] = [];
      const closed = await readMark(db, "usage_days_closed");
      for (let day = lastDay; day >= firstDay; day--) {
        rows.push(...(await sumsOfDay(db, { userId, day, keyId, member, closed })));
        await otherRequests();
      }
      return rows;
    },
  };
}

function sumsOfDay(
  db: Db,
  {
    userId,
    day,
    keyId,
    member,
    closed,
  }: Pick<ActivityQuestion, "userId" | "keyId" | "member"> & {
    day: number;
    closed: number | null;
  },
): Promise<ActivitySumRow[]> {
  let query = db
    .selectFrom(sumsOf(db, { userId, firstDay: day, lastDay: day, closed }).as("sums"))
    .select((eb) => [
      "day",
      "model",
      "provider_slug",
      eb.fn.max("provider").as("provider"),
      sql<number>`cast(sum(answered) as bigint)`.as("requests"),
      total("unpriced"),
      total("prompt_tokens"),
      total("completion_tokens"),
      total("reasoning_tokens"),
      sql<NanoUsd>`cast(sum(cost_nano) as bigint)`.as("cost_nano"),
    ])
    .where("answered", ">", 0);
  if (keyId !== undefined) query = query.where("key_id", "=", keyId);
  if (member !== undefined) query = query.where(sql<SqlBool>`key_id in (${keysMadeBy(userId, member)})`);
  return query.groupBy(["day", "model", "provider_slug"]).orderBy("model").orderBy("provider_slug").execute();
}

type Count = "unpriced" | "prompt_tokens" | "completion_tokens" | "reasoning_tokens";

function total<Name extends Count>(name: Name) {
  return sql<number>`cast(sum(${sql.ref(name)}) as bigint)`.as(name);
}
