/** Holds a conversation with either database through Kysely, in one transaction. */
import { CompiledQuery, sql } from "kysely";
import type { Engine } from "../engine.ts";
import { MissingLimits } from "../ledger/books.ts";
import type { Command, Outcome } from "../ledger/commands.ts";
import { type AnswerRow, type Ask, type Conversation, dialectOf, numbered } from "../ledger/conversation.ts";
import { keepBooks, MOST_ROUNDS } from "../ledger/keep-books.ts";
import { makeLimits } from "../ledger/make-limits.ts";
import type { Db } from "../open.ts";
import { ADDED_COLUMNS } from "../rollups/columns.ts";
import type { UsageRow } from "../schema.ts";
import { HOUR_KEY, sumByHour } from "./hour-sums.ts";
import { ROOM_ROW } from "./room.ts";
import { sumByKeyDay } from "./rows.ts";

/** Carries out a batch of commands. Limit rows that it finds missing are made first, in a transaction of their own. */
export async function keepKyselyBooks(
  place: { db: Db; engine: Engine },
  commands: readonly Command[],
  nowMs: number,
): Promise<Outcome[]> {
  const dialect = dialectOf(place.engine);
  for (let rounds = 1; ; rounds++) {
    try {
      return await converse(place, keepBooks(commands, { dialect, nowMs }));
    } catch (error) {
      if (!(error instanceof MissingLimits) || rounds >= MOST_ROUNDS) throw error;
      await converse(place, makeLimits(dialect, error.ids));
    }
  }
}

/** All or none. */
export function converse<Result>(
  { db, engine }: { db: Db; engine: Engine },
  conversation: Conversation<Result>,
): Promise<Result> {
  return db.transaction().execute((transaction) => converseWithin({ db: transaction, engine }, conversation));
}

/** Inside a transaction that is open already. */
export async function converseWithin<Result>(
  { db, engine }: { db: Db; engine: Engine },
  conversation: Conversation<Result>,
): Promise<Result> {
  let step = conversation.next();
  while (!step.done) step = conversation.next(await answer({ db, engine }, step.value));
  return step.value;
}

async function answer({ db, engine }: { db: Db; engine: Engine }, ask: Ask): Promise<readonly AnswerRow[]> {
  switch (ask.kind) {
    case "query": {
      const text = engine === "postgres" ? numbered(ask.sql) : ask.sql;
      return (await db.executeQuery<AnswerRow>(CompiledQuery.raw(text, [...ask.parameters]))).rows;
    }
    case "insertUsage":
      return insertUsage(db, ask.rows);
    case "addSums":
      await addKeyDays(db, ask.rows);
      await addHours(db, ask.rows);
      return [];
  }
}

/** See room.ts. */
export async function askKyselyForRoom(db: Db, nowMs: number): Promise<void> {
  const row = { ...ROOM_ROW, request_hash: "", created_at: nowMs };
  const taken = db.insertInto("idempotent_answer").values(row);
  await taken.onConflict((conflict) => conflict.columns(["principal", "name"]).doNothing()).execute();
  const { principal, name } = ROOM_ROW;
  await db.deleteFrom("idempotent_answer").where("principal", "=", principal).where("name", "=", name).execute();
}

/** A row whose id is there already is left alone. */
function insertUsage(db: Db, rows: readonly UsageRow[]): Promise<{ id: string }[]> {
  return db
    .insertInto("usage")
    .values([...rows])
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .execute();
}

async function addKeyDays(db: Db, rows: readonly UsageRow[]): Promise<void> {
  const sums = sumByKeyDay(rows);
  if (sums.length === 0) return;
  await db
    .insertInto("key_day")
    .values(
      sums.map((sum) => ({
        key_id: sum.keyId,
        day: sum.day,
        user_id: sum.userId,
        requests: sum.requests,
        errors: sum.errors,
        prompt_tokens: sum.promptTokens,
        completion_tokens: sum.completionTokens,
        cost_nano: sum.costNano,
        last_used_at: sum.lastUsedAt,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["key_id", "day"]).doUpdateSet((eb) => ({
        requests: sql`key_day.requests + ${eb.ref("excluded.requests")}`,
        errors: sql`key_day.errors + ${eb.ref("excluded.errors")}`,
        prompt_tokens: sql`key_day.prompt_tokens + ${eb.ref("excluded.prompt_tokens")}`,
        completion_tokens: sql`key_day.completion_tokens + ${eb.ref("excluded.completion_tokens")}`,
        cost_nano: sql`key_day.cost_nano + ${eb.ref("excluded.cost_nano")}`,
        last_used_at: sql`case when key_day.last_used_at > ${eb.ref("excluded.last_used_at")} then key_day.last_used_at else ${eb.ref("excluded.last_used_at")} end`,
      })),
    )
    .execute();
}

async function addHours(db: Db, rows: readonly UsageRow[]): Promise<void> {
  const sums = sumByHour(rows);
  if (sums.length === 0) return;
  await db
    .insertInto("usage_hour")
    .values(sums)
    .onConflict((conflict) =>
      conflict
        .columns([...HOUR_KEY])
        .doUpdateSet((eb) =>
          Object.fromEntries(
            ADDED_COLUMNS.map((name) => [name, sql`${sql.ref(`usage_hour.${name}`)} + ${eb.ref(`excluded.${name}`)}`]),
          ),
        ),
    )
    .execute();
}
