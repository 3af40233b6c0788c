/** Holds a conversation with SQLite, in one transaction. Runs in the writer's own thread. */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import { MissingLimits } from "../ledger/books.ts";
import type { Command, Outcome } from "../ledger/commands.ts";
import { type AnswerRow, type Ask, type Conversation, dialectOf } from "../ledger/conversation.ts";
import { keepBooks, MOST_ROUNDS } from "../ledger/keep-books.ts";
import { makeLimits } from "../ledger/make-limits.ts";
import { plain } from "../plain-integers.ts";
import { ADDED_COLUMNS } from "../rollups/columns.ts";
import type { UsageRow } from "../schema.ts";
import { HOUR_COLUMNS, HOUR_KEY, sumByHour } from "./hour-sums.ts";
import { LEAVE_ROOM, ROOM_ROW, TAKE_ROOM } from "./room.ts";
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
const ADD_HOUR = `insert into usage_hour (${HOUR_COLUMNS.join(", ")})
  values (${HOUR_COLUMNS.map(() => "?").join(", ")})
  on conflict (${HOUR_KEY.join(", ")}) do update set
    ${ADDED_COLUMNS.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")}`;

const DIALECT = dialectOf("sqlite");

/** Carries out a batch of commands. Limit rows that it finds missing are made first, in a transaction of their own. */
export function keepSqliteBooks(database: Database, commands: readonly Command[], nowMs: number): Outcome[] {
  for (let rounds = 1; ; rounds++) {
    try {
      return converseWithSqlite(database, keepBooks(commands, { dialect: DIALECT, nowMs }));
    } catch (error) {
      if (!(error instanceof MissingLimits) || rounds >= MOST_ROUNDS) throw error;
      converseWithSqlite(database, makeLimits(DIALECT, error.ids));
    }
  }
}

/** All or none. */
export function converseWithSqlite<Result>(database: Database, conversation: Conversation<Result>): Result {
  database.run("begin immediate");
  try {
    let step = conversation.next();
    while (!step.done) step = conversation.next(answer(database, step.value));
    database.run("commit");
    return step.value;
  } catch (error) {
    // A failure such as a full disk has ended the transaction already.
    if (database.inTransaction) database.run("rollback");
    throw error;
  }
}

function answer(database: Database, ask: Ask): readonly AnswerRow[] {
  switch (ask.kind) {
    case "query":
      return database
        .query<AnswerRow, SQLQueryBindings[]>(ask.sql)
        .all(...ask.parameters)
        .map(plain);
    case "insertUsage":
      return insertUsage(database, ask.rows);
    case "addSums":
      addSums(database, ask.rows);
      return [];
  }
}

/** See room.ts. */
export function askSqliteForRoom(database: Database, nowMs: number): void {
  const { principal, name, answer } = ROOM_ROW;
  database.query<unknown, SQLQueryBindings[]>(TAKE_ROOM).run(principal, name, answer, nowMs);
  database.query<unknown, SQLQueryBindings[]>(LEAVE_ROOM).run(principal, name);
}

/** A row whose id is there already is left alone. */
function insertUsage(database: Database, rows: readonly UsageRow[]): { id: string }[] {
  const insert = database.query<unknown, SQLQueryBindings[]>(INSERT_ROW);
  const isNew = (row: UsageRow) => insert.run(...USAGE_COLUMNS.map((column) => row[column] ?? null)).changes > 0;
  return rows.filter(isNew).map(({ id }) => ({ id }));
}

function addSums(database: Database, rows: readonly UsageRow[]): void {
  const add = database.query<unknown, SQLQueryBindings[]>(ADD_SUM);
  const addHour = database.query<unknown, SQLQueryBindings[]>(ADD_HOUR);
  for (const sum of sumByKeyDay(rows)) {
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
  for (const sum of sumByHour(rows)) addHour.run(...HOUR_COLUMNS.map((column) => sum[column]));
}
