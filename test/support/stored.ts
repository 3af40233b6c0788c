/** Rows for tests of what is stored. */
import { newId } from "../../src/kernel/ids.ts";
import { openStorage, type Storage, type StorageOptions } from "../../src/storage/open.ts";
import type { UsageRow } from "../../src/storage/schema.ts";
import { createAccountStore } from "../../src/storage/stores/accounts.ts";

/** Puts a verified person into the database and resolves to the account's id. */
export async function storedPerson({ db, engine }: Storage, email: string): Promise<string> {
  const id = newId("user");
  await createAccountStore(db, engine).createWithoutPassword({ id, name: "Budi Santoso", email }, 1_700_000_000_000);
  return id;
}

/** A request that went well, changed as the test wants it. */
export function usageRow(changes: Partial<UsageRow> = {}): UsageRow {
  return {
    id: newId("gen"),
    request_id: newId("req"),
    created_at: Date.UTC(2026, 10, 24, 12),
    user_id: "user_1",
    key_id: "key00001",
    api_type: "chat",
    model_requested: "gpt-3.5",
    model: "openai/gpt-3.5-turbo",
    provider: "sandbox",
    upstream_id: null,
    streamed: 0,
    cancelled: 0,
    status: 200,
    error_code: null,
    finish_reason: "stop",
    native_finish_reason: "stop",
    prompt_tokens: 10,
    completion_tokens: 20,
    reasoning_tokens: 0,
    cached_tokens: 0,
    tokens_estimated: 0,
    cost_nano: 1_500n,
    price_version: "2026-11-01",
    latency_ms: 120,
    first_token_ms: 40,
    app_referer: null,
    app_title: null,
    user_agent: null,
    attempts: "[]",
    provider_slug: "sandbox",
    session_id: null,
    external_user: null,
    service_tier: null,
    origin: null,
    app_categories: null,
    generation_time_ms: 110,
    cache_write_tokens: 0,
    image_completion_tokens: 0,
    media_prompt: 0,
    audio_prompt: 0,
    media_completion: 0,
    upstream_cost_nano: null,
    cache_discount_nano: null,
    billed_parts: null,
    settled_as: null,
    response_cache_source_id: null,
    preset_id: null,
    router: null,
    loss_nano: 0n,
    ...changes,
  };
}

/** Every value of every table, bytes as text too. */
export async function everythingStored(place: StorageOptions): Promise<string> {
  const { db, close } = await openStorage(place);
  let text = "";
  for (const { name } of await db.introspection.getTables()) {
    for (const row of await db
      .selectFrom(name as "user")
      .selectAll()
      .execute()) {
      for (const value of Object.values(row)) {
        text += value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value);
      }
    }
  }
  await close();
  return text;
}
