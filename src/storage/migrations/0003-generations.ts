import { type Kysely, type Migration, sql } from "kysely";
import type { Engine } from "../engine.ts";

/** What `/generation`, `/activity` and feedback need, and the store of payloads for operators who switch it on. */
export function generations(engine: Engine): Migration {
  return {
    up: async (db) => {
      await widenUsage(db);
      await createActivityDays(db);
      await createFeedback(db);
      await createPayloads(db, engine);
    },
  };
}

/** One column for each statement: SQLite takes no more. */
async function widenUsage(db: Kysely<unknown>): Promise<void> {
  const texts = ["provider_slug", "session_id", "external_user", "service_tier", "origin", "app_categories"];
  for (const column of texts) await db.schema.alterTable("usage").addColumn(column, "text").execute();
  for (const column of ["generation_time_ms", "upstream_cost_nano", "cache_discount_nano"]) {
    await db.schema.alterTable("usage").addColumn(column, "bigint").execute();
  }
  const counts = ["cache_write_tokens", "image_completion_tokens", "media_prompt", "audio_prompt", "media_completion"];
  for (const column of counts) {
    const table = db.schema.alterTable("usage");
    await table.addColumn(column, "bigint", (definition) => definition.notNull().defaultTo(0)).execute();
  }
}

/** Sums for each person, UTC day, key, model and provider, begun with what the usage rows already hold. */
async function createActivityDays(db: Kysely<unknown>): Promise<void> {
  const count = [
    "requests",
    "unpriced",
    "prompt_tokens",
    "completion_tokens",
    "reasoning_tokens",
    "cost_nano",
  ] as const;
  let table = db.schema
    .createTable("activity_day")
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("day", "bigint", (column) => column.notNull())
    .addColumn("key_id", "text", (column) => column.notNull())
    .addColumn("model", "text", (column) => column.notNull())
    .addColumn("provider", "text", (column) => column.notNull())
    .addColumn("provider_slug", "text", (column) => column.notNull());
  for (const name of count) table = table.addColumn(name, "bigint", (column) => column.notNull());
  await table
    .addPrimaryKeyConstraint("activity_day_key", ["user_id", "day", "key_id", "model", "provider_slug"])
    .execute();
  await sql`
    insert into activity_day (user_id, day, key_id, model, provider, provider_slug, requests, unpriced, prompt_tokens,
      completion_tokens, reasoning_tokens, cost_nano)
    select user_id, created_at / 86400000, key_id, model, min(provider), lower(provider), count(*),
      sum(case when cost_nano is null then 1 else 0 end), sum(prompt_tokens), sum(completion_tokens),
      sum(reasoning_tokens), coalesce(sum(cost_nano), 0)
    from usage
    where model is not null and provider is not null and (status < 400 or cancelled = 1)
    group by user_id, created_at / 86400000, key_id, model, lower(provider)`.execute(db);
}

async function createFeedback(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("generation_feedback")
    .addColumn("generation_id", "text", (column) => column.notNull())
    .addColumn("category", "text", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
    .addColumn("key_id", "text", (column) => column.notNull())
    .addColumn("comment", "text")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("generation_feedback_key", ["generation_id", "category"])
    .execute();
  await db.schema.createIndex("generation_feedback_user").on("generation_feedback").column("user_id").execute();
}

async function createPayloads(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable("generation_payload")
    .addColumn("generation_id", "text", (column) => column.primaryKey())
    .addColumn("user_id", "text", (column) => column.notNull().references("user.id").onDelete("cascade"))
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("sealed", engine === "postgres" ? "bytea" : "blob", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("generation_payload_created").on("generation_payload").column("created_at").execute();
  await db.schema.createIndex("generation_payload_user").on("generation_payload").column("user_id").execute();
}
