/** Writes a batch of usage rows and their sums to SQLite in one transaction. Runs in the writer's own thread. */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { UsageRow } from "../schema.ts";
import { ACTIVITY_COLUMNS, ACTIVITY_COUNTS, ACTIVITY_KEY, sumByActivity } from "./activity-sums.ts";
import { sumByKeyDay, USAGE_COLUMNS } from "./rows.ts";

const INSERT_ROW = `insert into usage (${USAGE_COLUMNS.join(", ")}) values (${USAGE_COLUMNS.map(() => "?").join(", ")})
  on conflict (id) do nothing`;
const ADD_SUM = `insert into key_day
  (key_id, day, user_id, requests, errors, prompt_tokens, completion_tokens, cost_nano, last_used_at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (key_id, day) do update set
    requests = requests + excluded.requests,
    errors = errors + excluded.errors,
    prompt_tokens = prompt_tokens + excluded.prompt_tokens,
    completion_tokens = completion_tokens + excluded.completion_tokens,
    cost_nano = cost_nano + excluded.cost_nano,
    last_used_at = max(last_used_at, excluded.last_used_at)`;
const ADD_ACTIVITY = `insert into activity_day (${ACTIVITY_COLUMNS.join(", ")})
  values (${ACTIVITY_COLUMNS.map(() => "?").join(", ")})
  on conflict (${ACTIVITY_KEY.join(", ")}) do update set
    ${ACTIVITY_COUNTS.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")}`;

/** All or none. A row whose id is there already is left alone and counted nowhere, so a batch may be repeated. */
export function writeSqliteRows(database: Database, rows: readonly UsageRow[]): void {
  const insert = database.query<unknown, SQLQueryBindings[]>(INSERT_ROW);
  const add = database.query<unknown, SQLQueryBindings[]>(ADD_SUM);
  const addActivity = database.query<unknown, SQLQueryBindings[]>(ADD_ACTIVITY);
  database.run("begin immediate");
  try {
    const fresh = rows.filter((row) => insert.run(...USAGE_COLUMNS.map((column) => row[column] ?? null)).changes > 0);
    for (const sum of sumByKeyDay(fresh)) {
      add.run(
        sum.keyId,
        sum.day,
        sum.userId,
        sum.requests,
        sum.errors,
        sum.promptTokens,
        sum.completionTokens,
        sum.costNano,
        sum.lastUsedAt,
      );
    }
    for (const sum of sumByActivity(fresh)) addActivity.run(...ACTIVITY_COLUMNS.map((column) => sum[column]));
    database.run("commit");
  } catch (error) {
    database.run("rollback");
    throw error;
  }
}
