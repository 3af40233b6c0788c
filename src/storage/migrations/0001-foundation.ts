import type { Kysely, Migration } from "kysely";
import type { Engine } from "../engine.ts";

/** Accounts, keys, usage, mail. Forward only: there is no `down`. */
export function foundation(engine: Engine): Migration {
  return {
    up: async (db) => {
      await createAccountTables(db, engine);
      await createMailTables(db);
      await createKeyTables(db);
      await createUsageTables(db);
      await db.schema
        .createTable("instance")
        .addColumn("name", "text", (column) => column.primaryKey())
        .addColumn("value", "text", (column) => column.notNull())
        .execute();
    },
  };
}

async function createAccountTables(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const time = engine === "postgres" ? "timestamptz" : "text";
  const boolean = engine === "postgres" ? "boolean" : "bigint";
  await db.schema
    .createTable("user")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("email", "text", (column) => column.notNull().unique())
    .addColumn("email_verified", boolean, (column) => column.notNull())
    .addColumn("image", "text")
    .addColumn("created_at", time, (column) => column.notNull())
    .addColumn("updated_at", time, (column) => column.notNull())
    .addColumn("role", "text", (column) => column.notNull().defaultTo("member"))
    .addColumn("locale", "text")
    .addColumn("suspended_at", "bigint")
    .execute();
  await db.schema
    .createTable("session")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("token", "text", (column) => column.notNull().unique())
    .addColumn("user_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
    .addColumn("expires_at", time, (column) => column.notNull())
    .addColumn("created_at", time, (column) => column.notNull())
    .addColumn("updated_at", time, (column) => column.notNull())
    .addColumn("ip_address", "text")
    .addColumn("user_agent", "text")
    .execute();
  await db.schema.createIndex("session_user").on("session").column("user_id").execute();
  await db.schema
    .createTable("credential")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("account_id", "text", (column) => column.notNull())
    .addColumn("provider_id", "text", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
    .addColumn("access_token", "text")
    .addColumn("refresh_token", "text")
    .addColumn("id_token", "text")
    .addColumn("access_token_expires_at", time)
    .addColumn("refresh_token_expires_at", time)
    .addColumn("scope", "text")
    .addColumn("password", "text")
    .addColumn("created_at", time, (column) => column.notNull())
    .addColumn("updated_at", time, (column) => column.notNull())
    .execute();
  await db.schema.createIndex("credential_user").on("credential").column("user_id").execute();
  await db.schema
    .createTable("verification")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("identifier", "text", (column) => column.notNull())
    .addColumn("value", "text", (column) => column.notNull())
    .addColumn("expires_at", time, (column) => column.notNull())
    .addColumn("created_at", time, (column) => column.notNull())
    .addColumn("updated_at", time, (column) => column.notNull())
    .execute();
  await db.schema.createIndex("verification_identifier").on("verification").column("identifier").execute();
}

async function createMailTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("mail_token")
    .addColumn("token_hash", "text", (column) => column.primaryKey())
    .addColumn("user_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
    .addColumn("purpose", "text", (column) => column.notNull())
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("used_at", "bigint")
    .addColumn("name", "text")
    .addColumn("password_hash", "text")
    .execute();
  await db.schema.createIndex("mail_token_user").on("mail_token").columns(["user_id", "purpose"]).execute();
  await db.schema
    .createTable("invitation")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("token_hash", "text", (column) => column.notNull().unique())
    .addColumn("invited_by", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("accepted_at", "bigint")
    .execute();
  await db.schema
    .createTable("throttle")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("count", "bigint", (column) => column.notNull())
    .addColumn("window_started_at", "bigint", (column) => column.notNull())
    .addColumn("blocked_until", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("mail")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("recipient", "text", (column) => column.notNull())
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("text_body", "text", (column) => column.notNull())
    .addColumn("html_body", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("attempts", "bigint", (column) => column.notNull())
    .addColumn("next_attempt_at", "bigint", (column) => column.notNull())
    .addColumn("last_error", "text")
    .addColumn("sent_at", "bigint")
    .addColumn("failed_at", "bigint")
    .execute();
  await db.schema.createIndex("mail_due").on("mail").columns(["sent_at", "failed_at", "next_attempt_at"]).execute();
  await db.schema.createIndex("mail_created").on("mail").column("created_at").execute();
}

async function createKeyTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("api_key")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("hash", "text", (column) => column.notNull().unique())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("label", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint")
    .addColumn("disabled_at", "bigint")
    .addColumn("deleted_at", "bigint")
    .addColumn("version", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("api_key_user").on("api_key").columns(["user_id", "created_at", "id"]).execute();
  await db.schema.createIndex("api_key_updated").on("api_key").column("updated_at").execute();
}

async function createUsageTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("usage")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("request_id", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("key_id", "text", (column) => column.notNull())
    .addColumn("api_type", "text", (column) => column.notNull())
    .addColumn("model_requested", "text", (column) => column.notNull())
    .addColumn("model", "text")
    .addColumn("provider", "text")
    .addColumn("upstream_id", "text")
    .addColumn("streamed", "bigint", (column) => column.notNull())
    .addColumn("cancelled", "bigint", (column) => column.notNull())
    .addColumn("status", "bigint", (column) => column.notNull())
    .addColumn("error_code", "text")
    .addColumn("finish_reason", "text")
    .addColumn("native_finish_reason", "text")
    .addColumn("prompt_tokens", "bigint", (column) => column.notNull())
    .addColumn("completion_tokens", "bigint", (column) => column.notNull())
    .addColumn("reasoning_tokens", "bigint", (column) => column.notNull())
    .addColumn("cached_tokens", "bigint", (column) => column.notNull())
    .addColumn("tokens_estimated", "bigint", (column) => column.notNull())
    .addColumn("cost_nano", "bigint")
    .addColumn("price_version", "text")
    .addColumn("latency_ms", "bigint", (column) => column.notNull())
    .addColumn("first_token_ms", "bigint")
    .addColumn("app_referer", "text")
    .addColumn("app_title", "text")
    .addColumn("user_agent", "text")
    .addColumn("attempts", "text", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("usage_user").on("usage").columns(["user_id", "created_at", "id"]).execute();
  await db.schema.createIndex("usage_key").on("usage").columns(["key_id", "created_at", "id"]).execute();
  await db.schema
    .createTable("key_day")
    .addColumn("key_id", "text", (column) => column.notNull())
    .addColumn("day", "bigint", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("requests", "bigint", (column) => column.notNull())
    .addColumn("errors", "bigint", (column) => column.notNull())
    .addColumn("prompt_tokens", "bigint", (column) => column.notNull())
    .addColumn("completion_tokens", "bigint", (column) => column.notNull())
    .addColumn("cost_nano", "bigint", (column) => column.notNull())
    .addColumn("last_used_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("key_day_key", ["key_id", "day"])
    .execute();
  await db.schema.createIndex("key_day_user").on("key_day").columns(["user_id", "day"]).execute();
}
