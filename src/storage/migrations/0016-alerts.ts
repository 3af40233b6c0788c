import type { Migration } from "kysely";
import { type Kysely, sql } from "kysely";

/** What is remembered of how keys are used, what was noticed, and who is told how. */
export function alerts(): Migration {
  return {
    up: async (db) => {
      await createWatch(db);
      await createAlerts(db);
      await createSettings(db);
    },
  };
}

async function createWatch(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("watch_use")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("key_id", "text", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("network", "text")
    .addColumn("program", "text")
    .addColumn("model", "text", (column) => column.notNull())
    .addColumn("calls", "bigint", (column) => column.notNull())
    .addColumn("cost_nano", "bigint", (column) => column.notNull())
    .addColumn("refused", "bigint", (column) => column.notNull())
    .addColumn("code", "text")
    .addColumn("learn", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("watch_profile")
    .addColumn("key_id", "text", (column) => column.primaryKey())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("watch_profile_updated").on("watch_profile").column("updated_at").execute();
  await db.schema
    .createTable("watch_judge")
    .addColumn("id", "bigint", (column) => column.primaryKey())
    .addColumn("holder", "text", (column) => column.notNull())
    .addColumn("until", "bigint", (column) => column.notNull())
    .addColumn("audit_seq", "bigint", (column) => column.notNull())
    .execute();
  // What is in the audit log already is no news.
  await sql`insert into watch_judge (id, holder, until, audit_seq)
    select 1, '', 0, seq from audit_head where id = 1`.execute(db);
}

async function createAlerts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("alert")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("key_id", "text")
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("level", "text", (column) => column.notNull())
    .addColumn("facts", "text", (column) => column.notNull())
    .addColumn("open_as", "text", (column) => column.unique())
    .addColumn("times", "bigint", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("happened_at", "bigint", (column) => column.notNull())
    .addColumn("told_at", "bigint", (column) => column.notNull())
    .addColumn("answer", "text")
    .addColumn("answered_at", "bigint")
    .execute();
  await db.schema.createIndex("alert_user").on("alert").columns(["user_id", "id"]).execute();
  await db.schema
    .createTable("alert_delivery")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("channel", "text", (column) => column.notNull())
    .addColumn("event", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("attempts", "bigint", (column) => column.notNull())
    .addColumn("next_attempt_at", "bigint")
    .addColumn("last_error", "text")
    .execute();
  await db.schema.createIndex("alert_delivery_due").on("alert_delivery").column("next_attempt_at").execute();
  await db.schema.createIndex("alert_delivery_user").on("alert_delivery").columns(["user_id", "channel"]).execute();
}

async function createSettings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("alert_setting")
    .addColumn("user_id", "text", (column) => column.primaryKey())
    .addColumn("mail", "bigint", (column) => column.notNull())
    .addColumn("auto_freeze", "bigint", (column) => column.notNull())
    .addColumn("muted", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("alert_channel")
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("channel", "text", (column) => column.notNull())
    .addColumn("shown", "text", (column) => column.notNull())
    .addColumn("sealed", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .addColumn("delivered_at", "bigint")
    .addColumn("failed_at", "bigint")
    .addColumn("last_error", "text")
    .addPrimaryKeyConstraint("alert_channel_key", ["user_id", "channel"])
    .execute();
}
