import { expect, test } from "bun:test";
import { sql } from "kysely";
import { eachEngine } from "../../../test/support/databases.ts";
import { generations } from "./0003-generations.ts";

eachEngine((databases) => {
  test("a database of the release before keeps its rows, and its activity begins with what they hold", async () => {
    const storage = await databases.open();
    // Back to where the migration began.
    await sql`drop table generation_feedback`.execute(storage.db);
    await sql`drop table generation_payload`.execute(storage.db);
    for (const column of ADDED) await sql`alter table usage drop column ${sql.ref(column)}`.execute(storage.db);
    const row = (id: string, more: { model: string | null; status: number; cost: number | null; cancelled?: number }) =>
      sql`insert into usage (id, request_id, created_at, user_id, key_id, api_type, model_requested, model, provider,
        streamed, cancelled, status, prompt_tokens, completion_tokens, reasoning_tokens, cached_tokens, tokens_estimated,
        cost_nano, latency_ms, attempts)
        values (${id}, 'req', ${20_000 * 86_400_000 + 5}, 'user_1', 'key_1', 'chat', 'm', ${more.model}, ${more.model && "Acme"},
        0, ${more.cancelled ?? 0}, ${more.status}, 10, 20, 5, 0, 0, ${more.cost}, 9, '[]')`.execute(storage.db);
    await row("a", { model: "acme/m", status: 200, cost: 7 });
    await row("b", { model: "acme/m", status: 499, cancelled: 1, cost: null });
    await row("c", { model: "acme/m", status: 502, cost: 0 });
    await row("d", { model: null, status: 400, cost: 0 });

    const { db } = storage;
    await generations(storage.engine).up(db);
    expect((await sql`select * from activity_day`.execute(db)).rows).toEqual([
      {
        user_id: "user_1",
        day: 20_000,
        key_id: "key_1",
        model: "acme/m",
        provider: "Acme",
        provider_slug: "acme",
        requests: 2,
        unpriced: 1,
        prompt_tokens: 20,
        completion_tokens: 40,
        reasoning_tokens: 10,
        cost_nano: 7n,
      },
    ]);
    const kept = await db.selectFrom("usage").select(["id", "media_prompt", "session_id"]).orderBy("id").execute();
    expect(kept).toEqual(["a", "b", "c", "d"].map((id) => ({ id, media_prompt: 0, session_id: null })));
  });
});

const ADDED = [
  "provider_slug",
  "session_id",
  "external_user",
  "service_tier",
  "origin",
  "app_categories",
  "generation_time_ms",
  "upstream_cost_nano",
  "cache_discount_nano",
  "cache_write_tokens",
  "image_completion_tokens",
  "media_prompt",
  "audio_prompt",
  "media_completion",
];
