import { type Kysely, type Migration, sql } from "kysely";
import type { Engine } from "../engine.ts";

/** What keeps keys safe: from where they may be called, and why they are stopped; and the audit log. */
export function safety(engine: Engine): Migration {
  return {
    up: async (db) => {
      await widenKeys(db);
      await createAudit(db);
      await (engine === "sqlite" ? refuseChangesInSqlite(db) : refuseChangesInPostgres(db));
    },
  };
}

/** One column for each statement: SQLite takes no more. */
async function widenKeys(db: Kysely<unknown>): Promise<void> {
  for (const column of ["allowed_networks", "disabled_reason"]) {
    await db.schema.alterTable("api_key").addColumn(column, "text").execute();
  }
  await db.schema.alterTable("user").addColumn("allowed_networks", "text").execute();
}

async function createAudit(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("audit")
    .addColumn("seq", "bigint", (column) => column.primaryKey())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("actor_kind", "text", (column) => column.notNull())
    .addColumn("actor_id", "text")
    .addColumn("address", "text")
    .addColumn("action", "text", (column) => column.notNull())
    .addColumn("target_kind", "text", (column) => column.notNull())
    .addColumn("target_id", "text")
    .addColumn("before", "text")
    .addColumn("after", "text")
    .addColumn("key_id", "text", (column) => column.notNull())
    .addColumn("hash", "text", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("audit_target").on("audit").columns(["target_kind", "target_id", "seq"]).execute();
  await db.schema.createIndex("audit_actor").on("audit").columns(["actor_id", "seq"]).execute();
  await db.schema
    .createTable("audit_head")
    .addColumn("id", "bigint", (column) => column.primaryKey())
    .addColumn("seq", "bigint", (column) => column.notNull())
    .addColumn("hash", "text", (column) => column.notNull())
    .execute();
  await sql`insert into audit_head (id, seq, hash) values (1, 0, '')`.execute(db);
}

async function refuseChangesInSqlite(db: Kysely<unknown>): Promise<void> {
  for (const change of ["update", "delete"]) {
    await sql`
      create trigger ${sql.raw(`audit_no_${change}`)} before ${sql.raw(change)} on audit
      begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
  }
}

async function refuseChangesInPostgres(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function audit_is_append_only() returns trigger language plpgsql as
    'begin raise exception ''the audit log is append-only''; end'`.execute(db);
  await sql`
    create trigger audit_no_change before update or delete on audit
    for each row execute function audit_is_append_only()`.execute(db);
  await sql`
    create trigger audit_no_truncate before truncate on audit
    for each statement execute function audit_is_append_only()`.execute(db);
}
