import type { Migration } from "kysely";
import { type Kysely, sql } from "kysely";

/** Accounts that several people share: who belongs to them, who is invited, and who made which key. */
export function teams(): Migration {
  return {
    up: async (db) => {
      await widen(db);
      await createMembers(db);
      await createInvitations(db);
    },
  };
}

/** One column for each statement: SQLite takes no more. */
async function widen(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("user")
    .addColumn("kind", "text", (column) => column.notNull().defaultTo("person"))
    .execute();
  await db.schema.alterTable("user").addColumn("active_account", "text").execute();
  await db.schema.alterTable("session").addColumn("active_account", "text").execute();
  await db.schema.alterTable("api_key").addColumn("created_by", "text").execute();
  await sql`update api_key set created_by = user_id`.execute(db);
  await db.schema.alterTable("auth_code").addColumn("created_by", "text").execute();
  await sql`update auth_code set created_by = user_id`.execute(db);
}

async function createMembers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("account_member")
    .addColumn("account_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
    .addColumn("user_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
    .addColumn("role", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("invited_by", "text")
    .addColumn("last_active_at", "bigint")
    .addColumn("ended_at", "bigint")
    .addPrimaryKeyConstraint("account_member_key", ["account_id", "user_id"])
    .execute();
  await db.schema.createIndex("account_member_user").on("account_member").column("user_id").execute();
}

async function createInvitations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("team_invitation")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("account_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("role", "text", (column) => column.notNull())
    .addColumn("token_hash", "text", (column) => column.notNull().unique())
    .addColumn("invited_by", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("sent_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addUniqueConstraint("team_invitation_address", ["account_id", "email"])
    .execute();
  await db.schema.createIndex("team_invitation_email").on("team_invitation").column("email").execute();
}
