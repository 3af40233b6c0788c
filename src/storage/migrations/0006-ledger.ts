import { type Kysely, type Migration, sql } from "kysely";
import type { Engine } from "../engine.ts";

/** Budgets, what is set aside for running calls, credits with their books, and caps on the rate of keys. */
export function ledger(engine: Engine): Migration {
  return {
    up: async (db) => {
      for (const column of ["rpm", "tpm", "parallel"]) {
        await db.schema.alterTable("api_key").addColumn(column, "bigint").execute();
      }
      await db.schema
        .alterTable("usage")
        .addColumn("loss_nano", "bigint", (column) => column.notNull().defaultTo(0))
        .execute();
      await createSettings(db);
      await createLimits(db);
      await createBooks(db);
      await refuseChanges(db, engine, "transfer");
      await refuseChanges(db, engine, "posting");
    },
  };
}

/** What people have set: budgets of the instance and of accounts, and which accounts pay in advance. */
async function createSettings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("budget")
    .addColumn("scope", "text", (column) => column.notNull())
    .addColumn("owner_id", "text", (column) => column.notNull())
    .addColumn("reset", "text", (column) => column.notNull())
    .addColumn("set_by", "text", (column) => column.notNull())
    .addColumn("limit_nano", "bigint", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("budget_key", ["scope", "owner_id", "reset", "set_by"])
    .execute();
  await db.schema
    .createTable("billing")
    .addColumn("user_id", "text", (column) => column.primaryKey())
    .addColumn("mode", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("idempotent_answer")
    .addColumn("principal", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("request_hash", "text", (column) => column.notNull())
    .addColumn("answer", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("idempotent_answer_key", ["principal", "name"])
    .execute();
}

/** The limit rows, and everything that can stand in their `pending_nano`. */
async function createLimits(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("spend_limit")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("scope", "text", (column) => column.notNull())
    .addColumn("owner_id", "text", (column) => column.notNull())
    .addColumn("reset", "text", (column) => column.notNull())
    .addColumn("first_day", "bigint", (column) => column.notNull())
    .addColumn("posted_nano", "bigint", (column) => column.notNull())
    .addColumn("pending_nano", "bigint", (column) => column.notNull())
    .addColumn("lim_nano", "bigint", (column) => column.notNull())
    .addColumn("ceiling_nano", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("spend_limit_owner")
    .on("spend_limit")
    .columns(["scope", "owner_id", "reset", "first_day"])
    .execute();
  await db.schema
    .createTable("lease")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("process_id", "text", (column) => column.notNull())
    .addColumn("limits", "text", (column) => column.notNull())
    .addColumn("amount_nano", "bigint", (column) => column.notNull())
    .addColumn("added_nano", "bigint", (column) => column.notNull())
    .addColumn("serial", "bigint", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("lease_state").on("lease").columns(["state", "process_id"]).execute();
  await db.schema
    .createTable("reservation")
    .addColumn("request_id", "text", (column) => column.primaryKey())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("process_id", "text", (column) => column.notNull())
    .addColumn("lease_id", "text")
    .addColumn("limits", "text", (column) => column.notNull())
    .addColumn("key_id", "text", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("granted_nano", "bigint", (column) => column.notNull())
    .addColumn("progress_nano", "bigint", (column) => column.notNull())
    .addColumn("draft", "text")
    .addColumn("started_at", "bigint", (column) => column.notNull())
    .addColumn("ended_at", "bigint")
    .execute();
  await db.schema.createIndex("reservation_state").on("reservation").columns(["state", "process_id"]).execute();
  await db.schema
    .createTable("ledger_process")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("beat", "bigint", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("started_at", "bigint", (column) => column.notNull())
    .execute();
}

/** Double-entry books of prepaid money. */
async function createBooks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("transfer")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("request_id", "text", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("usage_id", "text")
    .addColumn("reverses", "text")
    .addColumn("actor_id", "text")
    .addColumn("note", "text")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addUniqueConstraint("transfer_request", ["request_id", "kind"])
    .execute();
  await db.schema.createIndex("transfer_reverses").on("transfer").column("reverses").execute();
  await db.schema
    .createTable("posting")
    .addColumn("transfer_id", "text", (column) => column.notNull())
    .addColumn("account_id", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("amount_nano", "bigint", (column) => column.notNull())
    .addColumn("balance_nano", "bigint", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("posting_key", ["transfer_id", "account_id"])
    .addUniqueConstraint("posting_version", ["account_id", "version"])
    .execute();
  await db.schema.createIndex("posting_created").on("posting").columns(["account_id", "created_at"]).execute();
  await db.schema
    .createTable("balance")
    .addColumn("account_id", "text", (column) => column.primaryKey())
    .addColumn("balance_nano", "bigint", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .execute();
}

/** Books are only ever added to: the database itself refuses everything else. */
async function refuseChanges(db: Kysely<unknown>, engine: Engine, table: string): Promise<void> {
  const said = `${table} is append-only`;
  if (engine === "sqlite") {
    for (const change of ["update", "delete"]) {
      await sql`create trigger ${sql.ref(`${table}_no_${change}`)} before ${sql.raw(change)} on ${sql.table(table)}
        begin select raise(abort, ${sql.lit(said)}); end`.execute(db);
    }
    return;
  }
  const refusal = sql.ref(`${table}_append_only`);
  await sql`create function ${refusal}() returns trigger language plpgsql as
    ${sql.lit(`begin raise exception '${said}'; end`)}`.execute(db);
  await sql`create trigger ${sql.ref(`${table}_no_change`)} before update or delete on ${sql.table(table)}
    for each row execute function ${refusal}()`.execute(db);
  await sql`create trigger ${sql.ref(`${table}_no_truncate`)} before truncate on ${sql.table(table)}
    for each statement execute function ${refusal}()`.execute(db);
}
