/** Makes limit rows on their first use, with what the usage of their window says was spent already. */

import type { NanoUsd } from "../../kernel/money.ts";
import { DAY_MS, limitResetOf, windowOf } from "../../kernel/windows.ts";
import { type Conversation, type Dialect, query, rowsParameter } from "./conversation.ts";
import { type LimitPlace, placeFromId } from "./limits.ts";

/**
 * Rows that another process has made meanwhile stay as they are. Their `lim` is brought up to date by whoever reserves;
 * that of credit is what was paid in, which is nothing as long as there is no row.
 */
export function* makeLimits(dialect: Dialect, ids: readonly string[]): Conversation<void> {
  if (dialect.guard) yield* query(dialect.guard.making);
  for (const place of [...ids].sort().map(placeFromId)) {
    yield* makeRow(dialect, { ...place, posted_nano: yield* spentIn(place) });
  }
}

const COLUMNS = {
  id: "text",
  scope: "text",
  owner_id: "text",
  reset: "text",
  first_day: "bigint",
  posted_nano: "bigint",
} as const;

/** Makes one row, unless it is there. */
export function* makeRow(dialect: Dialect, row: LimitPlace & { posted_nano: NanoUsd }): Conversation<void> {
  const names = Object.keys(COLUMNS).join(", ");
  yield* query(
    `insert into spend_limit (${names}, pending_nano, lim_nano, ceiling_nano)
     select ${names}, 0, 0, posted_nano from ${dialect.rows(COLUMNS)} where true on conflict (id) do nothing`,
    rowsParameter([row]),
  );
}

/** No day is as late. */
const FOR_EVER = Number.MAX_SAFE_INTEGER;
const OWNER = { instance: "", account: " and user_id = ?", key: " and key_id = ?" } as const;

/** What the usage rows say was charged in the window. Credit has paid for nothing before its first row. */
export function* spentIn({ scope, owner_id, reset, first_day }: LimitPlace): Conversation<NanoUsd> {
  if (scope !== "instance" && scope !== "account" && scope !== "key") return 0n;
  const firstDay = Math.max(first_day, 0);
  const { endsAtMs } = windowOf(limitResetOf(reset), firstDay * DAY_MS);
  const [sum] = yield* query<{ spent_nano: NanoUsd }>(
    `select cast(coalesce(sum(cost_nano), 0) as bigint) as spent_nano from key_day
     where day >= ? and day < ?${OWNER[scope]}`,
    firstDay,
    endsAtMs === null ? FOR_EVER : endsAtMs / DAY_MS,
    ...(scope === "instance" ? [] : [owner_id]),
  );
  return sum?.spent_nano ?? 0n;
}
